import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ErrorData } from '../../../../station-core/contract/errors.ts';
import type { Telling } from '../../../../station-core/mes/telling.ts';
import type { Records } from '../../../../station-core/store/records.ts';
import { endRuns, recordsIn, secret, tellingOf } from '../../../suites/ended-runs.ts';
import { Receiver } from '../../../suites/receiver.ts';
import { ScaledClock } from '../../../suites/scaled-clock.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

let records: Records;
let receiver: Receiver;
let telling: Telling;
let parked: ErrorData[];
beforeEach(async () => {
  records = recordsIn(temporaryFolder());
  receiver = await Receiver.open(secret);
  ({ telling, parked } = await tellingOf(records, receiver.port, new ScaledClock(10_000)));
});
afterEach(async () => {
  await telling.stop();
  await receiver.close();
  records.db.close();
});

const numbers = () => receiver.told.map(({ body }) => body.data.n);

/** Waits until every result was looked at and nothing is queued, or only what waits behind what is parked. */
async function settled(): Promise<void> {
  const { results, webhooks } = records;
  do await new Promise((resolve) => setTimeout(resolve, 5));
  while (webhooks.of('hook').lookedAt < results.newest() || webhooks.nextDue('hook') !== undefined);
  await telling.idle();
}

test('what a receiver refuses again and again waits for a person, its unit’s later results behind it, and others go on', async () => {
  receiver.answering = ({ body }) => (body.data.n === 1 ? 422 : 204);
  await endRuns(records, ['a', 'b', 'a', 'c']);
  telling.wake();
  await settled();
  expect(numbers().filter((n) => n === 1)).toHaveLength(16);
  expect(numbers().filter((n) => n !== 1)).toEqual([2, 4]);
  expect(parked).toEqual([{ code: 'webhook.failed', details: { name: 'hook', status: 422 } }]);
  expect(records.webhooks.parked()).toMatchObject([{ message: 1, result: 1, attempts: 16, reason: parked[0] }]);
  expect(records.webhooks.waiting('hook')).toEqual({ queued: 1, parked: 1 });
  const tokens = new Set(receiver.told.filter(({ body }) => body.data.n === 1).map(({ token }) => token));
  expect(tokens.size).toBe(1);

  receiver.answering = () => 204;
  await records.commits.commit(() => records.webhooks.allDue('hook', 0));
  telling.wake();
  await settled();
  expect(numbers().slice(-2)).toEqual([1, 3]);
  expect(records.webhooks.waiting('hook')).toEqual({ queued: 0, parked: 0 });
});

test('a message that a person gives up makes room for the next of its unit', async () => {
  receiver.answering = ({ body }) => (body.data.n === 1 ? 400 : 204);
  await endRuns(records, ['a', 'a']);
  telling.wake();
  await settled();
  expect(await records.commits.commit(() => records.webhooks.discard(1))).toBe('hook');
  expect(await records.commits.commit(() => records.webhooks.discard(1))).toBeUndefined();
  telling.wake();
  await settled();
  expect(numbers().at(-1)).toBe(2);
});

test.each([503, 302, 401, 'break'] as const)(
  'a receiver that answers %s is left alone for a while, and told once it is back',
  async (how) => {
    let failing = 6;
    receiver.answering = () => (failing-- > 0 ? how : 204);
    await endRuns(records, ['a', 'b']);
    telling.wake();
    await receiver.until((told) => told.length > 0);
    await settled();
    expect([...new Set(numbers())].sort()).toEqual([1, 2]);
    expect(parked).toEqual([]);
    expect(records.webhooks.of('hook')).toMatchObject({ failures: 0, reason: null });
  },
);

test('nobody answers: no message is blamed, however long it takes', async () => {
  receiver.answering = () => 'break';
  await endRuns(records, ['a']);
  telling.wake();
  await receiver.until((told) => told.length > 20);
  expect(parked).toEqual([]);
  expect(records.webhooks.of('hook').reason).toMatchObject({ code: 'webhook.unreachable' });
  receiver.answering = () => 204;
  await settled();
  expect(records.webhooks.waiting('hook')).toEqual({ queued: 0, parked: 0 });
});
