import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatedHub, startHub } from '../../drivers/simulated/hub/hub.ts';
import type { Switches } from '../../drivers/simulated/hub/switches.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { makeOrder, recipeOf, unitOf } from '../../station-core/practice.ts';
import type { HubClient } from '../../station-core/sync/hub/client.ts';
import { hubClientOf, registryOf, without } from '../suites/hub.ts';
import { TestStation } from '../suites/station.ts';

// A line whose units go into a hub's own registry, through everything that a network and a busy hub do.

const count = 250;
const lanes = 4;
const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
let hub: SimulatedHub;
let client: HubClient;
let line: TestStation;

beforeAll(async () => {
  hub = await startHub({ folder, switches: without });
  client = hubClientOf(hub);
  line = await TestStation.open({ lanes, parts: { hub: client } });
});
afterAll(async () => {
  await line.close();
  client.close();
  await hub.close();
  rmSync(folder, { recursive: true });
});

/** Makes all units of an order, several lanes at a time; answers their registration IDs. */
async function makeAll(labels: readonly string[]): Promise<string[]> {
  const left = labels.values();
  const ids: string[] = [];
  const work = async (lane: number) => {
    for (const label of left) ids.push((await line.scan(lane, label)).registrationId);
  };
  await Promise.all(Array.from({ length: lanes }, (_, index) => work(index + 1)));
  return ids;
}

/** The registration ID that the practice line's recipe gives. */
const idOf = (label: string): string => `sn-${label}-mac-${unitOf(label).mac.replaceAll(':', '-')}`.toLowerCase();

const sync = () => line.as('lead', 'sync.run', {});

/** SHA-256 of each unit's key by its ID: what is left of a key once the hub has it. */
function fingerprints(): ReadonlyMap<string, string> {
  const rows = line.station.records.db
    .prepare<[], { id: string; fingerprint: Buffer }>(
      `SELECT d.value AS id, c.fingerprint FROM unit JOIN disclosure d ON d.id = unit.registration
       JOIN credential c ON c.unit = unit.id`,
    )
    .all();
  return new Map(rows.map(({ id, fingerprint }) => [id, fingerprint.toString('hex')]));
}

test('250 units, foreign devices among them, lost replies, 429 and 5xx: what is there is what was made, and nobody else’s is touched', async () => {
  const registry = registryOf(hub);
  const { labels } = await makeOrder(line.station, await recipeOf(line.station, 'hub'), count);
  const foreign = labels.slice(0, 12).map(idOf);
  for (const deviceId of foreign) await registry.create({ deviceId });
  const before = new Map(
    await Promise.all(foreign.map(async (id) => [id, (await registry.get(id)).responseBody] as const)),
  );
  hub.switches.offline = true;
  const ids = await makeAll(labels);
  expect(new Set(ids).size).toBe(count);
  expect(await sync()).toMatchObject({ queued: count, parked: 0 });
  // Its own look for the network would begin to send before the faults are set.
  await line.stop();
  hub.switches.offline = false;
  Object.assign(hub.switches, { failNext: { count: 1, status: 503 } });
  await line.start();

  // One fault before each round: the first call of the round meets it.
  const storm: readonly Partial<Switches>[] = [
    { failNext: { count: 1, status: 429, retryAfterSeconds: 1 } },
    { loseReplies: 1 },
    { failNext: { count: 1, status: 503 } },
    { failNext: { count: 1, status: 200, body: '<html>' }, bulkFailure: 200 },
    { loseReplies: 1, errorCodes: 'numbers' },
    { failNext: { count: 1, status: 400, body: '{"Message":"ErrorCode:ArgumentInvalid;"}' } },
  ];
  let backlog = line.station.records.outbox.backlog();
  for (let round = 0; backlog.queued > 0 && round < 20; round += 1) {
    Object.assign(hub.switches, storm[round]);
    backlog = await sync();
  }
  const statuses = new Set(hub.requests().map(({ status }) => status));
  expect([...statuses]).toEqual(expect.arrayContaining(['dropped', 429, 503, 400]));
  expect(backlog).toMatchObject({ queued: 0, leased: 0, parked: foreign.length, done: count - foreign.length });

  const { responseBody: there } = await registry.list();
  expect(there.map(({ deviceId }) => deviceId).toSorted()).toEqual(ids.toSorted());
  const known = fingerprints();
  for (const { deviceId, authentication, etag } of there) {
    const theirs = before.get(deviceId);
    if (theirs) expect([deviceId, authentication, etag]).toEqual([deviceId, theirs.authentication, theirs.etag]);
    else {
      const key = Buffer.from(authentication?.symmetricKey?.primaryKey ?? '', 'base64');
      expect([deviceId, createHash('sha256').update(key).digest('hex')]).toEqual([deviceId, known.get(deviceId)]);
    }
  }
  const parked = await line.as('lead', 'sync.parked', {});
  expect(parked.map(({ registrationId }) => registrationId).toSorted()).toEqual(foreign.toSorted());
  expect(new Set(parked.map(({ reason }) => reason.code))).toEqual(new Set(['cloud.different']));
}, 120_000);

test('units were told the hub and no DPS, and the records agree with each other', async () => {
  const [run] = line.station.records.db.prepare<[], { id: number }>('SELECT min(id) AS id FROM run').all();
  const { facts } = await line.as('technician', 'run.show', { run: run?.id ?? 0 });
  expect(facts).toMatchObject({ idScope: 'none', endpoint: hub.host });
  expect((await fsck(line.folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);
  expect(line.log.incidents).toEqual([]);
});
