import { setImmediate } from 'node:timers/promises';
import { StationError } from '../contract/errors.ts';
import {
  type Bucket,
  bucketMs,
  type Failure,
  type Figures,
  longestFiguresMs,
  type OrderFigures,
  type Spread,
} from '../contract/orders.ts';
import type { ClosedRun, ClosedRuns, Span } from '../store/closed-runs.ts';

/** More runs than 32 lanes close in a day with 7 seconds for each. */
const mostRuns = 400_000;

export type FiguresAsked = { readonly from: number; readonly to: number; readonly order: number | null };

/**
 * The figures of a time, read a bucket at a time so that the lanes go on in between. Throws `input.invalid` for a time that is
 * empty or too long, or that has more runs than figures are made of.
 */
export async function readFigures(
  runs: ClosedRuns,
  asked: FiguresAsked,
  signal: AbortSignal,
): Promise<Pick<OrderFigures, 'total' | 'buckets' | 'failures'>> {
  const total = new Tally();
  const buckets: Bucket[] = [];
  const failures = new Failures();
  let pass: number | null = null;
  let count = 0;
  for (const span of spansOf(asked)) {
    const closed = runs.between(span, mostRuns);
    count += closed.length;
    if (count > mostRuns) throw outside(`a time with at most ${mostRuns} runs`, 'more');
    const bucket = new Tally();
    for (const run of closed) {
      bucket.add(run, pass);
      total.add(run, pass);
      if (run.outcome === 'passed') pass = Date.parse(run.closedAt);
      else failures.add(run.outcome, runs.codeOf(run.id) ?? 'internal');
    }
    const finished = runs.finished(span);
    bucket.finished += finished;
    total.finished += finished;
    buckets.push({ from: span.from, ...bucket.figures() });
    await setImmediate();
    signal.throwIfAborted();
  }
  return { total: total.figures(), buckets, failures: failures.mostFirst() };
}

/** The quarters of an hour that a time lies in, the first and the last cut where it begins and ends. */
function* spansOf({ from, to, order }: FiguresAsked): Generator<Span> {
  if (from >= to) throw outside('a beginning before the end', 'one that is not');
  if (to - from > longestFiguresMs) throw outside('at most 24 hours', `${Math.ceil((to - from) / 3_600_000)} hours`);
  for (let at = from; at < to; ) {
    const end = Math.min(to, (Math.floor(at / bucketMs) + 1) * bucketMs);
    yield { from: new Date(at).toISOString(), to: new Date(end).toISOString(), order };
    at = end;
  }
}

const outside = (expected: string, found: string): StationError =>
  new StationError('input.invalid', { place: 'orders.figures', expected, found });

/** Counts runs. */
class Tally {
  finished = 0;
  #runs = 0;
  #first = 0;
  #firstPassed = 0;
  readonly #units = new Set<number>();
  readonly #passed = new Set<number>();
  readonly #takts: number[] = [];
  readonly #times: number[] = [];

  /** `before` is when a run passed last, in this time. */
  add({ unit, first, outcome, openedAt, closedAt }: ClosedRun, before: number | null): void {
    const passed = outcome === 'passed';
    const closed = Date.parse(closedAt);
    this.#runs++;
    this.#units.add(unit);
    if (first) this.#first++;
    if (first && passed) this.#firstPassed++;
    if (!passed) return;
    this.#passed.add(unit);
    this.#times.push(Math.max(0, closed - Date.parse(openedAt)));
    if (before !== null) this.#takts.push(closed - before);
  }

  figures(): Figures {
    return {
      runs: this.#runs,
      finished: this.finished,
      units: this.#units.size,
      passed: this.#passed.size,
      first: this.#first,
      firstPassed: this.#firstPassed,
      takt: spreadOf(this.#takts),
      run: spreadOf(this.#times),
    };
  }
}

/** Runs that did not pass, by outcome and error. */
class Failures {
  readonly #runs = new Map<string, Failure>();

  add(outcome: Failure['outcome'], code: string): void {
    const key = `${outcome} ${code}`;
    this.#runs.set(key, { outcome, code, runs: (this.#runs.get(key)?.runs ?? 0) + 1 });
  }

  mostFirst(): Failure[] {
    return [...this.#runs.values()].sort((a, b) => b.runs - a.runs || (a.code < b.code ? -1 : 1));
  }
}

/** Median and 95th percentile by nearest rank. */
function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { median: at(0.5), p95: at(0.95) };
}
