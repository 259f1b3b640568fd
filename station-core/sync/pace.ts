import { type Clock, pause } from '../clock.ts';

/**
 * Room for what the way to the service does to a call's time: it counts its own minutes by when calls arrive, so one that was
 * held up and one that was not may come closer together than they left. It costs 1.5 % of the budget, and allows for 0.6 s beside `slackMs`.
 */
const room = 1.015;

/** A call that a timer let out late may be followed sooner by this much, so that late timers do not add up (ms). */
const slackMs = 300;

/**
 * A budget of operations a minute, shared by everything that calls one service: evenly spaced, so that no 60 seconds hold more
 * than `perMinute` (F-136), also across a restart, after which nobody remembers what was sent. Callers wait their turn in order.
 */
export class Pace {
  readonly #spacing: number;
  readonly #clock: Clock;
  /** When the next operation may go out, by the monotonic clock. */
  #free = Number.NEGATIVE_INFINITY;
  #turn: Promise<void> = Promise.resolve();
  /** Operations that went out, for who looks. */
  #out: { readonly at: number; readonly cost: number }[] = [];
  readonly perMinute: number;

  constructor(perMinute: number, clock: Clock) {
    this.#spacing = (60_000 / perMinute) * room;
    this.#clock = clock;
    this.perMinute = perMinute;
  }

  /** How many operations went out in the last minute; after a restart nobody knows those of before. */
  used(): number {
    const since = this.#clock.monotonic() - 60_000;
    this.#out = this.#out.filter(({ at }) => at > since);
    return this.#out.reduce((sum, { cost }) => sum + cost, 0);
  }

  /** Resolves when one more operation may go out; one that counts as several takes the time of all of them. Throws the signal's reason. */
  take(signal: AbortSignal, cost = 1): Promise<void> {
    const mine = this.#turn.then(() => this.#wait(signal, cost));
    // The next in line goes on whether this one was let through or gave up; its caller hears of it through `mine`.
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #wait(signal: AbortSignal, cost: number): Promise<void> {
    signal.throwIfAborted();
    const ms = this.#free - this.#clock.monotonic();
    if (ms > 0) await pause(this.#clock, ms, signal);
    const now = this.#clock.monotonic();
    this.#free = Math.max(this.#free, now - slackMs) + this.#spacing * cost;
    this.#out.push({ at: now, cost });
    if ((this.#out[0]?.at ?? now) < now - 2 * 60_000) this.#out = this.#out.filter(({ at }) => at > now - 60_000);
  }
}
