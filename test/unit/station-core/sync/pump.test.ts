import { expect, test } from 'vitest';
import { type ErrorData, StationError } from '../../../../station-core/contract/errors.ts';
import type { OutboxRow } from '../../../../station-core/store/outbox.ts';
import type { Fate } from '../../../../station-core/sync/targets/target.ts';
import { type Answers, all, HandClock, Pumped } from '../../../suites/pumped.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

const pumped = (answer: Answers, abreast?: number) => new Pumped(temporaryFolder(), answer, abreast);
const received: Answers = (rows) => all(rows, { done: '{}' });
const failed = { code: 'cloud.failed', details: { status: 500 } } as const satisfies ErrorData;

test('everything due is sent in calls of at most ten, and each row once', async () => {
  const one = pumped(received);
  await one.queue(25);
  expect(await one.pump.run()).toEqual({ queued: 0, leased: 0, parked: 0, done: 25 });
  expect(one.calls.map(({ length }) => length)).toEqual([10, 10, 5]);
});

test('one bad row never stops the rest: each row fares alone', async () => {
  const one = pumped((rows) => {
    const fates: Fate[] = [
      { done: '{}' },
      { park: { code: 'cloud.different', details: { what: 'keys' } } },
      { retry: failed },
    ];
    return new Map(rows.map(({ id }, index) => [id, fates[index % 3] as Fate]));
  });
  await one.queue(3);
  expect(await one.pump.run()).toEqual({ queued: 1, leased: 0, parked: 1, done: 1 });
  expect(one.recorded).toEqual(['1 done', '2 park']);
  expect(one.records.outbox.nextDue('dps')).toBeGreaterThanOrEqual(1_005_000);
  await one.pump.stop();
});

test('a network that is away holds the target and counts against no row, and draining begins by itself when it is back', async () => {
  const one = pumped(received);
  one.isAway.now = true;
  await one.queue(30);
  expect(await one.pump.run()).toEqual({ queued: 30, leased: 0, parked: 0, done: 0 });
  expect(one.calls.length).toBe(1);
  expect(one.pump.state).toMatchObject({ state: 'waiting', error: { code: 'cloud.unreachable' } });
  await one.pass(30 * 24 * 3_600);
  expect(one.attempts()).toEqual(Array(30).fill(0));
  one.isAway.now = false;
  await one.pass(4_000);
  expect(one.records.outbox.backlog()).toMatchObject({ done: 30, queued: 0 });
});

test('a refused station stops the target until a person asks again, also over a restart', async () => {
  const folder = temporaryFolder();
  const refuse: Answers = () => {
    throw new StationError('cloud.refused', { status: 401 });
  };
  const before = new Pumped(folder, refuse);
  await before.queue(1);
  await before.pump.run();
  expect(before.pump.state).toMatchObject({ state: 'stopped', error: { code: 'cloud.refused' } });
  before.pump.wake();
  await before.pump.stop();
  expect(before.calls.length).toBe(1);
  before.records.db.close();

  const after = new Pumped(folder, received);
  after.pump.wake();
  await after.settled();
  expect(after.pump.state).toMatchObject({ state: 'stopped', error: { code: 'cloud.refused' } });
  expect(after.calls).toEqual([]);
  expect(await after.pump.run()).toMatchObject({ done: 1 });
  await after.pump.stop();
});

test('a target that failed is left alone for as long after a restart as before it', async () => {
  const folder = temporaryFolder();
  const clock = new HandClock();
  const throttle: Answers = () => {
    throw new StationError('cloud.throttled', { seconds: 600 });
  };
  const before = new Pumped(folder, throttle, 1, clock);
  await before.queue(1);
  before.pump.wake();
  await before.settled();
  await before.pump.stop();
  before.records.db.close();

  clock.to(clock.now() + 300_000);
  const after = new Pumped(folder, received, 1, clock);
  after.pump.wake();
  await after.settled();
  expect(after.pump.state).toMatchObject({ state: 'waiting', error: { code: 'cloud.throttled' } });
  await after.pass(299_000);
  expect(after.calls.length).toBe(0);
  await after.pass(2_000);
  expect(after.records.outbox.backlog().done).toBe(1);
  await after.pump.stop();
});

test('several calls are on their way at a time, after the first one has come through', async () => {
  let open = 0;
  const most: number[] = [];
  const one = pumped(async (rows) => {
    most.push(++open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    open--;
    return all(rows, { done: '{}' });
  }, 8);
  await one.queue(400);
  expect(await one.pump.run()).toMatchObject({ done: 400, queued: 0 });
  expect(Math.max(...most)).toBe(8);
  expect(new Set(one.calls.flat()).size).toBe(400);
  expect(one.calls.length).toBe(40);
});

test('calls that fail together count as one failure, and one call alone finds out whether it is over', async () => {
  let away = true;
  const one = pumped(async (rows) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (away) throw new StationError('cloud.failed', { status: 503 });
    return all(rows, { done: '{}' });
  }, 8);
  await one.queue(200);
  one.pump.wake();
  await one.settled();
  expect(one.calls.length).toBeLessThanOrEqual(8);
  expect(one.records.holds.all().get('dps')?.failures).toBe(1);
  const before = one.calls.length;
  await one.pass(8_000);
  expect(one.calls.length).toBe(before + 1);
  expect(one.records.holds.all().get('dps')?.failures).toBe(2);
  away = false;
  await one.pass(60_000);
  expect(one.records.outbox.backlog()).toMatchObject({ done: 200, queued: 0 });
  expect(one.records.holds.all().size).toBe(0);
});

test.each([
  ['the service', 'cloud.failed', new StationError('cloud.failed', { status: 500 })],
  ['this program', 'internal', new TypeError('a fault of this program')],
])(
  'a row that makes %s fail is found, sent alone, and parked with the reason; all others come through',
  async (_, code, thrown) => {
    const poison = 7;
    const one = pumped((rows) => {
      if (rows.some(({ id }) => id === poison)) throw thrown;
      return all(rows, { done: '{}' });
    });
    await one.queue(60);
    one.pump.wake();
    for (let made = 0; made < 40; made++) {
      // The line goes on making units, which come through between the tries of the bad row.
      await one.queue(1, { registrationId: `later-${made}`, dueMs: one.clock.now() });
      one.pump.wake();
      await one.pass(20_000);
    }
    expect(one.records.outbox.backlog()).toEqual({ queued: 0, leased: 0, parked: 1, done: 99 });
    expect(one.records.outbox.parked(1)).toMatchObject([{ id: poison, reason: { code } }]);
    expect(one.calls.filter((ids) => ids.includes(poison)).at(-1)).toEqual([poison]);
  },
);

test('a storm parks nothing: while every call fails, no row is blamed', async () => {
  const one = pumped(() => {
    throw new StationError('cloud.failed', { status: 503 });
  });
  await one.queue(3);
  one.pump.wake();
  await one.pass(7 * 24 * 3_600_000);
  expect(one.calls.length).toBeGreaterThan(500);
  expect(one.records.outbox.backlog()).toEqual({ queued: 3, leased: 0, parked: 0, done: 0 });
  expect(one.attempts()).toEqual([1, 1, 1]);
  await one.pump.stop();
});

test('what a call had done when it broke off stands, and only the rest is sent again', async () => {
  const one = pumped((rows, call, { fates }) => {
    if (call > 1) return all(rows, { done: '{}' });
    for (const { id } of rows.slice(0, 4)) fates.set(id, { done: '{}' });
    throw new StationError('cloud.unreachable', { reason: 'ECONNRESET' });
  });
  await one.queue(10);
  one.pump.wake();
  await one.settled();
  expect(one.records.outbox.backlog()).toMatchObject({ done: 4, queued: 6 });
  await one.pass(10_000);
  expect(one.calls).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [5, 6, 7, 8, 9, 10],
  ]);
});

test('a row without an answer counts as not done', async () => {
  const one = pumped(() => new Map());
  await one.queue(1);
  expect(await one.pump.run()).toMatchObject({ queued: 1, done: 0 });
  await one.pump.stop();
});

test('what is to be done with one entry is done in its order, however many calls are on their way', async () => {
  const order: string[] = [];
  const one = pumped(async (rows: readonly OutboxRow[]) => {
    await new Promise((resolve) => setTimeout(resolve, rows.some(({ action }) => action === 'create') ? 10 : 1));
    for (const { registrationId, action } of rows) order.push(`${registrationId} ${action}`);
    return all(rows, { done: '{}' });
  }, 8);
  await one.queue(30);
  await one.queue(30, { action: 'disable' });
  await one.queue(30, { action: 'enable' });
  expect(await one.pump.run()).toMatchObject({ done: 90 });
  for (let n = 0; n < 30; n++) {
    const mine = order.filter((entry) => entry.startsWith(`id-${n} `)).map((entry) => entry.split(' ')[1]);
    expect(mine).toEqual(['create', 'disable', 'enable']);
  }
});

test('a screen hears how much is left, how fast it goes and how long it takes', async () => {
  const one = pumped(async (rows) => {
    one.clock.to(one.clock.now() + 3_000);
    return all(rows, { done: '{}' });
  });
  await one.queue(100);
  await one.pump.run();
  const sending = one.states.filter(({ state }) => state === 'sending');
  expect(sending[0]).toEqual({ state: 'sending', left: 100 });
  expect(sending.at(-1)).toEqual({ state: 'sending', left: 10, perMinute: 200, secondsLeft: 3 });
  expect(one.pump.state).toEqual({ state: 'idle' });
});

test('a call whose end cannot be written breaks the drain off, while another call is still on its way', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const told: unknown[] = [];
  const unforeseen = (reason: unknown) => void told.push(reason);
  process.on('unhandledRejection', unforeseen);
  const one = pumped(async (rows, call) => {
    if (call === 2) await answered;
    if (call === 3) one.records.db.pragma('query_only = ON');
    return all(rows, { done: '{}' });
  }, 2);
  await one.queue(40);
  one.pump.wake();
  await expect.poll(() => one.calls.length).toBe(3);
  await new Promise((resolve) => setTimeout(resolve, 20));
  one.records.db.pragma('query_only = OFF');
  answer();
  await one.settled();
  process.off('unhandledRejection', unforeseen);
  expect(told).toEqual([]);
  expect(one.pump.state).toMatchObject({ state: 'waiting', error: { code: 'store.failed' } });
  await one.pass(5_000);
  expect(one.records.outbox.backlog()).toEqual({ queued: 0, leased: 0, parked: 0, done: 40 });
});
