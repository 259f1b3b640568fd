// Promise B: with 20 % of frames dropped, doubled, reordered or flipped, no wrong credential is accepted and units finish.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultPlanJson } from '../../drivers/simulated/unit/faults.ts';
import { verifyLog } from '../../station-core/audit/verify.ts';
import { makeOrder, recipeOf } from '../../station-core/practice.ts';
import { heldKey } from '../suites/held-key.ts';
import { derivedKey, expectReleasesOnTrail, scanUntilPassed, type Tries, trailOf } from '../suites/order-trail.ts';
import { hurried } from '../suites/patience.ts';
import { long, testSeed } from '../suites/seed.ts';
import { TestStation } from '../suites/station.ts';

const lanes = 8;
/** Nine runs: 72 units, or 1,350. */
const units = long ? 150 : 8;
const most = 3;
const patience = long ? 900_000 : 60_000;
const seed = testSeed('cable');

type Wire = NonNullable<FaultPlanJson['toUnit']>;

/** What becomes of a fifth of all frames, both ways: every fault in turn, and each alone, since loss is the worst. */
const cables: Readonly<Record<string, Wire>> = {
  'dropped, doubled, reordered or flipped': { frames: { drop: 0.05, double: 0.05, reorder: 0.05, flip: 0.05 } },
  dropped: { frames: { drop: 0.2 } },
  doubled: { frames: { double: 0.2 } },
  reordered: { frames: { reorder: 0.2 } },
  flipped: { frames: { flip: 0.2 } },
  'late, behind those that follow': { frames: { delay: 0.2, delayMs: 40 } },
  // A frame is some nine runs long.
  'torn, by runs of bytes that are lost, doubled, swapped or changed': {
    bytes: { drop: 0.006, double: 0.006, reorder: 0.006, flip: 0.006, longest: 16 },
  },
};

type Delivery = 'clear' | 'channel';
/** Every cable, and the worst two with keys that are agreed on anew for each transfer. */
const laid: readonly (readonly [string, Wire, Delivery])[] = [
  ...Object.entries(cables).map(([kind, wire]) => [kind, wire, 'clear'] as const),
  ...Object.entries(cables)
    .filter(([kind]) => kind.startsWith('torn') || kind.includes('doubled, reordered'))
    .map(([kind, wire]) => [`${kind}, through a channel`, wire, 'channel'] as const),
];

let station: TestStation;
beforeAll(async () => {
  // Units of the practice line answer in a millisecond; what counts is how often the driver tries.
  const protocols = { 'uart-v1': hurried((ms) => ms / 10) };
  station = await TestStation.open({ lanes, parts: { protocols } });
});
afterAll(() => station.close());

for (const [kind, wire, delivery] of laid) {
  test(
    `with 20 % of frames ${kind}, every one of ${units} units finishes within ${most} tries, with its own key`,
    async () => {
      for (let lane = 1; lane <= lanes; lane += 1) {
        await station.line.faults(lane, { seed: (seed + lane) >>> 0, toUnit: wire, toStation: wire });
      }
      const recipe = { ...(await recipeOf(station.station, 'symmetric-group')), delivery };
      const { labels } = await makeOrder(station.station, recipe, units);
      const tries = await Promise.all(Array.from({ length: lanes }, (_, index) => work(index + 1, labels)));
      const all = tries.flat();
      const counts = Array.from({ length: most }, (_, index) => all.filter((runs) => runs.length === index + 1).length);
      process.stdout.write(`cable, ${kind}: ${counts.join(', ')} units in 1, 2, 3 tries\n`);
      expect(all.filter((runs) => runs.at(-1)?.outcome !== 'passed').flatMap((runs) => runs.at(-1))).toEqual([]);
      expect(all).toHaveLength(units);
      for (const [{ serial }] of all) {
        expect(heldKey(join(station.folder, 'practice'), serial)).toBe(await derivedKey(station, serial));
      }
      const trail = trailOf(station);
      for (const runs of all) expectReleasesOnTrail(trail, runs);
    },
    patience,
  );
}

/** A technician at one lane: every `lanes`-th unit, until each has passed. */
async function work(lane: number, labels: readonly string[]): Promise<Tries[]> {
  const done: Tries[] = [];
  for (const label of labels.filter((_, index) => index % lanes === lane - 1)) {
    done.push(await scanUntilPassed(station, lane, label, most));
  }
  return done;
}

test('the audit trail of all of it holds, and nothing happened that nobody foresaw', async () => {
  expect(await verifyLog(station.station.records.db)).toMatchObject({ ok: true });
  expect(station.log.incidents).toEqual([]);
});
