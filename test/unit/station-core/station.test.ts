import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLog } from '../../../station-core/audit/verify.ts';
import { clearValuesIn } from '../../suites/entries.ts';
import { TestStation } from '../../suites/station.ts';

let test1: TestStation;
beforeAll(async () => {
  test1 = await TestStation.open();
});
afterAll(() => test1.close());

test('a unit of a group passes, and the cloud needs no write for it', async () => {
  const { labels } = await test1.order('symmetric-group', 1);
  const requests = test1.emulator.requests().length;
  const run = await test1.scan(1, labels[0] ?? '');
  expect(run).toMatchObject({
    outcome: 'passed',
    serial: labels[0],
    facts: { proven: true, source: 'derived', again: false },
  });
  expect(run.steps.map((step) => [step.name, step.state])).toEqual(
    ['greet', 'identify', 'provision', 'prepare', 'release', 'prove'].map((name) => [name, 'ended']),
  );
  await test1.as('lead', 'sync.run', {});
  const writes = test1.emulator
    .requests()
    .slice(requests)
    .filter(({ method }) => method === 'PUT' || method === 'POST');
  expect(writes).toEqual([]);
});

test('a unit of its own is enrolled with both keys, and its secret is destroyed with the receipt', async () => {
  const { labels } = await test1.order('symmetric-individual', 3);
  for (const label of labels) expect((await test1.scan(1, label)).outcome).toBe('passed');
  expect(await test1.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, leased: 0, parked: 0 });
  const { db } = test1.station.records;
  const kept = db.prepare<[], { n: number }>(
    `SELECT count(*) AS n FROM credential WHERE source = 'random' AND (sealed IS NOT NULL OR state <> 'destroyed')`,
  );
  expect(kept.get()?.n).toBe(0);
});

test('a label on the wrong unit fails the unit, names both serials, and releases nothing', async () => {
  const { labels } = await test1.order('symmetric-group', 1, () => true);
  const run = await test1.scan(2, labels[0] ?? '');
  expect(run).toMatchObject({
    outcome: 'failed',
    error: { code: 'unit.serial-mismatch', details: { serial: labels[0] } },
  });
  const released = test1.entries().filter((entry) => entry.run === run.id && entry.action === 'credential.released');
  expect(released).toEqual([]);
});

test('a finished serial is refused, saying when it was made', async () => {
  const { labels } = await test1.order('symmetric-group', 1);
  await test1.scan(1, labels[0] ?? '');
  await expect(test1.scan(1, labels[0] ?? '')).rejects.toMatchObject({ code: 'unit.finished' });
});

test('one unit is not made on two lanes at once', async () => {
  const { labels } = await test1.order('symmetric-group', 1);
  const serial = labels[0];
  const starts = await Promise.allSettled([1, 2].map((lane) => test1.as('technician', 'run.start', { lane, serial })));
  await test1.station.lanes.idle();
  expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('an order whose group key is not the one in the cloud is not armed', async () => {
  const { attestation, ...recipe } = await groupRecipe();
  const wrong = { ...recipe, name: 'wrong', attestation: { ...attestation, group: 'another-group' } };
  await test1.as('lead', 'orders.create', {
    name: 'wrong',
    recipe: wrong,
    units: [{ serial: 'W-1', mac: '02:00:00:00:00:01' }],
  });
  await expect(test1.as('lead', 'orders.arm', { order: 'wrong' })).rejects.toMatchObject({ code: 'cloud.no-group' });
  await expect(test1.scan(1, 'W-1')).rejects.toMatchObject({ code: 'order.not-armed' });
  const { client } = test1.station.parts;
  const keys = { primary: Buffer.alloc(32, 7), secondary: Buffer.alloc(32, 7) };
  await client?.putEmulatedGroup('another-group', keys, undefined, AbortSignal.timeout(5_000));
  await expect(test1.as('lead', 'orders.arm', { order: 'wrong' })).rejects.toMatchObject({ code: 'order.key-differs' });
  expect(await test1.as('lead', 'orders.arm', { order: 'wrong', accept: true })).toMatchObject({ armed: 'accepted' });
});

test('the audit trail tells every act and every refusal, holds, and names nobody in clear', async () => {
  const entries = test1.entries();
  const actions = new Set(entries.map((entry) => entry.action));
  for (const action of [
    'station.founded',
    'key.import-done',
    'approval.used',
    'order.armed',
    'run.opened',
    'credential.released',
    'run.closed',
    'upload.received',
    'call.refused',
  ]) {
    expect([...actions]).toContain(action);
  }
  const text = JSON.stringify(entries);
  for (const clear of ['Tess', 'Lee Lead', 'P1-0001', 'sn-p1-0001']) expect(text).not.toContain(clear);
  expect(clearValuesIn(test1.station.records.db)).toEqual([]);
  expect(await verifyLog(test1.station.records.db)).toMatchObject({ ok: true, entries: entries.length });
});

test('nothing happened that nobody foresaw', () => {
  expect(test1.log.incidents).toEqual([]);
});

async function groupRecipe() {
  const { records } = test1.station;
  const order = records.units.orders().find(({ recipe }) => recipe === 'symmetric-group');
  return records.units.recipeOf(order?.id ?? 0);
}
