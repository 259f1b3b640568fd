import { Cable } from '../../drivers/simulated/unit/cable.ts';
import { type FaultPlanJson, readFaultPlan } from '../../drivers/simulated/unit/faults.ts';
import type { Flash } from '../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../drivers/simulated/unit/memory.ts';
import { Power, type PowerCounts, PowerCut, PoweredUnit } from '../../drivers/simulated/unit/power.ts';
import type { UnitFacts } from '../../drivers/simulated/unit/unit-state.ts';
import { type UnitGiven, WiredUnit } from '../../drivers/simulated/unit/wired.ts';
import { ScriptedLink } from './scripted-link.ts';

/** Flash in memory whose power can be cut after any number of written bytes. */
export class CuttableFlash implements Flash {
  readonly bytes = Buffer.alloc(flashSize, 0xff);
  /** Bytes that were written until now. */
  written = 0;
  /** How many more bytes are written before the power is gone. */
  left = Number.POSITIVE_INFINITY;

  read(offset: number, length: number): Buffer {
    return Buffer.from(this.bytes.subarray(offset, offset + length));
  }

  write(offset: number, bytes: Uint8Array): void {
    const kept = bytes.subarray(0, Math.min(bytes.length, this.left));
    this.bytes.set(kept, offset);
    this.written += kept.length;
    this.left -= kept.length;
    if (kept.length < bytes.length) throw new PowerCut();
  }
}

export const loopFacts: UnitFacts = { serial: 'SN-LOOP', model: 'loop', firmware: '0' };

export { PowerCut };

/** A simulated unit in this process, on that memory, and a link to it. */
export function loopUnit(flash: Flash): { unit: WiredUnit; link: ScriptedLink } {
  const unit = new WiredUnit(loopFacts, new Memory(flash));
  return { unit, link: new ScriptedLink((written) => unit.receive(written)) };
}

/** A simulated unit in this process under a plan of faults, whose links come and go as a station opens them. */
export class FaultyUnit {
  readonly flash: CuttableFlash;
  readonly #unit: PoweredUnit;
  #cable!: Cable;
  #power!: Power;

  constructor(
    facts: UnitFacts = loopFacts,
    plan: FaultPlanJson = {},
    flash = new CuttableFlash(),
    given: UnitGiven = {},
  ) {
    this.flash = flash;
    this.#unit = new PoweredUnit(facts, flash, undefined, given);
    this.faults(plan);
  }

  get counts(): PowerCounts {
    return this.#power.counts;
  }

  /** What goes wrong from now on; the unit starts anew. */
  faults(plan: FaultPlanJson): void {
    const read = readFaultPlan(plan);
    this.#cable = new Cable(read);
    this.#power = new Power(read.power);
    this.#unit.plugIn(this.#power);
  }

  link(): ScriptedLink {
    this.#unit.linked();
    const hear = (bytes: Buffer) => link.say(bytes);
    const say = (bytes: Buffer) => this.#cable.toStation.put(bytes, hear);
    const reach = (bytes: Buffer) => {
      for (const said of this.#unit.receive(bytes, say)) say(said);
    };
    const link = new ScriptedLink((written) => {
      this.#cable.toUnit.put(written, reach);
      return [];
    });
    return link;
  }
}
