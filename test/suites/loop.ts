import type { Flash } from '../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../drivers/simulated/unit/memory.ts';
import type { UnitFacts } from '../../drivers/simulated/unit/unit.ts';
import { WiredUnit } from '../../drivers/simulated/unit/wired.ts';
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

/** Not an Error: no unit's code survives it. */
export class PowerCut {}

export const loopFacts: UnitFacts = { serial: 'SN-LOOP', model: 'loop', firmware: '0' };

/** A simulated unit in this process, on that memory, and a link to it. */
export function loopUnit(flash: Flash): { unit: WiredUnit; link: ScriptedLink } {
  const unit = new WiredUnit(loopFacts, new Memory(flash));
  return { unit, link: new ScriptedLink((written) => unit.receive(written)) };
}
