import type { Clock } from '../clock.ts';

/**
 * A budget of operations a minute, shared by everything that calls one service: never more than `perMinute` in any 60
 * seconds (F-136). Callers wait their turn in order.
 */
export class Pace {
  readonly #perMinute: number;
  readonly #clock: Clock;
  /** When each of the last `perMinute` operations was let through, oldest first, as a ring. */
  readonly #times: number[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Resolves when one more operation may go out. Throws the signal's reason. */
  take(signal: AbortSignal): Promise<void> {
    const mine = this.#turn.then(() => this.#wait(signal));
    // The next in line goes on whether this one was let through or gave up; its caller hears of it through `mine`.
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const oldest = this.#times.length < this.#perMinute ? undefined : this.#times.shift();
    const ms = oldest === undefined ? 0 : oldest + 60_000 - this.#clock.monotonic();
    if (ms > 0) await pause(ms, signal);
    this.#times.push(this.#clock.monotonic());
  }
}

/** Waits, or throws the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
