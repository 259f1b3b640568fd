// Promise B: power cut to the unit after any byte on the wire and any byte of its memory leaves the old credential, the new
// one or none, never half, and the next try passes with the same operation id.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CredentialObject } from '../../drivers/protocols/protocol.ts';
import { macBytes } from '../../drivers/simulated/unit/arguments.ts';
import type { FaultPlanJson } from '../../drivers/simulated/unit/faults.ts';
import type { PowerCounts } from '../../drivers/simulated/unit/power.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { verifyLog } from '../../station-core/audit/verify.ts';
import { makeOrder, recipeOf, unitOf } from '../../station-core/practice.ts';
import { FaultyUnit } from '../suites/loop.ts';
import { derivedKey, expectReleasesOnTrail, trailOf } from '../suites/order-trail.ts';
import { hurried } from '../suites/patience.ts';
import { everyCut, inForce, type PowerCutAt, several, some } from '../suites/power-cuts.ts';
import { proves, symmetricKey } from '../suites/protocol.suite.ts';
import { long, testSeed } from '../suites/seed.ts';
import { TestStation } from '../suites/station.ts';

const lanes = 16;
const timeout = long ? 1_800_000 : 60_000;
const never = new AbortController().signal;
const random = seeded(testSeed('power'));
/** Units in this process answer before the driver looks; a unit without power is found out soon. */
const protocol = hurried(() => 8);

const onLanes = new Map<string, FaultyUnit>();
let station: TestStation;
beforeAll(async () => {
  const openLane = () => async (label: string) => {
    const unit = onLanes.get(label);
    if (!unit) throw new Error(`no unit ${label} was made`);
    return unit.link();
  };
  station = await TestStation.open({ lanes, openLane, parts: { protocols: { 'uart-v1': protocol } } });
});
afterAll(() => station.close());

/** An order for units that are locked at the end. */
async function lockingOrder(units: number): Promise<readonly string[]> {
  const recipe = { ...(await recipeOf(station.station, 'symmetric-group')), lock: true };
  return (await makeOrder(station.station, recipe, units)).labels;
}

function unitFor(label: string, plan: FaultPlanJson): FaultyUnit {
  const { serial, mac } = unitOf(label);
  const unit = new FaultyUnit({ serial, mac: macBytes(mac), model: 'loop', firmware: '1' }, plan);
  onLanes.set(label, unit);
  return unit;
}

/** All cuts, or a seeded sample of them in the short form. */
function cutsOf(name: string, counts: PowerCounts, sample: number): PowerCutAt[] {
  const all = everyCut(counts);
  const cuts = long ? all : some(all, sample, random);
  process.stdout.write(`power, ${name}: ${JSON.stringify(counts)}, ${cuts.length} of ${all.length} cuts\n`);
  return cuts;
}

/** One whole run without a fault, and what it took. */
async function wholeRun(label: string, unit: FaultyUnit, outcome: string): Promise<PowerCounts> {
  expect(await station.scan(1, label)).toMatchObject({ outcome });
  return unit.counts;
}

test(
  'a fresh unit whose power is cut passes at the next scan, locked, with the same operation and its own key',
  async () => {
    const [first = ''] = await lockingOrder(1);
    const cuts = cutsOf('fresh unit', await wholeRun(first, unitFor(first, {}), 'passed'), 120);
    const labels = await lockingOrder(cuts.length);
    const runs = new Map<string, Awaited<ReturnType<typeof station.scan>>[]>();
    await several(
      cuts.map((power, index) => ({ power, label: labels[index] ?? '' })),
      lanes,
      async ({ power, label }, lane) => {
        const unit = unitFor(label, { power });
        const key = await derivedKey(station, label);
        const tried = await station.scan(lane, label);
        const held = inForce(unit.flash, false);
        if (held) expect(held, JSON.stringify(power)).toMatchObject({ key, operation: tried.facts.operation });
        const all = tried.outcome === 'passed' ? [tried] : [tried, await station.scan(lane, label)];
        const last = all.at(-1);
        expect(last, JSON.stringify(power)).toMatchObject({ outcome: 'passed', facts: { locked: true } });
        expect(inForce(unit.flash)).toEqual({ key, operation: last?.facts.operation, locked: true });
        runs.set(label, all);
      },
    );
    const trail = trailOf(station);
    for (const all of runs.values()) expectReleasesOnTrail(trail, all);
    // Every way in which a cut can end was met: in time, before anything was released, and after.
    const ends = new Set([...runs.values()].map(([one]) => one?.outcome));
    expect([...ends].sort()).toEqual(['failed', 'indeterminate', 'passed']);
  },
  timeout,
);

test(
  'a unit that holds another credential keeps it, whenever its power is cut, and is refused again',
  async () => {
    const old = symmetricKey();
    const [first = ''] = await lockingOrder(1);
    const counts = await wholeRun(first, await unitHolding(first, old, {}), 'failed');
    const cuts = cutsOf('older credential', counts, 40);
    const labels = await lockingOrder(cuts.length);
    await several(
      cuts.map((power, index) => ({ power, label: labels[index] ?? '' })),
      lanes,
      async ({ power, label }, lane) => {
        const unit = await unitHolding(label, old, { power });
        const kept = { key: old.bytes.toString('base64'), operation: old.operation.toString('hex'), locked: false };
        await station.scan(lane, label);
        expect(inForce(unit.flash, false), JSON.stringify(power)).toEqual(kept);
        const again = await station.scan(lane, label);
        expect(again).toMatchObject({ outcome: 'failed', error: { code: 'unit.other-credential' } });
        expect(inForce(unit.flash)).toEqual(kept);
      },
    );
  },
  timeout,
);

test(
  'a unit whose power is cut while its credential is replaced holds the old or the new one, and then the new one alone',
  async () => {
    const old = symmetricKey();
    const next = { ...symmetricKey(), replaces: old.operation };
    const whole = await unitHolding('whole', old, {});
    await replace(whole, next);
    const cuts = cutsOf('replacement', whole.counts, 120);
    const seen = new Set<string | undefined>();
    await several(cuts, lanes, async (power) => {
      const unit = await unitHolding(`replaced ${power.of} ${power.cutAfter}`, old, { power });
      const broke = await replace(unit, next).then(
        () => false,
        () => true,
      );
      const held = inForce(unit.flash, false);
      const expected = [old, next].find(({ operation }) => operation.toString('hex') === held?.operation);
      expect(held?.key, JSON.stringify(power)).toBe(expected?.bytes.toString('base64') ?? 'one of the two');
      seen.add(held?.operation);
      if (broke) await replace(unit, next);
      expect(inForce(unit.flash)?.key).toBe(next.bytes.toString('base64'));
      expect(unit.flash.bytes.includes(old.bytes)).toBe(false);
    });
    expect(seen.size).toBe(2);
  },
  timeout,
);

test('the audit trail of all of it holds, and nothing happened that nobody foresaw', async () => {
  expect(await verifyLog(station.station.records.db)).toMatchObject({ ok: true });
  expect(station.log.incidents).toEqual([]);
});

type Named = CredentialObject & { readonly operation: Buffer };
const info = { idScope: '0ne00000001', endpoint: 'e.example', registrationId: 'sn-000001' } as const;

/** A unit with a credential of an earlier life; its faults begin afterwards. */
async function unitHolding(label: string, credential: Named, plan: FaultPlanJson): Promise<FaultyUnit> {
  const unit = unitFor(label, {});
  const session = await protocol.open(unit.link(), never);
  await session.provision(info, never);
  await session.stage(credential, never);
  await session.commit(credential.operation, never);
  unit.faults(plan);
  return unit;
}

/** A whole replacement, as a station would do it again from the start after each break. */
async function replace(unit: FaultyUnit, credential: Named): Promise<void> {
  const session = await protocol.open(unit.link(), never);
  await session.identity(never);
  await session.provision(info, never);
  await session.stage(credential, never);
  await session.commit(credential.operation, never);
  expect(await proves(session, credential)).toBe(true);
  await session.lock(credential.operation, never);
}
