import { expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../../../station-core/clock.ts';
import { retryAfterMs } from '../../../../station-core/sync/backoff.ts';
import { Pace } from '../../../../station-core/sync/pace.ts';

/** The clock of fake timers. */
const fake: Clock = { ...systemClock, now: () => Date.now(), monotonic: () => Date.now() };

test('no 60 seconds ever hold more operations than the budget, which is used up all the same', async () => {
  vi.useFakeTimers();
  for (const perMinute of [1, 20, 200, 1_000]) {
    const began = Date.now();
    const pace = new Pace(perMinute, fake);
    const times: number[] = [];
    const never = new AbortController().signal;
    const taken = Array.from({ length: 5 * perMinute }, () =>
      pace.take(never).then(() => times.push(Date.now() - began)),
    );
    await vi.advanceTimersByTimeAsync(6 * 60_000);
    await Promise.all(taken);
    expect(times[0]).toBe(0);
    for (const from of times) {
      const within = times.filter((time) => time >= from && time < from + 60_000);
      expect(within.length).toBeLessThanOrEqual(perMinute);
    }
    expect(times.at(-1)).toBeLessThanOrEqual((5 * perMinute * 60_000) / (0.98 * perMinute));
  }
  vi.useRealTimers();
});

test('an operation that counts as several takes the time of all of them', async () => {
  vi.useFakeTimers();
  const began = Date.now();
  const pace = new Pace(60, fake);
  const never = new AbortController().signal;
  await pace.take(never, 10);
  const next = pace.take(never).then(() => Date.now() - began);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await next).toBeGreaterThanOrEqual(9_500);
  vi.useRealTimers();
});

test('what went out in the last minute is told, and what went out before is not', async () => {
  vi.useFakeTimers();
  const pace = new Pace(60, fake);
  const never = new AbortController().signal;
  await pace.take(never, 3);
  const next = pace.take(never, 2);
  await vi.advanceTimersByTimeAsync(30_000);
  await next;
  expect([pace.perMinute, pace.used()]).toEqual([60, 5]);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(pace.used()).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pace.used()).toBe(0);
  vi.useRealTimers();
});

test('who gives up leaves the line to the next', async () => {
  vi.useFakeTimers();
  const pace = new Pace(1, fake);
  const never = new AbortController().signal;
  await pace.take(never);
  const stop = new AbortController();
  const gone = pace.take(stop.signal);
  const next = pace.take(never);
  stop.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  await vi.advanceTimersByTimeAsync(61_000);
  await next;
  vi.useRealTimers();
});

const failed = { code: 'cloud.failed', details: { status: 500 } } as const;

test('after 5xx the first retry comes no earlier than 5 seconds, and later ones further apart up to a limit', () => {
  for (const random of [0, 0.5, 0.999]) {
    const waits = Array.from({ length: 30 }, (_, attempt) => retryAfterMs(failed, attempt, random));
    expect(waits[0]).toBeGreaterThanOrEqual(5_000);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeLessThanOrEqual(20 * 60_000);
  }
});

test("after 429 the service's own time counts, and jitter over the whole span without one", () => {
  expect(retryAfterMs({ code: 'cloud.throttled', details: { seconds: 42 } }, 9, 0.9)).toBe(42_000);
  expect(retryAfterMs({ code: 'cloud.throttled', details: { seconds: 0 } }, 0, 0)).toBe(1_000);
  expect(retryAfterMs({ code: 'cloud.throttled', details: { seconds: 0 } }, 3, 0.5)).toBe(20_000);
});

test('what the service asks for with 503 is waited for, and no less than the documents say', () => {
  const asked = (seconds: number) => retryAfterMs({ code: 'cloud.failed', details: { status: 503, seconds } }, 0, 0);
  expect([asked(120), asked(1)]).toEqual([120_000, 5_000]);
});
