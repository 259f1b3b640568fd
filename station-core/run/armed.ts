import type { Actor, ArmedView } from '../contract/record.ts';
import type { How } from '../contract/run.ts';

/** A unit that a lane waits for. */
export type ArmedUnit = {
  readonly unit: number;
  readonly serial: string;
  readonly order: string;
  readonly how: How;
  readonly actor: Actor;
};

/** An armed lane that nobody plugs a unit into is forgotten: whoever comes later may have another unit in hand (etcher#951). */
const idleMs = 5 * 60_000;

export type ArmedListeners = {
  /** The lane is armed, or is no more. */
  changed(lane: number): void;
  /** Its unit was plugged in. */
  start(lane: number, armed: ArmedUnit): void;
  /** Nobody plugged it in for five minutes. */
  idle(lane: number, armed: ArmedUnit): void;
};

type Waiting = { readonly armed: ArmedUnit; readonly until: string; readonly timer: NodeJS.Timeout };

/**
 * Lanes that start by themselves, for fixtures that take both hands: a scan arms a lane, and plugging the unit in starts one run.
 * All of it is in memory alone: after a restart no lane is armed.
 */
export class ArmedLanes {
  readonly #told: ArmedListeners;
  readonly #waiting = new Map<number, Waiting>();
  /** Lanes whose unit was plugged in since the last run there began: that unit was not made yet. */
  readonly #fresh = new Set<number>();

  constructor(told: ArmedListeners) {
    this.#told = told;
  }

  /** Arms a lane, in place of the unit that it was armed for before. Answers until when. */
  arm(lane: number, armed: ArmedUnit): string {
    this.#forget(lane);
    const until = new Date(Date.now() + idleMs).toISOString();
    const timer = setTimeout(() => {
      this.#forget(lane);
      this.#told.idle(lane, armed);
      this.#told.changed(lane);
    }, idleMs);
    // A station that stops waits for no fixture.
    timer.unref();
    this.#waiting.set(lane, { armed, until, timer });
    this.#told.changed(lane);
    return until;
  }

  /** Disarms a lane and answers what it waited for, if it did. */
  disarm(lane: number): ArmedUnit | undefined {
    const armed = this.#forget(lane);
    if (armed) this.#told.changed(lane);
    return armed;
  }

  /** The lanes that a person armed. */
  armedBy(operator: number): number[] {
    return [...this.#waiting].flatMap(([lane, { armed }]) => (armed.actor.operator === operator ? [lane] : []));
  }

  /** The lane that waits for this unit, if one does. */
  laneOf(unit: number): number | undefined {
    return [...this.#waiting].find(([, { armed }]) => armed.unit === unit)?.[0];
  }

  view(lane: number): ArmedView | undefined {
    const waiting = this.#waiting.get(lane);
    return waiting && { serial: waiting.armed.serial, until: waiting.until };
  }

  /** Whether the unit that sits there was plugged in since the lane's last run began. */
  isFresh(lane: number): boolean {
    return this.#fresh.has(lane);
  }

  /** A run began on this lane: its unit is not fresh any more, and nothing is waited for. */
  began(lane: number): void {
    this.#fresh.delete(lane);
    this.#forget(lane);
  }

  /** Something was plugged in or pulled out. An armed lane starts once: plugs bounce, and a unit is replugged while it is made. */
  plugged(lane: number, attached: boolean, isBusy: boolean): void {
    if (!attached || isBusy) {
      this.#fresh.delete(lane);
      return;
    }
    this.#fresh.add(lane);
    const armed = this.disarm(lane);
    if (armed) this.#told.start(lane, armed);
  }

  #forget(lane: number): ArmedUnit | undefined {
    const waiting = this.#waiting.get(lane);
    this.#waiting.delete(lane);
    clearTimeout(waiting?.timer);
    return waiting?.armed;
  }
}
