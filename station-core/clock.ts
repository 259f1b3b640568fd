/** Where times come from. Tests bring their own; the product has one. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds of a clock that never goes back, of no fixed origin; for durations and the audit's `mono`. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** ISO 8601 in UTC with milliseconds, as journal and audit write it. */
export const isoTime = (clock: Clock): string => new Date(clock.now()).toISOString();
