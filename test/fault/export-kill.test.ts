import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { openStation } from '../../station-core/open-station.ts';
import { prepareFolder } from '../../station-core/practice.ts';
import { openStore } from '../../station-core/store/open.ts';
import { top } from '../rules/sources.ts';
import { birthmark } from '../suites/birthmark.ts';
import { Exported } from '../suites/exported.ts';
import { long, testSeed } from '../suites/seed.ts';
import { temporaryFolder } from '../suites/temporary.ts';

const kills = long ? 100 : 5;

/** `birthmark audit export` with its own process, killed after so many milliseconds. */
async function killed(folder: string, out: string, afterMs: number): Promise<void> {
  const args = ['audit', 'export', '--station', folder, '--format', 'tiles', '--out', out];
  const child = spawn(process.execPath, [join(top, 'station-core', 'cli.main.ts'), ...args], { stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  await once(child, 'close');
  clearTimeout(timer);
}

test(`an export that is killed ${kills} times is never half there under its name`, {
  timeout: kills * 20_000,
}, async () => {
  const from = testSeed('export-kill');
  const random = seeded(from);
  const folder = join(temporaryFolder(), 'station');
  mkdirSync(folder);
  prepareFolder(folder, 1);
  const { station, close } = await openStation(folder, {}, 'a test');
  // Enough of them that writing takes longer than starting the program.
  for (let n = 0; n < 40; n++) {
    await station.records.commits.commit(() => {
      for (let entry = 0; entry < 500; entry++)
        station.audit.append({ action: 'sync.asked', result: 'ok', details: { entry } });
    });
  }
  await close();
  let whole = 0;
  for (let kill = 0; kill < kills; kill++) {
    const out = join(folder, '..', `out-${kill}`);
    await killed(folder, out, 300 + random() * 6_000);
    if (!existsSync(out)) continue;
    whole++;
    expect({ from, wrong: new Exported(out).wrong() }).toEqual({ from, wrong: [] });
  }
  process.stdout.write(`${whole} of ${kills} were whole before they were killed\n`);
  // The next start removes what was begun; exports that were finished and not yet moved stay with the station.
  await (await openStation(folder, {}, 'a test')).close();
  const left = existsSync(join(folder, 'exports')) ? readdirSync(join(folder, 'exports')) : [];
  expect(left.filter((name) => name.startsWith('.part-'))).toEqual([]);
  for (const name of left) expect(new Exported(join(folder, 'exports', name)).wrong()).toEqual([]);
  const out = join(folder, '..', 'out');
  expect(await birthmark(['audit', 'export', '--station', folder, '--format', 'jsonl', '--out', out])).toMatchObject({
    code: 0,
  });
  const db = openStore(folder, 'reader');
  const named = db
    .prepare<[], number>(`SELECT count(*) FROM audit_entry WHERE bytes LIKE '{"action":"audit.exported"%'`)
    .pluck()
    .get();
  db.close();
  expect(named).toBeGreaterThanOrEqual(whole + 1);
});
