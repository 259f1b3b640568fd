import type { StationView } from '../station-core/contract/api.ts';
import { isRunEvent, type Progress, type StationEvent } from '../station-core/contract/events.ts';
import type { LightView } from '../station-core/contract/lights.ts';
import type { LaneView } from '../station-core/contract/record.ts';
import { fold, type RunEvent } from '../station-core/contract/run.ts';
import type { ScannerView } from '../station-core/contract/scanners.ts';

// What the screen knows, folded from what the station says. Pure, so that "no false green" can be a property test.

/** The step that a lane says it has begun, ahead of the commit that makes it so. */
export type Live = {
  readonly run: number;
  readonly step: string;
  readonly at: string;
  /** How far it is, in whole percent, where something says so. */
  readonly percent?: number;
};

export type LaneState = LaneView & { readonly live?: Live };

/** How the units of this session fared; `n` is the newest event that it has seen. */
export type Tally = { readonly n: number; readonly passed: number; readonly failed: number; readonly other: number };

/** How often the same failure came, one unit after the other, on whatever lanes; `n` is the event of the newest. */
export type Streak = { readonly code: string | undefined; readonly count: number; readonly n: number };

/** Runs up to this number, and failures up to this event. */
export type Seen = { readonly run: number; readonly n: number };

export type Board = Omit<StationView, 'lanes'> & {
  readonly lanes: readonly LaneState[];
  readonly tally: Tally;
  readonly streak: Streak;
  /** What a person has seen calls nobody any more. */
  readonly seen: Seen;
  /** How long a unit of each recipe took that passed, in milliseconds: what is left of the next one. */
  readonly took: Readonly<Record<string, number>>;
};

const nothingAlike: Streak = { code: undefined, count: 0, n: 0 };

/** A session that begins at event `n`. */
export const newTally = (n: number): Tally => ({ n, passed: 0, failed: 0, other: 0 });

/** The board as a view shows it; steps that a lane has begun since an older board's last commit are kept. */
export function boardOf(view: StationView, tally: Tally, older?: Board): Board {
  const lanes = view.lanes.map((lane): LaneState => {
    const live = older?.lanes.find((one) => one.lane === lane.lane)?.live;
    return live && live.run === lane.run?.id && !lane.run.outcome ? { ...lane, live } : lane;
  });
  const { streak = nothingAlike, seen = { run: 0, n: 0 }, took = {} } = older ?? {};
  return { ...view, lanes, tally, streak, seen, took };
}

/** A newer look at everything; an older one than the board changes nothing. */
export function lookAgain(board: Board, view: StationView): Board {
  return view.n < board.n ? board : boardOf(view, board.tally, board);
}

/** Folds one committed event. Safe to repeat: an event that was seen, by its number, changes nothing. */
export function foldEvent(board: Board, event: StationEvent): Board {
  const tally = count(board.tally, event);
  if (event.n <= board.n) return tally === board.tally ? board : { ...board, tally };
  const { n } = event;
  if (!('run' in event)) return { ...board, n, tally, backlog: event.event.backlog };
  const lanes = board.lanes.map((lane) => foldLane(lane, event.run, event.event));
  const orders = finished(board, event.run, event.event);
  return { ...board, n, tally, lanes, orders, streak: alike(board.streak, event), took: tookOf(board, event) };
}

/** A pass ends it; what was aborted says nothing. */
function alike(before: Streak, { n, event }: StationEvent & { readonly run: number }): Streak {
  if (event.type !== 'closed' || event.outcome === 'aborted') return before;
  if (event.outcome === 'passed') return nothingAlike;
  const code = event.error?.code;
  return { code, count: code === before.code ? before.count + 1 : 1, n };
}

function tookOf(board: Board, { run, event }: StationEvent & { readonly run: number }): Board['took'] {
  const made = board.lanes.find((lane) => lane.run?.id === run)?.run;
  if (!made || event.type !== 'closed' || event.outcome !== 'passed') return board.took;
  return { ...board.took, [made.recipe]: Date.parse(event.at) - Date.parse(made.openedAt) };
}

/** A person was there and has seen everything that stands on the board. */
export function seeAll(board: Board): Board {
  const run = Math.max(0, ...board.lanes.map((lane) => lane.run?.id ?? 0));
  return { ...board, seen: { run, n: board.n } };
}

/** Folds what goes out at once and is not committed: it moves a step's mark and never a verdict. */
export function foldProgress(board: Board, progress: Progress): Board {
  if (progress.type === 'sync') return { ...board, sync: progress.sync };
  if (progress.type === 'printing') return { ...board, printing: progress.printing };
  if (progress.type === 'hsm') return { ...board, hsm: progress.hsm };
  if (progress.type === 'lane') return { ...board, lanes: board.lanes.map((lane) => foldPlug(lane, progress)) };
  if (progress.type === 'scanner') return { ...board, scanners: withScanner(board.scanners, progress.scanner) };
  if (progress.type === 'light') return { ...board, lights: withLight(board.lights, progress.light) };
  if (progress.type !== 'step' && progress.type !== 'percent') return board; // what the board does not show
  const { run, step, at } = progress;
  const live = { run, step, at, ...(progress.type === 'percent' ? { percent: progress.percent } : {}) };
  const lanes = board.lanes.map((lane) =>
    lane.lane === progress.lane && lane.run?.id === run && !lane.run.outcome ? { ...lane, live } : lane,
  );
  return { ...board, lanes };
}

const withScanner = (scanners: Board['scanners'], scanner: ScannerView): Board['scanners'] =>
  [...scanners.filter((one) => one.scanner !== scanner.scanner), scanner].sort((a, b) => a.scanner - b.scanner);

const withLight = (lights: Board['lights'], light: LightView): Board['lights'] =>
  [...lights.filter((one) => one.light !== light.light), light].sort((a, b) => a.light - b.light);

/** Something was plugged into the lane's port or pulled out, its record could not be written, it waits for its turn, or it was stopped, released or armed. */
function foldPlug(
  lane: LaneState,
  { lane: number, attached, fault, armed, waits }: Extract<Progress, { type: 'lane' }>,
): LaneState {
  if (lane.lane !== number) return lane;
  const { fault: _, armed: __, waits: ___, ...rest } = lane;
  return {
    ...rest,
    attached,
    ...(fault ? { fault } : {}),
    ...(armed ? { armed } : {}),
    ...(waits ? { waits } : {}),
  };
}

/** A lane shows its newest run until the next one opens; what is told of other runs does not concern it. */
function foldLane(lane: LaneState, run: number, event: RunEvent): LaneState {
  const { lane: number, port, simulated, attached, start } = lane;
  const place = { lane: number, port, simulated, attached, ...(start ? { start } : {}) };
  if (event.type === 'opened') return event.lane === number ? { ...place, run: fold(run, undefined, event) } : lane;
  if (lane.run?.id !== run) return lane;
  const folded = fold(run, lane.run, event);
  return event.type === 'closed' ? { ...place, run: folded } : { ...lane, run: folded };
}

/** A unit finishes with the run that passes it; a finished unit is refused, so none is counted twice. */
function finished(board: Board, run: number, event: RunEvent): Board['orders'] {
  if (event.type !== 'closed' || event.outcome !== 'passed') return board.orders;
  const name = board.lanes.find((lane) => lane.run?.id === run)?.run?.order;
  return board.orders.map((order) => (order.name === name ? { ...order, finished: order.finished + 1 } : order));
}

function count(tally: Tally, event: StationEvent): Tally {
  if (event.n <= tally.n) return tally;
  const seen = { ...tally, n: event.n };
  if (!isRunEvent(event) || event.event.type !== 'closed') return seen;
  const { outcome } = event.event;
  if (outcome === 'passed') return { ...seen, passed: seen.passed + 1 };
  if (outcome === 'failed') return { ...seen, failed: seen.failed + 1 };
  return { ...seen, other: seen.other + 1 };
}
