import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clientOf, TestStation } from '../../../suites/station.ts';

// Against the emulator over TLS.

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
});
afterAll(() => line.close());
beforeEach(() => {
  line.emulator.switches.offline = false;
});

const make = async (units: number) => {
  const { labels } = await line.order('symmetric-individual', units);
  const runs = [];
  for (const label of labels) runs.push(await line.scan(1, label));
  return runs.map(({ registrationId }) => registrationId);
};
const sync = () => line.as('lead', 'sync.run', {});
const signal = () => AbortSignal.timeout(10_000);

test('units pass while the cloud is away, and are enrolled in bulk calls when it is back', async () => {
  line.emulator.switches.offline = true;
  const ids = await make(12);
  expect(await sync()).toMatchObject({ queued: 12 });
  line.emulator.switches.offline = false;
  const before = line.emulator.requests().length;
  expect(await sync()).toMatchObject({ queued: 0, parked: 0 });
  const bulk = line.emulator
    .requests()
    .slice(before)
    .filter(({ method, path }) => method === 'POST' && /^\/enrollments\/?$/.test(path));
  expect(bulk.length).toBe(2);
  for (const id of ids)
    expect(await line.station.parts.client?.getEnrollment(id, signal())).toMatchObject({ registrationId: id });
});

test('a reply that was lost after the service acted is recognised, keys included, and not sent twice', async () => {
  await line.station.pump.run();
  line.emulator.switches.offline = true;
  await make(1);
  await sync();
  line.emulator.switches.offline = false;
  line.emulator.switches.loseReplies = 1;
  expect(await sync()).toMatchObject({ queued: 1 });
  expect(await sync()).toMatchObject({ queued: 0, parked: 0 });
  const receipts = line.station.records.db
    .prepare<[], { receipt: string }>('SELECT receipt FROM outbox ORDER BY id DESC LIMIT 1')
    .get();
  expect(JSON.parse(receipts?.receipt ?? '{}')).toMatchObject({ answer: 'existing' });
});

test("somebody else's entry under the same ID is parked and never overwritten", async () => {
  line.emulator.switches.offline = true;
  const [id = ''] = await make(1);
  await sync();
  line.emulator.switches.offline = false;
  const owner = clientOf(line.emulator);
  const foreign = { registrationId: id, attestation: { type: 'symmetricKey' } };
  const { etag } = await owner.putEnrollment(id, foreign, undefined, signal());
  expect(await sync()).toMatchObject({ queued: 0, parked: 1 });
  expect(await line.as('lead', 'sync.parked', {})).toMatchObject([
    { registrationId: id, reason: { code: 'cloud.different', details: { what: 'keys' } } },
  ]);
  expect(await owner.getEnrollment(id, signal())).toMatchObject({ etag });
  owner.close();
});

test("the service's own waiting time is obeyed", async () => {
  line.emulator.switches.offline = true;
  await make(1);
  await sync();
  line.emulator.switches.offline = false;
  line.emulator.switches.failNext = { count: 1, status: 429, retryAfterSeconds: 77 };
  await sync();
  const { state, until = '' } = line.station.pump.state;
  expect(state).toBe('waiting');
  expect(Date.parse(until) - Date.now()).toBeGreaterThan(60_000);
  expect(await sync()).toMatchObject({ queued: 0 });
});

test('production refuses a service that names itself as the emulator', async () => {
  const client = clientOf(line.emulator, line.emulator.connectionString, 'production');
  await expect(client.getEnrollment('any', signal())).rejects.toMatchObject({ code: 'station.mode' });
  client.close();
});

test('a row whose sealed secret was damaged is parked, and the others of its call are sent', async () => {
  await sync();
  line.emulator.switches.offline = true;
  const ids = await make(3);
  await sync();
  const { db, outbox } = line.station.records;
  const credential = db
    .prepare<[], { credential: number }>(`SELECT credential FROM outbox WHERE state = 'queued' ORDER BY id LIMIT 1`)
    .get();
  db.prepare(`UPDATE credential SET sealed = zeroblob(length(sealed)) WHERE id = ?`).run(credential?.credential);
  line.emulator.switches.offline = false;
  const parked = outbox.backlog().parked;
  expect(await sync()).toMatchObject({ queued: 0, parked: parked + 1 });
  expect((await line.as('lead', 'sync.parked', {})).at(-1)).toMatchObject({
    registrationId: ids[0],
    reason: { code: 'hsm.unsealable' },
  });
  for (const id of ids.slice(1))
    expect(await line.station.parts.client?.getEnrollment(id, signal())).toMatchObject({ registrationId: id });
});

test('rows that were on their way when the disk refused are sent again once it takes writes', async () => {
  line.emulator.switches.offline = true;
  await make(2);
  await sync();
  line.emulator.switches.offline = false;
  const { db, outbox, commits } = line.station.records;
  // The claim is durable, the receipt is not: the disk is full from the moment at which the rows leave.
  const { client } = line.station.parts;
  const bulk = client?.bulk.bind(client);
  if (!client || !bulk) throw new TypeError('no client');
  client.bulk = async (...args) => {
    db.pragma('query_only = ON');
    return bulk(...args);
  };
  await sync();
  expect(line.station.pump.state).toMatchObject({ error: { code: 'store.failed' } });
  expect(outbox.backlog().leased).toBe(2);
  client.bulk = bulk;
  db.pragma('query_only = OFF');
  await commits.commit(() => undefined);
  expect(await sync()).toMatchObject({ queued: 0, leased: 0 });
  const last = db
    .prepare<[], { receipt: string }>(`SELECT receipt FROM outbox WHERE state = 'done' ORDER BY id DESC LIMIT 1`)
    .get();
  expect(JSON.parse(last?.receipt ?? '{}')).toMatchObject({ answer: 'existing' });
});

test('nothing happened that nobody foresaw', () => {
  expect(line.log.incidents).toEqual([]);
});
