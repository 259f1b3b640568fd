import type { Bucket, Figures } from '../../../station-core/contract/orders.ts';

// What the charts draw, out of what the station told.

/** A share from 0 to 100, or none where nothing was made. */
export const share = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);

export type Rows = {
  readonly finished: readonly number[];
  readonly failed: readonly number[];
  readonly first: readonly (number | null)[];
  readonly yield: readonly (number | null)[];
  /** Seconds. */
  readonly median: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
};

/** Runs that ended otherwise than with a pass. */
export const failedOf = ({ runs, passed }: Pick<Figures, 'runs' | 'passed'>): number => runs - passed;

/** The buckets as rows of values, one for each line or bar. */
export function rowsOf(buckets: readonly Bucket[]): Rows {
  return {
    finished: buckets.map(({ finished }) => finished),
    failed: buckets.map(failedOf),
    first: buckets.map(({ first, firstPassed }) => share(firstPassed, first)),
    yield: buckets.map(({ units, passed }) => share(passed, units)),
    median: buckets.map(({ takt }) => takt && takt.median / 1_000),
    p95: buckets.map(({ takt }) => takt && takt.p95 / 1_000),
  };
}

/** At most so many hours are written below a chart. */
const mostLabels = 9;

/** Full hours, as many as there is room for; none below the other points. */
export function hourLabels(
  buckets: readonly Pick<Bucket, 'from'>[],
  write: (iso: string) => string,
): (string | null)[] {
  const full = buckets.filter(({ from }) => new Date(from).getMinutes() === 0);
  const every = Math.max(1, Math.ceil(full.length / mostLabels));
  const shown = new Set(full.filter((_, index) => index % every === 0).map(({ from }) => from));
  return buckets.map(({ from }) => (shown.has(from) ? write(from) : null));
}
