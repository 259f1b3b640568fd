import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Queue } from '../../../../station-core/run/queue.ts';

let told: [number, number | undefined][];
let queue: Queue;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  queue = new Queue((lane) => told.push([lane, queue.of(lane)?.before]));
});
afterEach(() => void vi.useRealTimers());

const ask = (lane: number) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const answered = queue.during(lane, 'hsm', promise);
  return { answered, resolve, reject };
};

test('what is over in an instant is told to nobody', async () => {
  const one = ask(1);
  vi.advanceTimersByTime(200);
  one.resolve('signed');
  expect(await one.answered).toBe('signed');
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('every lane that waits is told how many lanes asked before it, and each step forwards', async () => {
  const [one, two, three] = [ask(1), ask(2), ask(3)];
  vi.advanceTimersByTime(600);
  expect(told).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
  ]);
  told = [];
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual([]);
  one.resolve('signed');
  await one.answered;
  vi.advanceTimersByTime(600);
  expect(told).toEqual([
    [1, undefined],
    [2, 0],
    [3, 1],
  ]);
  two.resolve('signed');
  three.resolve('signed');
  await Promise.all([two.answered, three.answered]);
  expect(told.slice(3)).toEqual([
    [2, undefined],
    [3, undefined],
  ]);
});

test('a lane that asks twice stands before others once, and never before itself', () => {
  ask(1);
  ask(1);
  ask(2);
  vi.advanceTimersByTime(600);
  expect(queue.of(1)?.before).toBe(0);
  expect(queue.of(2)?.before).toBe(1);
});

test('who is refused leaves the queue as well', async () => {
  const [one, two] = [ask(1), ask(2)];
  vi.advanceTimersByTime(600);
  one.reject(new Error('the token is gone'));
  await expect(one.answered).rejects.toThrow('the token is gone');
  expect(queue.of(1)).toBeUndefined();
  vi.advanceTimersByTime(600);
  expect(queue.of(2)).toEqual({ on: 'hsm', before: 0 });
  two.resolve('signed');
  await two.answered;
});
