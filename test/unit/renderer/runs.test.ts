import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookOf } from '../../../renderer/looks.ts';
import { type Board, boardOf, foldEvent, foldProgress, lookAgain, newTally } from '../../../renderer/runs.ts';
import type { StationEvent } from '../../../station-core/contract/events.ts';
import type { RunEvent } from '../../../station-core/contract/run.ts';
import { began, closed, emptyBoard, ended, journals, opened, plan } from './journal.ts';

const fold = (board: Board, ...events: StationEvent[]): Board => events.reduce(foldEvent, board);
const of = (run: number, ...events: RunEvent[]): StationEvent[] =>
  events.map((event, index) => ({ n: run + index, run, event }));
const laneOne = (board: Board) => {
  const [lane] = board.lanes;
  if (!lane) throw new TypeError('no lane');
  return lane;
};

describe('a lane', () => {
  const passing = of(1, opened(1, 1, 'S-1'), began(2, 'greet'), ended(3, 'greet'), closed(4, 'passed'));

  test('is ready, then busy, then has the verdict of the closed event', () => {
    const looks = [0, 1, 2, 3, 4].map((seen) => lookOf(laneOne(fold(emptyBoard(2), ...passing.slice(0, seen)))));
    expect(looks).toEqual(['ready', 'busy', 'busy', 'busy', 'passed']);
  });

  test('keeps its verdict until the next run opens on it, whatever else happens', () => {
    const after = fold(
      emptyBoard(2),
      ...passing,
      { n: 5, run: 5, event: opened(5, 2) },
      { n: 6, event: { type: 'backlog', at: '', backlog: { queued: 3, leased: 0, parked: 0, done: 1 } } },
      { n: 7, run: 5, event: closed(7, 'failed') },
    );
    expect(after.lanes.map(lookOf)).toEqual(['passed', 'failed']);
    const next = fold(after, { n: 8, run: 8, event: opened(8, 1, 'S-2') });
    expect(lookOf(laneOne(next))).toBe('busy');
    expect(laneOne(next).run?.serial).toBe('S-2');
  });

  test('ignores what is told of a run that is no longer its own', () => {
    const two = fold(emptyBoard(1), ...of(1, opened(1, 1)), { n: 2, run: 2, event: opened(2, 1) });
    expect(lookOf(laneOne(fold(two, { n: 3, run: 1, event: closed(3, 'passed') })))).toBe('busy');
  });

  test('that cannot say how its run ended shows the fault of the station, and no verdict', () => {
    const board = fold(emptyBoard(1), ...passing);
    const fault = { code: 'store.failed', details: { reason: 'SQLITE_FULL' } } as const;
    const faulty = { ...laneOne(board), fault };
    expect(lookOf(faulty)).toBe('errored');
    const next = fold({ ...board, lanes: [faulty] }, { n: 5, run: 5, event: opened(5, 1) });
    expect(lookOf(laneOne(next))).toBe('busy');
  });
});

describe('a page that was away', () => {
  test('counts and folds what it missed once, although the station repeats some of it', () => {
    fc.assert(
      fc.property(journals(3), fc.array(fc.nat()), (journal, cuts) => {
        const straight = fold(emptyBoard(3), ...journal);
        let board = emptyBoard(3);
        for (const cut of cuts) {
          const from = cut % journal.length;
          board = fold(board, ...journal.filter(({ n }) => n > Math.min(from, board.n) && n <= from + 5));
        }
        expect(fold(board, ...journal)).toEqual(straight);
      }),
    );
  });

  test('counts for the session what closed while it was away, and leaves the newer lanes as the view has them', () => {
    const journal = of(1, opened(1, 1), closed(2, 'passed'));
    const view = fold(emptyBoard(1), ...journal);
    const back = fold(boardOf({ ...view, lanes: view.lanes }, newTally(0)), ...journal);
    expect(back.tally).toEqual({ n: 2, passed: 1, failed: 0, other: 0 });
    expect(back.lanes).toEqual(view.lanes);
    expect(back.orders).toEqual(view.orders);
  });

  test('does not go back to an older look', () => {
    const board = fold(emptyBoard(1), ...of(1, opened(1, 1), closed(2, 'failed')));
    expect(lookAgain(board, emptyBoard(1))).toBe(board);
  });
});

test('an order counts a unit when the run that passes it closes', () => {
  const failed = fold(emptyBoard(1), ...of(1, opened(1, 1), closed(2, 'failed')));
  expect(failed.orders[0]?.finished).toBe(0);
  const passed = fold(failed, { n: 3, run: 3, event: opened(3, 1) }, { n: 4, run: 3, event: closed(4, 'passed') });
  expect(passed.orders[0]?.finished).toBe(1);
  expect(passed.tally).toEqual({ n: 4, passed: 1, failed: 1, other: 0 });
});

describe('no false green', () => {
  /** Says it again from the journal alone: the last run that opened on the lane has closed as passed. */
  const isPassed = (journal: readonly StationEvent[], lane: number): boolean => {
    const runs = journal.filter((one) => 'run' in one);
    const last = runs.findLast(({ event }) => event.type === 'opened' && event.lane === lane);
    return runs.some(({ run, event }) => run === last?.run && event.type === 'closed' && event.outcome === 'passed');
  };

  test('a lane is green exactly when its last run has a committed closed event that says passed', () => {
    const noise = fc.array(
      fc.record({ after: fc.nat(40), lane: fc.integer({ min: 1, max: 3 }), run: fc.integer({ min: 1, max: 40 }) }),
    );
    fc.assert(
      fc.property(journals(3), noise, (journal, noises) => {
        let board = emptyBoard(3);
        for (const event of journal) {
          board = foldEvent(board, event);
          for (const { lane, run } of noises.filter(({ after }) => after === event.n)) {
            const step = plan.at(-1)?.name ?? '';
            board = foldProgress(board, { type: 'step', run, lane, step, at: '2026-11-20T08:00:00.000Z' });
          }
          const seen = journal.slice(0, event.n);
          for (const lane of board.lanes) expect(lookOf(lane) === 'passed').toBe(isPassed(seen, lane.lane));
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('what a lane waits for is shown until it is told otherwise, and never beyond its run', () => {
  const run = { n: 1, run: 1, event: opened(1, 1) } as const;
  const waiting = { type: 'lane', lane: 1, attached: true, waits: { on: 'hsm', before: 3 } } as const;
  const board = foldProgress(foldEvent(emptyBoard(2), run), waiting);
  expect(board.lanes.map(({ waits }) => waits?.before)).toEqual([3, undefined]);
  expect(foldProgress(board, { type: 'lane', lane: 1, attached: true }).lanes[0]).not.toHaveProperty('waits');
  const over = foldEvent(board, { n: 2, run: 1, event: closed(2, 'passed') });
  expect(over.lanes[0]).not.toHaveProperty('waits');
});

test('a light that is not reached stands there until it is', () => {
  const error = { code: 'light.unreachable', details: { light: 2, reason: 'no answer' } } as const;
  const dark = foldProgress(emptyBoard(1), { type: 'light', light: { light: 2, error } });
  const both = foldProgress(dark, { type: 'light', light: { light: 1, lane: 1 } });
  expect(both.lights).toEqual([
    { light: 1, lane: 1 },
    { light: 2, error },
  ]);
  expect(foldProgress(both, { type: 'light', light: { light: 2 } }).lights).toEqual([
    { light: 1, lane: 1 },
    { light: 2 },
  ]);
});
