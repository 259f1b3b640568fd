import { DpsError } from './errors.ts';

type Window = { began: number; used: number };

/**
 * Counts calls in fixed windows and refuses what goes over with 429 and Retry-After (DPS quotas and limits). How the
 * service really slices its minutes is not published; a window opens with the first call after the last one closed.
 */
export class Throttle {
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes `cost` calls of the budget `limit` per `windowMs` that `key` names, or refuses all of them. */
  take(key: string, cost: number, limit: number | null, windowMs: number): void {
    if (limit === null) return;
    const window = this.#windowOf(key, windowMs);
    // A call that costs more than a whole window passes alone in a fresh one; otherwise it could never pass.
    if (window.used > 0 && window.used + cost > limit) {
      const wait = Math.max(1, Math.ceil((window.began + windowMs - this.#now()) / 1000));
      throw new DpsError('throttled', undefined, { 'Retry-After': String(wait) });
    }
    window.used += cost;
  }

  #windowOf(key: string, windowMs: number): Window {
    const now = this.#now();
    const known = this.#windows.get(key);
    if (known && now >= known.began && now < known.began + windowMs) return known;
    if (this.#windows.size > 10_000) this.#windows.clear();
    const fresh = { began: now, used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}
