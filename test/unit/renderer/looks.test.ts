import { describe, expect, test } from 'vitest';
import {
  askedCode,
  gridOf,
  headlineOf,
  lookOf,
  nextLane,
  orderOf,
  percentOf,
  stepsOf,
  yieldOf,
} from '../../../renderer/looks.ts';
import { type Board, foldEvent, foldProgress, newTally } from '../../../renderer/runs.ts';
import type { ErrorCode } from '../../../station-core/contract/errors.ts';
import type { Outcome } from '../../../station-core/contract/run.ts';
import { began, closed, emptyBoard, opened } from './journal.ts';

/** A board whose lanes ended like this, one after the other; `undefined` still runs. */
function boardWith(lanes: number, ...ends: (Outcome | undefined)[]): Board {
  return ends.reduce<Board>((board, outcome, index) => {
    const n = board.n + 1;
    const open = foldEvent(board, { n, run: n, event: opened(n, index + 1) });
    return outcome ? foldEvent(open, { n: n + 1, run: n, event: closed(n + 1, outcome) }) : open;
  }, emptyBoard(lanes));
}

describe('the headline', () => {
  test('is set by the one lane of 32 that failed', () => {
    const board = boardWith(32, 'passed', 'passed', 'failed', 'passed');
    expect(headlineOf(board.lanes, undefined)).toMatchObject({ look: 'failed', lanes: [3] });
  });

  test('puts what needs a person before what failed, and work before success', () => {
    expect(headlineOf(boardWith(4, 'failed', 'indeterminate').lanes, undefined).look).toBe('indeterminate');
    expect(headlineOf(boardWith(4, 'passed', undefined).lanes, undefined).look).toBe('busy');
    expect(headlineOf(boardWith(4, 'passed').lanes, undefined)).toMatchObject({ look: 'passed', lanes: [1] });
    expect(headlineOf(emptyBoard(4).lanes, undefined).look).toBe('ready');
  });
});

describe('the code that help is asked about', () => {
  const failed = (board: Board, run: number, lane: number, code: ErrorCode) => {
    const open = foldEvent(board, { n: board.n + 1, run, event: opened(run, lane) });
    const error = { code, details: {} };
    return foldEvent(open, {
      n: open.n + 1,
      run,
      event: { type: 'closed', at: '2026-11-27T08:00:00.000Z', outcome: 'failed', error },
    });
  };
  const { lanes } = failed(failed(emptyBoard(3), 1, 2, 'unit.silent'), 2, 3, 'unit.garbled');

  test('is that of the selected lane, else of the first that has the headline', () => {
    expect(askedCode(lanes, undefined)).toBe('unit.silent');
    expect(askedCode(lanes, 3)).toBe('unit.garbled');
    expect(askedCode(lanes, 1)).toBe('unit.silent');
  });

  test('is none where no lane says anything', () => {
    expect(askedCode(boardWith(2, 'passed').lanes, undefined)).toBeUndefined();
  });
});

describe('the next scan goes to', () => {
  const none: ReadonlySet<number> = new Set();

  test('the lowest lane that never ran, else the one whose verdict has stood longest', () => {
    expect(nextLane(emptyBoard(3).lanes, undefined, none)).toBe(1);
    expect(nextLane(boardWith(3, 'passed', undefined).lanes, undefined, none)).toBe(3);
    expect(nextLane(boardWith(3, 'passed', 'failed', undefined).lanes, undefined, none)).toBe(1);
  });

  test('no lane that works or is about to', () => {
    expect(nextLane(boardWith(2, undefined).lanes, undefined, new Set([2]))).toBeUndefined();
  });

  test('no lane that is stopped, whose verdict stays until a lead has looked', () => {
    const stop = {
      type: 'lane',
      lane: 1,
      attached: true,
      fault: { code: 'lane.stopped', details: { lane: 1 } },
    } as const;
    const stopped = foldProgress(boardWith(2, 'failed', 'failed'), stop);
    expect(stopped.lanes[0] && lookOf(stopped.lanes[0])).toBe('failed');
    expect(nextLane(stopped.lanes, undefined, none)).toBe(2);
    const released = foldProgress(stopped, { type: 'lane', lane: 1, attached: true });
    expect(released.lanes[0]?.fault).toBeUndefined();
    expect(nextLane(released.lanes, undefined, none)).toBe(1);
  });

  test('the lane that was selected, even a busy one, which the station then refuses', () => {
    expect(nextLane(boardWith(2, undefined).lanes, 1, none)).toBe(1);
  });
});

describe('the steps', () => {
  const running = foldEvent(boardWith(1, undefined), { n: 2, run: 1, event: began(2, 'greet') });
  const states = (board: Board) =>
    stepsOf(board.lanes[0] ?? { lane: 1, port: '', simulated: true, attached: true }).map(({ state }) => state);
  const progress = { type: 'step', run: 1, lane: 1, step: 'release', at: '2026-11-20T08:00:03.000Z' } as const;

  test('show the step that has begun ahead of its commit', () => {
    expect(states(running)).toEqual(['running', 'waiting', 'waiting']);
    expect(states(foldProgress(running, progress))).toEqual(['ended', 'running', 'waiting']);
  });

  test('show after the verdict only what was committed', () => {
    const done = foldEvent(foldProgress(running, progress), { n: 3, run: 1, event: closed(3, 'errored') });
    expect(states(done)).toEqual(['running', 'waiting', 'waiting']);
    expect(states(foldProgress(done, progress))).toEqual(['running', 'waiting', 'waiting']);
  });

  test('say how far the one is that runs, until the next one begins or the verdict is there', () => {
    const percent = (board: Board) => board.lanes[0] && percentOf(board.lanes[0]);
    const told = { ...progress, type: 'percent', percent: 42 } as const;
    const half = foldProgress(running, told);
    expect([states(half), percent(half)]).toEqual([['ended', 'running', 'waiting'], 42]);
    expect(percent(running)).toBeUndefined();
    expect(percent(foldProgress(half, { ...progress, step: 'prove' }))).toBeUndefined();
    expect(percent(foldEvent(half, { n: 3, run: 1, event: closed(3, 'passed') }))).toBeUndefined();
    expect(percent(foldProgress(running, { ...told, run: 2 }))).toBeUndefined();
  });
});

test('yield is passed of passed and failed, and none before the first', () => {
  expect(yieldOf(newTally(0))).toBeUndefined();
  expect(yieldOf({ n: 9, passed: 2, failed: 1, other: 4 })).toBe(66);
});

test('the order shown is that of the newest run, else one that is not done', () => {
  const other = { ...emptyBoard(1).orders[0], name: 'order-2', id: 2 } as Board['orders'][number];
  const board = emptyBoard(1);
  expect(orderOf({ ...board, orders: [...board.orders, other] })?.name).toBe('order-2');
  const run = boardWith(1, undefined);
  expect(orderOf({ ...run, orders: [...run.orders, other] })?.name).toBe('order-1');
  expect(orderOf({ ...board, orders: [] })).toBeUndefined();
});

test('lanes stand as the layout table has them', () => {
  const grid = (lanes: number) => Object.values(gridOf(lanes)).join(' × ');
  expect([1, 4, 8, 16, 32].map(grid)).toEqual(['1 × 1', '2 × 2', '4 × 2', '4 × 4', '8 × 4']);
  expect([3, 20, 64].map(grid)).toEqual(['2 × 2', '8 × 4', '8 × 8']);
});

test('a lane whose fixture is not plugged in gets no scan by itself', () => {
  const [one, two] = [1, 2].map((lane) => ({ lane, port: '', simulated: false, attached: lane === 2 }));
  expect(nextLane(one && two ? [one, two] : [], undefined, new Set())).toBe(2);
});
