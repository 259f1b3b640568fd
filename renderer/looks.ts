import { type ErrorCode, type ErrorData, errors } from '../station-core/contract/errors.ts';
import type { Order } from '../station-core/contract/record.ts';
import type { Outcome, RunStep } from '../station-core/contract/run.ts';
import type { Board, LaneState, Tally } from './runs.ts';

// What is drawn of a board: decided here, purely, and only drawn elsewhere.

/** `armed`: a scan was taken, and the run starts when its unit is plugged in. */
export type Look = 'ready' | 'armed' | 'busy' | Outcome;

/** From worst to best: the first that a lane shows sets the headline (etcher#3218). */
export const worstFirst: readonly Look[] = [
  'indeterminate',
  'errored',
  'failed',
  'aborted',
  'busy',
  'armed',
  'passed',
  'ready',
];

/** A lane that takes no unit before a lead has looked: two units claim to be one. */
export const isStopped = ({ fault }: LaneState): boolean => fault?.code === 'lane.stopped';

/** How a lane looks. `passed` comes from a committed closed event alone; a lane that cannot say is the station's fault. */
export function lookOf(lane: LaneState): Look {
  // A stopped lane keeps the verdict of the unit that it was stopped for.
  if (lane.fault && !isStopped(lane)) return 'errored';
  if (lane.armed) return 'armed';
  if (!lane.run) return 'ready';
  return lane.run.outcome ?? 'busy';
}

/** So many failures with the same code, one after the other, are one alarm: the cause is hardly the units (EEMUA 191). */
const alarmFrom = 3;

/** Whether the same failure repeats, and nobody has seen it yet. */
export const isAlarm = ({ streak, seen }: Pick<Board, 'streak' | 'seen'>): boolean =>
  streak.count >= alarmFrom && streak.n > seen.n;

/** Whether doing it again may help: a failure that says so, or a person who stopped it. */
export function mayRetry({ run, fault, armed }: LaneState): boolean {
  if (!run?.outcome || run.outcome === 'passed' || fault || armed) return false;
  return run.outcome === 'aborted' || (run.error !== undefined && errors[run.error.code].retry);
}

/** The lane whose unit one key makes again: the one that was selected, else the newest that may be made again. */
export function retryLane(lanes: readonly LaneState[], selected: number | undefined): LaneState | undefined {
  const some = lanes.filter((lane) => mayRetry(lane) && (selected === undefined || lane.lane === selected));
  return some.toSorted((a, b) => (b.run?.id ?? 0) - (a.run?.id ?? 0))[0];
}

export type Headline = {
  readonly look: Look;
  readonly lanes: readonly number[];
  /** What is told of one lane where tiles are too small to say it. */
  readonly told: { readonly lane: number; readonly error: ErrorData; readonly isOpen: boolean } | undefined;
};

/** Tiles have room for a sentence up to so many lanes. */
const roomyLanes = 8;

/** The worst look of all lanes and who has it; what is told is of the selected lane, else of the first of those. */
export function headlineOf(lanes: readonly LaneState[], selected: number | undefined): Headline {
  const look = worstFirst.find((one) => lanes.some((lane) => lookOf(lane) === one)) ?? 'ready';
  const worst = lanes.filter((lane) => lookOf(lane) === look);
  const asked = lanes.find((lane) => lane.lane === selected && errorOf(lane));
  const of = asked ?? worst[0];
  const error = of && lanes.length > roomyLanes ? errorOf(of) : undefined;
  return { look, lanes: worst.map(({ lane }) => lane), told: of && error ? toldOf(of, error) : undefined };
}

/** `isOpen`: how the run ended is not known, which is what a person has to hear first. */
const toldOf = (lane: LaneState, error: ErrorData): Headline['told'] => ({
  lane: lane.lane,
  error,
  isOpen: lookOf(lane) === 'indeterminate',
});

/** Why a lane did not pass. */
export function errorOf(lane: LaneState): ErrorData | undefined {
  const look = lookOf(lane);
  return look === 'passed' || look === 'busy' || look === 'armed' ? undefined : (lane.fault ?? lane.run?.error);
}

/** The code that a person most likely asks about: of the selected lane, else of the first that has the headline. */
export function askedCode(lanes: readonly LaneState[], selected: number | undefined): ErrorCode | undefined {
  const worst = headlineOf(lanes, selected).lanes[0];
  const asked = [selected, worst].flatMap((number) => lanes.filter(({ lane }) => lane === number));
  return asked.flatMap((lane) => errorOf(lane)?.code ?? [])[0];
}

/**
 * Where the next scan goes: the lane that was selected, else a lane that never ran, else the free lane whose verdict has
 * stood longest; the lowest number first; never one that is stopped or waits for its unit. One that starts by plugging in needs
 * nothing plugged in. None when all work.
 */
export function nextLane(
  lanes: readonly LaneState[],
  selected: number | undefined,
  starting: ReadonlySet<number>,
): number | undefined {
  if (selected !== undefined) return selected;
  const since = ({ run }: LaneState) => run?.closedAt ?? run?.openedAt ?? '';
  const isThere = (lane: LaneState) => (lane.attached || lane.start === 'attach') && !isStopped(lane);
  const takes = (lane: LaneState) => isThere(lane) && lookOf(lane) !== 'busy' && !lane.armed;
  const free = lanes.filter((lane) => takes(lane) && !starting.has(lane.lane));
  return [...free].sort((a, b) => since(a).localeCompare(since(b)) || a.lane - b.lane)[0]?.lane;
}

/** The steps of a lane's run, with the one that has begun ahead of its commit. */
export function stepsOf({ run, live, armed }: LaneState): readonly RunStep[] {
  if (!run || armed) return [];
  const begun = live && !run.outcome ? run.steps.findIndex((step) => step.name === live.step) : -1;
  if (!live || begun < 0) return run.steps;
  return run.steps.map((step, index): RunStep => {
    if (index < begun && (step.state === 'waiting' || step.state === 'running')) return { ...step, state: 'ended' };
    if (index === begun && step.state === 'waiting') return { ...step, state: 'running', began: live.at };
    return step;
  });
}

/** How far the step is that a lane is at, in whole percent, where something says so. */
export const percentOf = ({ run, live }: LaneState): number | undefined =>
  live && run?.id === live.run && !run.outcome ? live.percent : undefined;

/** Passed of passed and failed, in whole percent; the rest says nothing about units. None before the first. */
export function yieldOf({ passed, failed }: Tally): number | undefined {
  return passed + failed === 0 ? undefined : Math.floor((100 * passed) / (passed + failed));
}

/** The order that people work on: that of the newest run, else the newest that is not done. */
export function orderOf({ lanes, orders }: Board): Order | undefined {
  const newest = lanes.reduce<LaneState['run']>(
    (one, { run }) => (run && run.id > (one?.id ?? 0) ? run : one),
    undefined,
  );
  const unfinished = orders.filter((order) => order.state === 'open' && order.finished < order.quantity);
  return orders.find((order) => order.name === newest?.order) ?? unfinished.at(-1);
}

/** Columns and rows for so many lanes, as the layout table has them. */
export function gridOf(lanes: number): { columns: number; rows: number } {
  const grids = [
    [1, 1],
    [2, 1],
    [2, 2],
    [4, 2],
    [4, 4],
    [8, 4],
  ] as const;
  const [columns, rows] = grids.find(([across, down]) => across * down >= lanes) ?? [8, 8];
  return { columns, rows };
}
