import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../drivers/simulated/dps/emulator.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { openStore } from '../../station-core/store/open.ts';
import { openRecords } from '../../station-core/store/records.ts';
import { receivedOf, remoteOf, wanted } from '../suites/remote.ts';
import { long, testSeed } from '../suites/seed.ts';
import { temporaryFolder } from '../suites/temporary.ts';
import { queueUnits } from '../suites/uploading.ts';

const kills = long ? 100 : 10;
const perRound = 60;

/** A pump's process on the folder; answers when it has ended: by itself, with nothing left, or killed after `killMs`. */
async function pumping(folder: string, emulator: Emulator, killMs?: number): Promise<'empty' | 'killed'> {
  const program = join(import.meta.dirname, '..', 'suites', 'uploading.main.ts');
  const child = spawn(process.execPath, [
    ...[program, join(folder, 'station'), String(emulator.port)],
    ...[emulator.caFile, join(folder, 'connection.txt')],
  ]);
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => process.stderr.write(bytes));
  const timer = killMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killMs);
  await once(child, 'close');
  clearTimeout(timer);
  return said.includes('empty') ? 'empty' : 'killed';
}

test(`a pump that is killed ${kills} times, over a service that fails and loses replies, sends everything once`, {
  timeout: kills * 30_000,
}, async () => {
  const from = testSeed('pump-kill');
  const random = seeded(from);
  const folder = temporaryFolder();
  for (const name of ['station', 'dps']) mkdirSync(join(folder, name));
  const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };
  const emulator = await startEmulator({ folder: join(folder, 'dps'), switches: { throttle, latencyMs: 15 } });
  writeFileSync(join(folder, 'connection.txt'), emulator.connectionString, { mode: 0o600 });
  const ids: string[] = [];
  let struck = 0;
  try {
    while (struck < kills) {
      const more = Array.from({ length: perRound }, (_, index) => `unit-${ids.length + index}`);
      const db = openStore(join(folder, 'station'), 'owner');
      await queueUnits(openRecords(db), more);
      db.close();
      ids.push(...more);
      emulator.switches.loseReplies = Math.floor(random() * 4);
      emulator.switches.failNext = { count: Math.floor(random() * 3), status: random() < 0.5 ? 503 : 429 };
      if ((await pumping(folder, emulator, 150 + random() * 500)) === 'killed') struck++;
    }
    expect({ from, end: await pumping(folder, emulator) }).toEqual({ from, end: 'empty' });
    const db = openStore(join(folder, 'station'), 'reader');
    const records = openRecords(db);
    expect({ from, backlog: records.outbox.backlog() }).toEqual({
      from,
      backlog: { queued: 0, leased: 0, parked: 0, done: ids.length },
    });
    expect(receivedOf(records).sort()).toEqual([...ids].sort());
    db.close();
    emulator.switches.latencyMs = 0;
    expect(await remoteOf(emulator)).toEqual(wanted(ids));
    process.stderr.write(`pump-kill: seed ${from}, ${struck} kills, ${ids.length} units\n`);
  } finally {
    await emulator.close();
  }
});
