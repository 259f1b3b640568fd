import type { ErrorData } from '../station-core/contract/errors.ts';

/** How a station process ended: how long it was open, if it was at all, and what it said of its end, if anything. */
export type Ended = { readonly upForMs: number | undefined; readonly problem: ErrorData | undefined };

/** Another try, and how many there were in a row, with it. */
export type Retry = { readonly afterMs: number; readonly tries: number };

/** What to do about it: try again, or show why it cannot start and wait for a person. */
export type Next = ({ readonly do: 'restart' } & Retry) | { readonly do: 'show'; readonly problem: ErrorData };

/** At once the first time, since it may have been chance and the line waits; each time after that it helps less. */
const pausesMs = [0, 500, 1_000, 2_000, 5_000, 10_000] as const;

/** Who was up for that long was well: the next death counts as the first. */
const wellAfterMs = 60_000;

/** When to try again after the `tries` before, for something that was up for `upForMs`. */
export function retry(upForMs: number | undefined, tries: number): Retry {
  const before = upForMs !== undefined && upForMs >= wellAfterMs ? 0 : tries;
  return { afterMs: pausesMs[before] ?? 10_000, tries: before + 1 };
}

/** Decides what follows the end of a station process that nobody asked to end. */
export function afterEnd({ upForMs, problem }: Ended, tries: number): Next {
  if (problem) return { do: 'show', problem };
  return { do: 'restart', ...retry(upForMs, tries) };
}
