import type { Method, Params } from './contract/api.ts';
import { asStationError, StationError } from './contract/errors.ts';
import type { ArmedLane } from './contract/lanes.ts';
import type { Actor } from './contract/record.ts';
import type { Handlers } from './handlers.ts';
import { type By, people, person } from './person.ts';
import type { ArmedUnit } from './run/armed.ts';
import { requireMakeable } from './run/opening.ts';
import type { Station } from './station.ts';
import { type Unit, unitSaid } from './store/units.ts';

type LaneMethod = Extract<Method, `lane.${string}` | 'run.start'>;

/** The calls that start runs, and those about lanes. */
export function laneHandlers(station: Station): Pick<Handlers, LaneMethod> {
  return {
    'run.start': async (scan, by) => {
      // Only the station itself knows that a unit was plugged in (`startAttached`).
      const how = by.attached ? 'attached' : (scan.how ?? 'typed');
      const unit = await resolved(station, scan);
      return { run: await station.lanes.start(scan.lane, { unit, code: scan.serial, how, actor: person(by) }) };
    },
    'lane.arm': (scan, by) => arm(station, scan, by),
    'lane.disarm': async ({ lane }, by) => {
      station.lanes.requireKnown(lane);
      const armed = station.lanes.armed.disarm(lane);
      if (armed) await noteDisarmed(station, lane, armed, 'asked', person(by));
      return null;
    },
    'lane.release': ({ lane }, by) => release(station, lane, by),
  };
}

async function resolved({ anchoring, orders }: Station, { serial, order }: Params<'run.start'>): Promise<Unit> {
  await anchoring.require();
  return orders.resolve(serial, order);
}

/**
 * A scan for a fixture that takes both hands. Whatever would refuse the run refuses it now, while the person looks; where the
 * unit was plugged in before the scan, its run starts at once.
 */
async function arm(station: Station, scan: Params<'lane.arm'>, by: By): Promise<ArmedLane> {
  const { lanes, records, audit, operators } = station;
  const { lane, serial, how = 'typed' } = scan;
  const unit = await resolved(station, scan);
  if (lanes.requireFree(lane).start !== 'attach') throw new StationError('lane.starts-by-scan', { lane });
  requireMakeable(records, unit);
  const elsewhere = lanes.armed.laneOf(unit.id);
  if (elsewhere !== undefined && elsewhere !== lane) throw new StationError('lane.armed', { serial, lane: elsewhere });
  const actor = person(by);
  if (lanes.armed.isFresh(lane)) return { run: await lanes.start(lane, { unit, code: serial, how, actor }) };
  // In one turn of the event loop with what was asked above; the entry follows, and a run's own comes after it.
  const until = lanes.armed.arm(lane, { unit: unit.id, serial, order: unit.orderName, how, actor });
  try {
    await records.commits.commit(() => {
      const about = { lane, order: unit.orderName, unit: unitSaid(records, unit) };
      audit.append({ action: 'lane.armed', result: 'ok', ...people(operators, by), ...about, details: { how } });
    });
  } catch (thrown) {
    lanes.armed.disarm(lane);
    throw thrown;
  }
  return { until };
}

/** The unit of an armed lane was plugged in: its run starts as if the person who armed the lane had asked for it now. */
export async function startAttached(station: Station, lane: number, armed: ArmedUnit): Promise<void> {
  const { serial, order } = armed;
  // Whoever left or was erased meanwhile starts nothing.
  const actor = station.operators.byName(armed.actor.name);
  try {
    await station.call('run.start', { lane, serial, order }, { actor, attached: true });
  } catch (thrown) {
    station.lanes.refused(lane, asStationError(thrown, () => station.parts.log.incident(thrown)).toData());
  }
}

/** Whoever signs out starts nothing any more. */
export async function disarmLanesOf(station: Station, actor: Actor): Promise<void> {
  const { armed } = station.lanes;
  for (const lane of armed.armedBy(actor.operator)) {
    const waited = armed.disarm(lane);
    if (waited) await noteDisarmed(station, lane, waited, 'signed-out', actor);
  }
}

/** Notes that a lane waits no more, by whom, or for whom it waited. */
export async function noteDisarmed(
  { records, audit, operators }: Station,
  lane: number,
  { unit: id, actor: armedBy }: ArmedUnit,
  why: 'asked' | 'idle' | 'signed-out',
  by: Actor = armedBy,
): Promise<void> {
  await records.commits.commit(() => {
    const unit = records.units.byId(id);
    const who = { actor: operators.commitment(by), role: by.role };
    const about = { lane, order: unit.orderName, unit: unitSaid(records, unit) };
    audit.append({ action: 'lane.disarmed', result: 'ok', ...who, ...about, details: { why } });
  });
}

/** A lead has looked at the units that a lane stopped for, and says so. */
async function release({ records, audit, operators, lanes }: Station, lane: number, by: By): Promise<null> {
  lanes.requireKnown(lane);
  await records.commits.commit(() => {
    const error = records.laneStops.of(lane);
    if (!error) return;
    records.laneStops.release(lane);
    audit.append({ action: 'lane.released', result: 'ok', ...people(operators, by), lane, reason: error.code });
  });
  lanes.released(lane);
  return null;
}
