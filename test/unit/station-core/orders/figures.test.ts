import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketMs, type Figures } from '../../../../station-core/contract/orders.ts';
import { readFigures } from '../../../../station-core/orders/figures.ts';
import { ClosedRuns } from '../../../../station-core/store/closed-runs.ts';
import { addRuns, historyOf, type PastRun } from '../../../suites/order-history.ts';

const start = Date.parse('2026-11-27T06:00:00.000Z');
const hour = 3_600_000;
const codes = {
  failed: 'unit.silent',
  errored: 'hsm.down',
  aborted: 'run.aborted',
  indeterminate: 'link.lost',
} as const;
const signal = new AbortController().signal;

/** Units 1 to 8 are of order 1, 9 to 12 of order 2. A unit that passed is not run again. */
const history = fc
  .array(
    fc.record({
      unit: fc.integer({ min: 1, max: 12 }),
      opened: fc.integer({ min: 0, max: 3 * hour }),
      took: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.constant(null)),
      outcome: fc.constantFrom('passed', 'failed', 'errored', 'aborted', 'indeterminate'),
    }),
    { maxLength: 60 },
  )
  .map((drawn): PastRun[] => {
    const over = new Set<number>();
    return drawn.flatMap(({ unit, opened, took, outcome }) => {
      if (over.has(unit)) return [];
      if (outcome === 'passed' || took === null) over.add(unit);
      const code = outcome === 'passed' ? {} : { code: codes[outcome] };
      const closed = took === null ? null : start + opened + took;
      return [{ order: unit <= 8 ? 1 : 2, unit, opened: start + opened, closed, outcome, ...code }];
    });
  });

type Ended = PastRun & { readonly closed: number; readonly id: number };

/** The same figures the slow way: every number out of the list of runs alone. */
function naive(all: readonly PastRun[], from: number, to: number, order: number | null, since = from): Figures {
  const firsts = new Map<number, number>();
  for (const [id, { unit }] of all.entries()) if (!firsts.has(unit)) firsts.set(unit, id);
  const ended = all
    .map((run, id) => ({ ...run, id }))
    .filter((run): run is Ended => run.closed !== null && (order === null || run.order === order))
    .sort((a, b) => a.closed - b.closed || a.id - b.id);
  const within = ended.filter(({ closed }) => closed >= from && closed < to);
  const passed = within.filter(({ outcome }) => outcome === 'passed');
  const first = within.filter(({ unit, id }) => firsts.get(unit) === id);
  const passes = ended.filter(({ outcome, closed }) => outcome === 'passed' && closed >= since && closed < to);
  const takts = passes.flatMap(({ closed }, index) => {
    const before = passes[index - 1];
    return before && closed >= from ? [closed - before.closed] : [];
  });
  return {
    runs: within.length,
    finished: passed.length,
    units: new Set(within.map(({ unit }) => unit)).size,
    passed: new Set(passed.map(({ unit }) => unit)).size,
    first: first.length,
    firstPassed: first.filter(({ outcome }) => outcome === 'passed').length,
    takt: spread(takts),
    run: spread(passed.map(({ opened, closed }) => closed - opened)),
  };
}

/** The smallest measured value that at least such a share of all is not above. */
function spread(values: readonly number[]) {
  if (values.length === 0) return null;
  const at = (share: number) =>
    Math.min(...values.filter((one) => values.filter((other) => other <= one).length >= share * values.length));
  return { median: at(0.5), p95: at(0.95) };
}

test('figures of a time are those of a naive computation over all runs, for one order and for all', async () => {
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.integer({ min: -hour, max: 2 * hour }),
      fc.integer({ min: 1, max: 4 * hour }),
      fc.constantFrom(null, 1, 2),
      async (runs, begins, lasts, order) => {
        const db = historyOf([8, 4]);
        addRuns(db, runs);
        const [from, to] = [start + begins, start + begins + lasts];
        const { total, buckets, failures } = await readFigures(new ClosedRuns(db), { from, to, order }, signal);
        db.close();
        expect(total).toEqual(naive(runs, from, to, order));
        for (const { from: at, ...bucket } of buckets) {
          const [lower, upper] = [Date.parse(at), Math.min(to, (Math.floor(Date.parse(at) / bucketMs) + 1) * bucketMs)];
          expect(bucket).toEqual(naive(runs, lower, upper, order, from));
        }
        expect(failures.reduce((sum, one) => sum + one.runs, 0)).toBe(
          total.runs - runs.filter((run) => run.outcome === 'passed' && isWithin(run, from, to, order)).length,
        );
        for (const { outcome, code } of failures) expect(codes[outcome]).toBe(code);
      },
    ),
    { numRuns: 25 },
  );
});

const isWithin = ({ closed, order: of }: PastRun, from: number, to: number, order: number | null) =>
  closed !== null && closed >= from && closed < to && (order === null || of === order);

test('buckets follow each other without a gap and begin at quarters of an hour', async () => {
  const db = historyOf([1]);
  const asked = { from: start + 5 * 60_000, to: start + 2 * hour, order: null };
  const { buckets, total } = await readFigures(new ClosedRuns(db), asked, signal);
  expect(buckets.map(({ from }) => from.slice(11, 16))).toEqual([
    '06:05',
    '06:15',
    '06:30',
    '06:45',
    '07:00',
    '07:15',
    '07:30',
    '07:45',
  ]);
  expect(total).toMatchObject({ runs: 0, takt: null, run: null });
});

test('a time that is empty, or longer than a day, is refused', async () => {
  const runs = new ClosedRuns(historyOf([1]));
  const ask = (from: number, to: number) => readFigures(runs, { from, to, order: null }, signal);
  await expect(ask(start, start)).rejects.toThrow(/a beginning before the end/);
  await expect(ask(start, start + 25 * hour)).rejects.toThrow(/at most 24 hours, found 25 hours/);
});
