// A lane arms only its own physical port and never switches by itself (etcher#3588): whatever is plugged, pulled, renumbered and
// swapped behind sixteen lanes, also while units are made, every unit is written by its own lane or by none.
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Discovery } from '../../drivers/discover.ts';
import { links } from '../../drivers/registry.ts';
import { seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { verifyLog } from '../../station-core/audit/verify.ts';
import type { StationEvent } from '../../station-core/contract/events.ts';
import type { Run } from '../../station-core/contract/run.ts';
import { recipeOf, unitOf } from '../../station-core/practice.ts';
import { heldKey, heldRegistration } from '../suites/held-key.ts';
import { derivedKey } from '../suites/order-trail.ts';
import { hurried } from '../suites/patience.ts';
import { Plugs } from '../suites/plugs.ts';
import { long, testSeed } from '../suites/seed.ts';
import { TestStation } from '../suites/station.ts';

const lanes = Array.from({ length: 16 }, (_, index) => index + 1);
const replugs = long ? 1_000 : 60;
const perLane = long ? 80 : 10;
const patience = long ? 900_000 : 60_000;
const random = seeded(testSeed('lanes-replugged'));
const moments = ['greet', 'identify', 'provision', 'prepare', 'release', 'prove'] as const;
/** What may come of a run whose cable is pulled somewhere, or that finds another lane's unit. */
const foreseen = ['link.missing', 'link.lost', 'link.refused', 'unit.silent', 'unit.garbled', 'unit.serial-mismatch'];

let station: TestStation;
let plugs: Plugs;
let discovery: Discovery;
/** How often each lane opened its link. */
const openings = new Map<number, number>();

beforeAll(async () => {
  station = await TestStation.open({
    lanes: lanes.length,
    start: 'attach',
    parts: { protocols: { 'uart-v1': hurried((ms) => ms / 5) } },
    openLane: (_, lane) => async (__, signal) => {
      const link = await links.serial({ path: plugs.path(lane), baud: 115_200, lane }, signal);
      openings.set(lane, (openings.get(lane) ?? 0) + 1);
      return link;
    },
  });
  plugs = new Plugs(join(station.folder, 'by-path'), (fixture) => station.line.port(fixture));
  discovery = new Discovery({
    folder: plugs.folder,
    plugged: ({ byPath, type }) => {
      const lane = lanes.find((one) => plugs.path(one) === byPath);
      if (lane !== undefined) station.station.plugged(lane, type === 'attached');
    },
    failed: (error) => station.log.incident(error),
  });
  await makeUnits();
});
afterAll(async () => {
  discovery.close();
  await plugs.clear();
  await station.close();
});

/** Every unit's serial says which lane it belongs to. */
const serialOf = (lane: number, unit: number): string =>
  `LANE-${String(lane).padStart(2, '0')}-${String(unit).padStart(3, '0')}`;
const serials = lanes.flatMap((lane) => Array.from({ length: perLane }, (_, unit) => serialOf(lane, unit)));

async function makeUnits(): Promise<void> {
  const recipe = await recipeOf(station.station, 'symmetric-group');
  const units = serials.map((serial) => ({ serial, mac: unitOf(serial).mac }));
  await station.as('lead', 'orders.create', { name: 'lanes', recipe, units });
  await station.as('lead', 'orders.arm', { order: 'lanes' });
}

const pick = <T>(from: readonly T[]): T => from[whole(random, from.length)] as T;
const shuffled = (of: readonly number[]): number[] =>
  of
    .map((one) => [random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);

/** The unit that lies on each lane's fixture now. */
const lying = new Map(lanes.map((lane) => [lane, 0]));
const serialOn = (lane: number): string => serialOf(lane, lying.get(lane) ?? 0);

/** What a fixture's unit had heard and written when its cable last came to a place; by fixture. */
type Arrivals = Map<number, Arrival>;
type Arrival = {
  readonly place: number;
  readonly opened: number;
  readonly received: number;
  readonly written: number;
};

async function arrive(arrivals: Arrivals, places: readonly number[]): Promise<void> {
  for (const place of places) {
    const fixture = plugs.fixtureOf(place);
    const opened = openings.get(place) ?? 0;
    const { received, written } = await station.line.counts(fixture);
    arrivals.set(fixture, { place, opened, received, written });
  }
}

/** Nobody wrote on a unit at another lane's place, and no lane said a word over a link that it had not opened anew. */
async function expectUntouched(arrivals: Arrivals): Promise<void> {
  for (const [fixture, { place, opened, received, written }] of arrivals) {
    const now = await station.line.counts(fixture);
    const at = `fixture ${fixture} at place ${place}`;
    if (fixture !== place) expect(now.written, at).toBe(written);
    if (openings.get(place) === opened) expect(now.received, at).toBe(received);
  }
}

/** What happens to a lane's cable while its run goes on. */
async function disturb(lane: number, arrivals: Arrivals): Promise<void> {
  for (let turns = whole(random, 12); turns > 0; turns -= 1) await nextTurn();
  const other = pick(lanes.filter((one) => one !== lane));
  const watch = (places: readonly number[]) => () => arrive(arrivals, places);
  const ways = [
    () => plugs.pull([lane]),
    () => plugs.plug([lane], watch([lane])),
    // The other one comes first, and takes this one's number.
    () => plugs.plug([other, lane], watch([other, lane])),
    () => plugs.swap(lane, other, watch([lane, other])),
  ];
  await pick(ways)();
}

/** Disturbs lanes when they come to a step; answers how to stop, once all cables are still. */
function disturbing(at: ReadonlyMap<number, string>, arrivals: Arrivals): () => Promise<void> {
  const going: Promise<void>[] = [];
  const left = new Map(at);
  const stop = station.station.onProgress((progress) => {
    if (progress.type !== 'step' || left.get(progress.lane) !== progress.step) return;
    left.delete(progress.lane);
    going.push(disturb(progress.lane, arrivals));
  });
  return async () => {
    stop();
    await Promise.all(going);
  };
}

/** A scan starts the run, or arms the lane, and then plugging the unit in does. */
async function make(lane: number, how: 'scan' | 'attach'): Promise<Run> {
  const serial = serialOn(lane);
  if (how === 'scan') return station.scan(lane, serial);
  let run: number | undefined;
  const opened = openedOn(lane).then((id) => {
    run = id;
  });
  const answer = await station.as('technician', 'lane.arm', { lane, serial, how: 'scanned' });
  // Who replugs too fast is not seen; and a neighbour's hands may be quicker.
  const seen = async (there: boolean) => {
    for (let looks = 0; looks < 50 && run === undefined && isKnown(lane) !== there; looks += 1) await pause(2);
  };
  while ('until' in answer && run === undefined) {
    await plugs.pull([lane]);
    await seen(false);
    if (run === undefined) await plugs.plug([lane]);
    await seen(true);
  }
  await opened;
  await station.station.lanes.ended(lane);
  return station.as('technician', 'run.show', { run });
}

const isKnown = (lane: number): boolean => discovery.ports().some(({ byPath }) => byPath === plugs.path(lane));

const openedOn = (lane: number): Promise<number> =>
  new Promise((resolve) => {
    const stop = station.station.records.journal.onEvent((told: StationEvent) => {
      if (!('run' in told) || told.event.type !== 'opened' || told.event.lane !== lane) return;
      stop();
      resolve(told.run);
    });
  });

/** No unit knows another name than its own, or holds another key; none holds one that was not given to it. */
async function expectOwn(lane: number, passed: boolean): Promise<void> {
  const serial = serialOn(lane);
  const folder = join(station.folder, 'practice');
  const [unit] = station.station.records.units.bySerial(serial);
  expect([undefined, unit?.registrationId]).toContain(heldRegistration(folder, serial));
  const own = await derivedKey(station, serial);
  expect(passed ? [own] : [undefined, own]).toContain(heldKey(folder, serial));
}

async function round(): Promise<readonly Run[]> {
  for (const lane of lanes) await station.line.place(lane, unitOf(serialOn(lane)));
  await plugs.plug(shuffled(lanes));
  while (!lanes.every(isKnown)) await pause(2);
  // Two cables may be swapped before anybody scans.
  const [one = 1, other = 2] = shuffled(lanes);
  if (random() < 0.5) await plugs.swap(one, other);
  const arrivals: Arrivals = new Map();
  await arrive(arrivals, lanes);
  const working = lanes.filter(() => random() < 0.8);
  const at = new Map(working.filter(() => random() < 0.6).map((lane) => [lane, pick(moments)]));
  const still = disturbing(at, arrivals);
  const runs = await Promise.all(working.map((lane) => make(lane, random() < 0.7 ? 'scan' : 'attach')));
  await still();
  await expectUntouched(arrivals);
  for (const run of runs) {
    expect(run.serial).toBe(serialOn(run.lane));
    if (run.outcome !== 'passed') expect(foreseen).toContain(run.error?.code);
  }
  for (const lane of lanes)
    await expectOwn(
      lane,
      runs.some((run) => run.lane === lane && run.outcome === 'passed'),
    );
  return runs;
}

test(
  `through ${replugs} random replugs of ${lanes.length} ports no unit is written on another lane`,
  async () => {
    const tally = new Map<string, number>();
    while (plugs.plugged < replugs) {
      const runs = await round();
      for (const { lane, outcome, error } of runs) {
        const what = outcome === 'passed' ? 'passed' : (error?.code ?? 'none');
        tally.set(what, (tally.get(what) ?? 0) + 1);
        if (outcome === 'passed') lying.set(lane, (lying.get(lane) ?? 0) + 1);
      }
      await plugs.clear();
    }
    process.stdout.write(`${plugs.plugged} plugs: ${JSON.stringify(Object.fromEntries(tally))}\n`);
  },
  patience,
);

test('afterwards every lane finishes its unit, and the audit trail holds', async () => {
  await plugs.clear();
  for (const lane of lanes) await station.line.place(lane, unitOf(serialOn(lane)));
  await plugs.plug(shuffled(lanes));
  const runs = await Promise.all(lanes.map((lane) => station.scan(lane, serialOn(lane))));
  expect(runs.map(({ outcome }) => outcome)).toEqual(lanes.map(() => 'passed'));
  for (const lane of lanes) await expectOwn(lane, true);
  expect(await verifyLog(station.station.records.db)).toMatchObject({ ok: true });
  expect(station.log.incidents).toEqual([]);
});
