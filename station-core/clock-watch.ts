import type { ClockTrust } from './audit/log.ts';
import type { Clock } from './clock.ts';

/** What a clock did that did not go on evenly: the time that it should have said, the one that it said, and the difference. */
export type ClockJump = { readonly before: string; readonly after: string; readonly bySeconds: number };

/** A clock that is put right by this much was wrong before, or is now (docs/decisions.md, clock). */
const jumpMs = 60_000;

/** How often the clock is looked at when no entry is written. */
const lookEveryMs = 30_000;

/**
 * The times of audit entries, and a watch over them: the clock against the monotonic one, which nobody sets. A machine that slept has a
 * jump too, since its monotonic clock stood still.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #trust: () => ClockTrust;
  #last: { readonly at: number; readonly mono: number };
  #jumped: (jump: ClockJump) => void = () => undefined;

  constructor(clock: Clock, trust: () => ClockTrust = () => 'unknown') {
    this.#clock = clock;
    this.#trust = trust;
    this.#last = { at: clock.now(), mono: clock.monotonic() };
  }

  /** The time for an entry; a jump since the last look is told of before this answers. */
  now(): { readonly at: string; readonly mono: number; readonly trust: ClockTrust } {
    const { at, mono } = this.#look();
    return { at: new Date(at).toISOString(), mono: Math.round(mono), trust: this.#trust() };
  }

  /** Looks every now and then, and tells of jumps. Answers how to stop. */
  start(jumped: (jump: ClockJump) => void): () => void {
    this.#jumped = jumped;
    let silence: () => void = () => undefined;
    const again = () => {
      silence = this.#clock.timer(lookEveryMs, () => {
        this.#look();
        again();
      });
    };
    again();
    return () => silence();
  }

  #look(): { readonly at: number; readonly mono: number } {
    const [at, mono] = [this.#clock.now(), this.#clock.monotonic()];
    const expected = this.#last.at + (mono - this.#last.mono);
    this.#last = { at, mono };
    if (Math.abs(at - expected) > jumpMs) this.#jumped(jumpOf(expected, at));
    return { at, mono };
  }
}

/** A jump from one time to another, Unix milliseconds; none that is too small to be told. */
export function jumpBetween(before: number, after: number): ClockJump | undefined {
  return Math.abs(after - before) > jumpMs ? jumpOf(before, after) : undefined;
}

const jumpOf = (before: number, after: number): ClockJump => ({
  before: new Date(before).toISOString(),
  after: new Date(after).toISOString(),
  bySeconds: Math.round((after - before) / 1_000),
});
