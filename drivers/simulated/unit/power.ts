import type { PowerFault } from './faults.ts';
import type { Flash } from './flash.ts';
import { Memory } from './memory.ts';
import { PowerCut } from './power-cut.ts';
import type { UnitFacts } from './unit-state.ts';
import { type UnitGiven, WiredUnit } from './wired.ts';

export { PowerCut };

/** Takes what a unit says. */
export type Hear = (bytes: Buffer) => void;

/** Bytes that a unit received, sent and wrote into its memory. */
export type PowerCounts = Readonly<Record<PowerFault['of'], number>>;

/** The power of a lane: counts what its unit does, and is cut once, where the plan says so. */
export class Power {
  readonly #counts = { received: 0, sent: 0, written: 0 };
  readonly #plan: PowerFault | undefined;
  #spent = false;

  constructor(plan?: PowerFault) {
    this.#plan = plan;
  }

  get counts(): PowerCounts {
    return { ...this.#counts };
  }

  /** Whether the unit starts again by itself. */
  get restartsAtOnce(): boolean {
    return this.#plan?.restart === 'at-once';
  }

  /** Counts bytes; answers how many of them there were before the power was gone, and whether it is. */
  take(of: PowerFault['of'], bytes: number): { readonly taken: number; readonly cut: boolean } {
    const left = this.#plan?.of === of && !this.#spent ? this.#plan.cutAfter - this.#counts[of] : Infinity;
    const taken = Math.min(bytes, left);
    this.#counts[of] += taken;
    const cut = bytes >= left;
    if (cut) this.#spent = true;
    return { taken, cut };
  }
}

/** A unit's memory under a power that may be cut after any byte of any write. */
class PoweredFlash implements Flash {
  readonly #flash: Flash;
  readonly #power: Power;

  constructor(flash: Flash, power: Power) {
    this.#flash = flash;
    this.#power = power;
  }

  read(offset: number, length: number): Buffer {
    return this.#flash.read(offset, length);
  }

  write(offset: number, bytes: Uint8Array): void {
    const { taken, cut } = this.#power.take('written', bytes.length);
    this.#flash.write(offset, bytes.subarray(0, taken));
    if (cut) throw new PowerCut();
  }
}

/** A unit that can lose its power at any byte, and starts again from what its memory kept. */
export class PoweredUnit {
  /** A silent unit takes everything and answers nothing. */
  silent = false;
  readonly #facts: UnitFacts;
  readonly #flash: Flash;
  readonly #given: UnitGiven;
  #power: Power;
  #unit: WiredUnit | undefined;

  constructor(facts: UnitFacts, flash: Flash, power = new Power(), given: UnitGiven = {}) {
    this.#facts = facts;
    this.#flash = flash;
    this.#power = power;
    this.#given = given;
    this.#boot();
  }

  /** Takes the power away for good: nothing that is still on its way in it happens. */
  unplug(): void {
    this.#unit?.end();
    this.#unit = undefined;
  }

  /** Puts it on another power, from its start. */
  plugIn(power: Power): void {
    this.#power = power;
    this.#boot();
  }

  /** Somebody opened a link: a unit that waited for that starts. */
  linked(): void {
    if (this.#unit === undefined) this.#boot();
  }

  /**
   * Takes any piece of the stream; gives what it sends back, the last piece cut short when its power went. `hear` gets what it
   * says later.
   */
  receive(bytes: Uint8Array, hear?: Hear): Buffer[] {
    const said: Buffer[] = [];
    for (let rest = bytes; rest.length > 0 && this.#unit !== undefined && !this.silent; ) {
      // A frame at a time, so that what was answered before a cut is on the wire.
      const zero = rest.indexOf(0);
      const part = rest.subarray(0, zero < 0 ? rest.length : zero + 1);
      const { taken, cut } = this.#power.take('received', part.length);
      // The byte at which the power went arrived, but nobody acted on it.
      this.#act(this.#unit, part.subarray(0, cut ? taken - 1 : taken), said, hear);
      if (cut) this.#lose();
      rest = rest.subarray(taken);
    }
    return said;
  }

  #act(unit: WiredUnit, part: Uint8Array, said: Buffer[], hear: Hear | undefined): void {
    const later = hear && ((answering: Promise<Buffer>) => void this.#sayLater(unit, answering, hear));
    try {
      for (const answer of unit.receive(part, later)) {
        if (!this.#say(answer, (bytes) => said.push(bytes))) return;
      }
    } catch (thrown) {
      if (!(thrown instanceof PowerCut)) throw thrown;
      this.#lose();
    }
  }

  async #sayLater(unit: WiredUnit, answering: Promise<Buffer>, hear: Hear): Promise<void> {
    try {
      const answer = await answering;
      // A unit that lost its power meanwhile says nothing.
      if (this.#unit === unit && !this.silent) this.#say(answer, hear);
    } catch (thrown) {
      // Anything else is a mistake of the program, and ends it.
      if (!(thrown instanceof PowerCut)) throw thrown;
      if (this.#unit === unit) this.#lose();
    }
  }

  /** Says it, or as much as there is power for; answers whether there is any left. */
  #say(answer: Buffer, hear: Hear): boolean {
    const { taken, cut } = this.#power.take('sent', answer.length);
    hear(answer.subarray(0, taken));
    if (cut) this.#lose();
    return !cut;
  }

  #lose(): void {
    this.unplug();
    if (this.#power.restartsAtOnce) this.#boot();
  }

  #boot(): void {
    const memory = new Memory(new PoweredFlash(this.#flash, this.#power));
    this.unplug();
    this.#given.tpm?.restart();
    try {
      this.#unit = new WiredUnit(this.#facts, memory, this.#given);
    } catch (thrown) {
      // The power went while it started; it goes once only.
      if (!(thrown instanceof PowerCut)) throw thrown;
      if (this.#power.restartsAtOnce) this.#boot();
    }
  }
}
