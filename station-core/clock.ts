/** Where times come from. Tests bring their own; the product has one. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds of a clock that never goes back, of no fixed origin; for durations and the audit's `mono`. */
  monotonic(): number;
  /** Rings once, `ms` milliseconds from now or a little later (sooner where that is over 24 days); answers how to silence it. */
  timer(ms: number, ring: () => void): () => void;
}

/** setTimeout takes no longer ones: it would ring at once. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timer: (ms, ring) => {
    const timer = setTimeout(ring, Math.min(ms, longestTimer));
    return () => clearTimeout(timer);
  },
};

/** ISO 8601 in UTC with milliseconds, as journal and audit write it. */
export const isoTime = (clock: Clock): string => new Date(clock.now()).toISOString();

/** Waits, or throws the signal's reason as soon as it is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      silence();
      reject(signal.reason);
    };
    const silence = clock.timer(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
