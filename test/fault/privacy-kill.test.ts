import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { verifyLog } from '../../station-core/audit/verify.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { openStation } from '../../station-core/open-station.ts';
import { actor, makeOrder, practiceConfig, prepareFolder, recipeOf } from '../../station-core/practice.ts';
import { readLedger } from '../../station-core/privacy/ledger.ts';
import { openStore } from '../../station-core/store/open.ts';
import { long, testSeed } from '../suites/seed.ts';
import { temporaryFolder } from '../suites/temporary.ts';
import { tracesOf } from '../suites/traces.ts';

// A station is killed while it erases, again and again: after its next start each unit is there as a whole, or nowhere in its bytes.

const kills = long ? 60 : 4;

/** Makes finished units that the cloud knows. */
async function made(folder: string, units: number): Promise<string[]> {
  prepareFolder(folder, practiceConfig(2).lanes.length);
  const { station, close } = await openStation(folder, {}, 'test');
  try {
    const { order, labels } = await makeOrder(station, await recipeOf(station, 'symmetric-individual'), units);
    for (const serial of labels) {
      await station.call('run.start', { lane: 1, serial, order: order.name }, { actor: actor(station, 'technician') });
      await station.lanes.ended(1);
    }
    await station.call('sync.run', {}, { actor: actor(station, 'technician') });
    return [...labels];
  } finally {
    await close();
  }
}

/** Erases until it is killed, so many milliseconds after it was ready, or had erased a unit. */
async function eraseFor(ms: number, after: 'ready' | 'erased', folder: string, serials: readonly string[]) {
  const program = join(import.meta.dirname, '..', 'suites', 'erasing.main.ts');
  const child = spawn(process.execPath, [program, folder, ...serials], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  for await (const line of createInterface(child.stdout)) {
    if (line === after) setTimeout(() => child.kill('SIGKILL'), ms);
  }
  await closed;
}

/** Serials that are still known; each erased one is in the ledger, and each line of the ledger was done. */
function known(folder: string): string[] {
  const db = openStore(folder, 'reader');
  try {
    const left = db.prepare<[string], number>(
      'SELECT count(*) FROM disclosure WHERE value IS NOT NULL AND commitment IN (SELECT value FROM json_each(?))',
    );
    const commitments = readLedger(folder).map(({ commitment }) => commitment);
    expect(left.pluck().get(JSON.stringify(commitments))).toBe(0);
    return db
      .prepare<[], string>(`SELECT value FROM disclosure WHERE label = 'serial' AND value IS NOT NULL`)
      .pluck()
      .all();
  } finally {
    db.close();
  }
}

test(`an erasure killed ${kills} times is done by the next start, or was not begun`, {
  timeout: 60_000 + kills * 30_000,
}, async () => {
  const seed = testSeed('privacy-kill');
  const random = seeded(seed);
  const folder = temporaryFolder();
  const serials = await made(folder, kills * 6);
  let left = serials;
  for (let n = 0; n < kills && left.length > 0; n++) {
    // On a slow machine nothing may be erased so soon after a start; each other time, something was.
    await eraseFor(Math.floor(random() * 150), n % 2 === 0 ? 'ready' : 'erased', folder, left);
    const { station, close } = await openStation(folder, {}, 'test');
    await station.erasures.scrubLeft();
    expect({ seed, n, audit: await verifyLog(station.records.db) }).toMatchObject({ audit: { ok: true } });
    await close();
    left = known(folder);
    expect({ seed, n, findings: await fsck(folder) }).toEqual({ seed, n, findings: [] });
    const gone = serials.filter((serial) => !left.includes(serial));
    expect({ seed, n, traces: tracesOf(folder, gone) }).toEqual({ seed, n, traces: [] });
  }
  expect(readFileSync(join(folder, 'station.db')).length).toBeGreaterThan(0);
  expect(left.length).toBeLessThan(serials.length);
});
