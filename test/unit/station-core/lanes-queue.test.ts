import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Hsm } from '../../../drivers/hsm/hsm.ts';
import { hsms } from '../../../drivers/hsm/registry.ts';
import type { Progress } from '../../../station-core/contract/events.ts';
import { TestStation } from '../../suites/station.ts';

// Thirty-two lanes and one HSM that serves them one after the other, and no faster than the test lets it.

const lanes = Array.from({ length: 32 }, (_, index) => index + 1);
/** Whoever waits for the HSM, in their order; none while it is as fast as ever. */
let waiting: (() => void)[] | undefined;

function slow(hsm: Hsm): Hsm {
  return new Proxy(hsm, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name !== 'deriveDeviceKey' || typeof member !== 'function') {
        return typeof member === 'function' ? member.bind(target) : member;
      }
      return async (...args: unknown[]): Promise<unknown> => {
        const { promise, resolve } = Promise.withResolvers<void>();
        if (waiting) waiting.push(resolve);
        else resolve();
        await promise;
        return Reflect.apply(member, target, args);
      };
    },
  });
}

let line: TestStation;
let labels: readonly string[];
const told: Extract<Progress, { type: 'lane' }>[] = [];
beforeAll(async () => {
  const hsm = async (folder: string) => slow(await hsms.soft({ folder: join(folder, 'practice', 'hsm') }));
  line = await TestStation.open({ lanes: lanes.length, hsm });
  ({ labels } = await line.order('symmetric-group', lanes.length));
  line.station.onProgress((progress) => {
    if (progress.type === 'lane') told.push(progress);
  });
});
afterAll(() => line.close());

const places = () => line.station.lanes.view().map(({ waits }) => waits?.before);
const patience = { timeout: 20_000 };

test('every lane says that it waits for the HSM and how many are before it, until it is served', async () => {
  waiting = [];
  const queue = waiting;
  const runs = lanes.map((lane) => line.scan(lane, labels[lane - 1] ?? ''));
  await expect
    .poll(() => places().toSorted((a, b) => (a ?? -1) - (b ?? -1)), patience)
    .toEqual(lanes.map((lane) => lane - 1));
  for (const serve of queue.splice(0, 8)) serve();
  await expect.poll(() => places().filter((before) => before !== undefined).length, patience).toBe(24);
  await expect.poll(() => Math.max(...places().map((before) => before ?? 0)), patience).toBe(23);
  waiting = undefined;
  for (const serve of queue) serve();
  const ended = await Promise.all(runs);
  expect(ended.map(({ outcome }) => outcome)).toEqual(lanes.map(() => 'passed'));
  expect(places().every((before) => before === undefined)).toBe(true);
  for (const lane of lanes) expect(told.findLast((one) => one.lane === lane)?.waits).toBeUndefined();
  expect(line.log.incidents).toEqual([]);
});
