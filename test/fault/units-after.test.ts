import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { verifyLog } from '../../station-core/audit/verify.ts';
import { agrees } from '../../station-core/contract/reconcile.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { openStation } from '../../station-core/open-station.ts';
import { actor, practiceConfig, prepareFolder } from '../../station-core/practice.ts';
import type { Station } from '../../station-core/station.ts';
import { abortAtRelease } from '../suites/released.ts';
import { long, testSeed } from '../suites/seed.ts';
import { TestStation } from '../suites/station.ts';
import { temporaryFolder } from '../suites/temporary.ts';
import { endAll, walk, walkedUnits } from '../suites/unit-walk.ts';

// Whatever becomes of units in whatever order, and wherever the station dies: every credential comes to one end, and the cloud agrees.

const acts = long ? 3_000 : 150;
const kills = long ? 60 : 4;

const damageIn = async (folder: string) => (await fsck(folder)).filter(({ kind }) => kind === 'damage');

/** How many credentials came to no end, by what the station lists. */
async function openUnits(station: Station): Promise<string[]> {
  const { rows } = await station.call('unit.open', { limit: 500 }, { actor: actor(station, 'lead') });
  return rows.map(({ serial, standing }) => `${serial} ${standing}`);
}

test(`${acts} random acts with units of every kind: each credential has one end at last, and the cloud agrees`, {
  timeout: 120_000 + acts * 1_000,
}, async () => {
  const seed = testSeed('units-after');
  const random = seeded(seed);
  const line = await TestStation.open({ lanes: 1 });
  line.emulator.switches.retryAfterSeconds = 0;
  const all: string[] = [];
  let serials: readonly string[] = [];
  const done = new Map<string, number>();
  for (let n = 0; n < acts; n++) {
    if (n % 150 === 0) {
      line.emulator.switches.offline = false;
      serials = await walkedUnits(line.station, 3);
      all.push(...serials);
    }
    line.emulator.switches.offline = random() < 0.4;
    const stop = random() < 0.1 ? abortAtRelease(line) : () => undefined;
    const act = await walk(line.station, serials, random);
    stop();
    done.set(act, (done.get(act) ?? 0) + 1);
    if (n % 50 === 49) expect({ seed, n, damage: await damageIn(line.folder) }).toEqual({ seed, n, damage: [] });
  }
  line.emulator.switches.offline = false;
  await line.as('lead', 'sync.run', {});
  const { shipped, scrapped } = await endAll(line.station, all);
  const backlog = await line.as('lead', 'sync.run', {});
  const parked = (await line.as('lead', 'sync.parked', {})).map(({ action, reason }) => `${action} ${reason.code}`);
  const reconciled = await line.as('lead', 'sync.reconcile', {});
  const open = await openUnits(line.station);
  process.stderr.write(
    `units-after: seed ${seed}: ${shipped.length} shipped, ${scrapped.length} not; ${JSON.stringify(Object.fromEntries(done))}\n`,
  );
  await line.stop();
  const findings = await fsck(line.folder);
  await line.start();
  await line.close();
  const found = { backlog, parked, agrees: agrees(reconciled), open, findings };
  expect({ seed, ...found }).toMatchObject({
    seed,
    backlog: { queued: 0, leased: 0, parked: 0 },
    parked: [],
    agrees: true,
    open: [],
    findings: [],
  });
});

/** Lets units live on until it is killed, so many milliseconds after it was ready; answers whether it was killed. */
function walkFor(ms: number, folder: string, seed: number, serials: readonly string[]): Promise<boolean> {
  const program = join(import.meta.dirname, '..', 'suites', 'walking.main.ts');
  const child = spawn(process.execPath, [program, folder, String(seed), ...serials], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), ms));
  return new Promise((resolve) => child.once('close', (_, signal) => resolve(signal === 'SIGKILL')));
}

test(`killed ${kills} times between any two commits, the next start closes what was open and no credential is left without its end`, {
  timeout: 120_000 + kills * 60_000,
}, async () => {
  const seed = testSeed('units-after-kill');
  const random = seeded(seed);
  const folder = temporaryFolder();
  prepareFolder(folder, practiceConfig(1).lanes.length);
  const first = await openStation(folder, {}, 'test');
  const serials = await walkedUnits(first.station, 2);
  await first.close();
  for (let n = 0; n < kills; n++) {
    const killed = await walkFor(Math.floor(random() * 1_500), folder, Math.floor(random() * 2 ** 32), serials);
    expect({ seed, n, killed, damage: await damageIn(folder) }).toEqual({ seed, n, killed: true, damage: [] });
    const { station, close } = await openStation(folder, {}, 'test');
    expect({ seed, n, audit: await verifyLog(station.records.db) }).toMatchObject({ audit: { ok: true } });
    await close();
    expect({ seed, n, findings: await fsck(folder) }).toEqual({ seed, n, findings: [] });
  }
  const { station, close } = await openStation(folder, {}, 'test');
  const lead = { actor: actor(station, 'lead') };
  await station.call('sync.run', {}, lead);
  await endAll(station, serials);
  const backlog = await station.call('sync.run', {}, lead);
  const open = await openUnits(station);
  const reconciled = await station.call('sync.reconcile', {}, lead);
  await close();
  const found = { backlog, open, agrees: agrees(reconciled), findings: await fsck(folder) };
  const none = { queued: 0, leased: 0, parked: 0 };
  expect({ seed, ...found }).toMatchObject({ seed, backlog: none, open: [], agrees: true, findings: [] });
});
