import type { Clock } from '../clock.ts';
import type { ErrorData } from '../contract/errors.ts';
import type { Hold, Holds } from '../store/holds.ts';
import { mayPass, retryAfterMs } from './backoff.ts';

export type BreakerNeed = {
  readonly holds: Holds;
  readonly clock: Clock;
  /** In [0, 1); for jitter. */
  readonly random: () => number;
  /** Inside a commit: this target is not called before a person asks. */
  readonly stopped: (target: string, error: ErrorData) => void;
};

/**
 * When each target may be called: not for a while after calls failed, longer each time, and not before a person asks where only a
 * person can help. It remembers over a restart, which must not call again what asked to be left alone.
 */
export class Breaker {
  readonly #need: BreakerNeed;
  readonly #held: Map<string, Hold>;

  constructor(need: BreakerNeed) {
    this.#need = need;
    this.#held = need.holds.all();
  }

  of(target: string): Hold | undefined {
    return this.#held.get(target);
  }

  /** Whether the last call to this target failed. */
  isTrying(target: string): boolean {
    return this.#held.has(target);
  }

  mayCall(target: string, now: number): boolean {
    return (this.#held.get(target)?.until ?? 0) <= now;
  }

  /** Inside a commit: a call that left at `began` failed as a whole. */
  failed(target: string, began: number, error: ErrorData): void {
    const { clock, random } = this.#need;
    const now = clock.now();
    const before = this.#held.get(target);
    // No call leaves while the target is held, so this one had left before. Of those that were on their way together the
    // first counts; a later one may only hold the target longer.
    const together = before !== undefined && began < before.until;
    const failures = together ? before.failures : (before?.failures ?? 0) + 1;
    const until = mayPass(error) ? now + retryAfterMs(error, failures - 1, random()) : Number.POSITIVE_INFINITY;
    if (together && before.until >= until) return;
    this.#hold(target, { until, failures, error });
    if (!Number.isFinite(until)) this.#need.stopped(target, error);
  }

  /** Inside a commit: a call that left at `began` came through. One that had left before the target was held proves nothing. */
  succeeded(target: string, began: number): void {
    const held = this.#held.get(target);
    if (held && began >= held.until) this.lift(target);
  }

  /** Inside a commit: the target may be called at once. */
  lift(target: string): void {
    if (!this.#held.delete(target)) return;
    this.#need.holds.clear(target);
  }

  #hold(target: string, hold: Hold): void {
    this.#held.set(target, hold);
    this.#need.holds.set(target, hold);
  }
}
