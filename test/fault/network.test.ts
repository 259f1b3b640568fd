import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestStation } from '../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 4 });
});
afterAll(() => line.close());

const bulkCalls = () =>
  line.emulator.requests().filter(({ method, path }) => method === 'POST' && /^\/enrollments\/?$/i.test(path));

test('25 units pass without a network; when it is back they are enrolled by themselves, ten at a time, none twice', async () => {
  const { labels } = await line.order('symmetric-individual', 25);
  line.emulator.switches.offline = true;
  const queue = labels.values();
  const work = async (lane: number) => {
    for (const label of queue) expect((await line.scan(lane, label)).outcome).toBe('passed');
  };
  await Promise.all([1, 2, 3, 4].map(work));
  const { records, pump } = line.station;
  await expect.poll(() => pump.state).toMatchObject({ state: 'waiting', error: { code: 'cloud.unreachable' } });
  expect(records.outbox.backlog()).toEqual({ queued: 25, leased: 0, parked: 0, done: 0 });
  const before = bulkCalls().length;
  line.emulator.switches.offline = false;
  // Nobody asks for it: the station notices the network itself.
  await expect
    .poll(() => records.outbox.backlog(), { timeout: 30_000 })
    .toEqual({ queued: 0, leased: 0, parked: 0, done: 25 });
  expect(bulkCalls().slice(before).length).toBe(3);
  const enrolled: string[] = [];
  for await (const page of line.station.parts.client?.query(10, AbortSignal.timeout(10_000)) ?? []) {
    enrolled.push(...page.map(({ registrationId }) => registrationId));
  }
  expect(new Set(enrolled).size).toBe(25);
  expect(enrolled.length).toBe(25);
  const receipts = records.db
    .prepare<[], { receipt: string }>(`SELECT receipt FROM outbox WHERE action = 'create'`)
    .all();
  expect(receipts.map(({ receipt }) => JSON.parse(receipt).answer)).toEqual(
    Array.from({ length: 25 }, () => 'created'),
  );
});

test('units that are made while the network is away do not put off the look for it', async () => {
  const { labels } = await line.order('symmetric-individual', 60);
  line.emulator.switches.offline = true;
  const [first = '', ...rest] = labels;
  await line.scan(1, first);
  await expect.poll(() => line.station.pump.state.state).toBe('waiting');
  const { done } = line.station.records.outbox.backlog();
  line.emulator.switches.offline = false;
  // A unit every half second, more often than the station looks for the network, until the first was sent.
  const isSent = () => line.station.records.outbox.backlog().done > done;
  for (const label of rest) {
    if (isSent()) break;
    expect((await line.scan(1, label)).outcome).toBe('passed');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(isSent()).toBe(true);
});

test('nothing happened that nobody foresaw', () => {
  expect(line.log.incidents).toEqual([]);
});
