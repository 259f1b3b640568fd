import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { long, testSeed } from '../suites/seed.ts';
import { batch, lost, unreleased } from '../suites/struck-batch.ts';
import { temporaryFolder } from '../suites/temporary.ts';

// Every system call by which the station writes its database fails once, or is the last thing that the station does: what
// it had acknowledged until then must be there, and the next start must finish the batch (SQLite's own tests do the same).

const points = long ? 150 : 6;
const units = 3;
const calls = 'pwrite64,fsync,fdatasync,ftruncate';
/** What happens at the call: the disk breaks, the disk is full, the process dies. */
const faults = ['error=EIO', 'error=ENOSPC', 'signal=SIGKILL'] as const;

/** strace on a station's database and its log alone; units and emulator write what they like. */
const strace = (folder: string, ...args: string[]) => [
  'strace',
  '-f',
  '-qq',
  '-P',
  join(folder, 'station.db'),
  '-P',
  join(folder, 'station.db-wal'),
  ...args,
];

test(`the disk refuses or the process dies at ${points} of the database's write calls: nothing acknowledged is lost`, {
  timeout: 3_600_000,
}, async () => {
  expect(spawnSync('strace', ['-V']).status).toBe(0);
  const from = testSeed('disk');
  const random = seeded(from);
  const home = temporaryFolder();
  const [founded, folder] = [join(home, 'founded'), join(home, 'station')];
  await batch(founded, { units: 1, lanes: 1 });

  const log = join(home, 'calls');
  const fresh = () => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(founded, folder, { recursive: true });
  };
  fresh();
  const counting = strace(folder, '-e', `trace=${calls}`, '-o', log);
  expect(await batch(folder, { units, lanes: 1, under: counting })).toMatchObject({ result: { failed: 0 } });
  const total = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /\((\d|<)/.test(line)).length;
  expect(total).toBeGreaterThan(50);

  let struck = 0;
  for (let point = 0; point < points; point++) {
    const when = 1 + Math.floor(random() * total);
    const fault = faults[point % faults.length] ?? faults[0];
    fresh();
    const inject = strace(folder, '-e', `trace=${calls}`, '-e', `inject=${calls}:${fault}:when=${when}`, '-o', log);
    const { events, result } = await batch(folder, { units, lanes: 1, under: inject });
    const told = { from, point, fault, when };
    if (!existsSync(join(folder, 'station.db'))) continue;
    if (/INJECTED|killed by/.test(readFileSync(log, 'utf8'))) struck++;
    expect({ ...told, lost: lost(folder, events), unreleased: unreleased(folder) }).toEqual({
      ...told,
      lost: [],
      unreleased: [],
    });
    const damage = (await fsck(folder)).filter(({ kind }) => kind === 'damage');
    expect({ ...told, damage }).toEqual({ ...told, damage: [] });
    // A batch that ended all the same may have left units behind that met the fault; the next start makes them.
    const again = await batch(folder, { units, lanes: 1 });
    expect({ ...told, result: again.result }).toMatchObject({
      ...told,
      result: { failed: 0, parked: 0, auditOk: true },
    });
    expect({ ...told, findings: await fsck(folder), before: result?.auditOk ?? true }).toEqual({
      ...told,
      findings: [],
      before: true,
    });
  }
  expect(struck).toBe(points);
  process.stderr.write(`disk: seed ${from}, ${struck} faults at ${total} write calls\n`);
});
