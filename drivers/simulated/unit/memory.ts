// What a unit keeps, and how it switches: two slots for credentials and two cells for one small record that says which
// slot is in force. The record is written into the cell that does not hold the valid one with the highest sequence, so
// one torn write leaves the old record or the new one, never half.
import { createHash } from 'node:crypto';
import { crc32 } from '../../frames/crc32.ts';
import {
  bool,
  bytes,
  type Codec,
  field,
  isWrong,
  optional,
  readFields,
  readMap,
  uint,
  writeFields,
} from '../../protocols/wire.ts';
import type { Flash } from './flash.ts';

export type Slot = 0 | 1;

/** A credential in a slot. */
export type Held = {
  readonly slot: Slot;
  readonly operation: Buffer;
  readonly length: number;
  readonly sha256: Buffer;
};

/** The record: everything that a unit knows, but the credentials' bytes. */
export type Kept = {
  readonly committed?: Held;
  readonly staged?: Held;
  readonly provisioned?: Buffer;
  readonly locked: boolean;
};

/** One write, as the unit decides it. */
export type MemoryWrite =
  | { readonly slot: Slot; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly record: Kept };

export const slotSize = 4096;
const cellSize = 2048;
const headLength = 6;
const crcLength = 4;
const slotsFrom = 2 * cellSize;
export const flashSize = slotsFrom + 2 * slotSize;

export const fresh: Kept = { locked: false };

const heldLength = 1 + 16 + 2 + 32;
const heldCodec: Codec<Buffer> = bytes(heldLength);
const recordFields = {
  locked: field(0, bool),
  committed: optional(1, heldCodec),
  staged: optional(2, heldCodec),
  provisioned: optional(3, bytes(1, 1024)),
  layout: field(4, uint(1, 1)),
};

type Cell = { readonly sequence: number; readonly kept: Kept };

export class Memory {
  readonly #flash: Flash;

  constructor(flash: Flash) {
    this.#flash = flash;
  }

  /** The newest whole record, or what a new unit knows. */
  load(): Kept {
    return this.#newest()?.cell.kept ?? fresh;
  }

  /** The one write that switches. */
  save(kept: Kept): void {
    const newest = this.#newest();
    const at = newest === undefined ? 0 : 1 - newest.at;
    this.#flash.write(at * cellSize, writeCell({ sequence: (newest?.cell.sequence ?? 0) + 1, kept }));
  }

  writeSlot(slot: Slot, offset: number, piece: Uint8Array): void {
    if (offset + piece.length > slotSize) throw new RangeError('a slot is shorter than that');
    this.#flash.write(slotsFrom + slot * slotSize + offset, piece);
  }

  /**
   * Erases the slots that no record names and that are not erased: a power cut may have left a key in one, half arrived
   * or replaced.
   */
  eraseUnnamed({ committed, staged }: Kept): void {
    for (const slot of [0, 1] as const) {
      if (committed?.slot === slot || staged?.slot === slot) continue;
      if (!this.isErased(slot)) this.writeSlot(slot, 0, Buffer.alloc(slotSize, 0xff));
    }
  }

  isErased(slot: Slot): boolean {
    return this.#flash.read(slotsFrom + slot * slotSize, slotSize).every((byte) => byte === 0xff);
  }

  /** A credential's bytes, or `undefined` when the slot does not hold what the record says. */
  readSlot({ slot, length, sha256 }: Held): Buffer | undefined {
    const held = this.#flash.read(slotsFrom + slot * slotSize, length);
    return createHash('sha256').update(held).digest().equals(sha256) ? held : undefined;
  }

  #newest(): { readonly at: number; readonly cell: Cell } | undefined {
    const cells = [0, 1].flatMap((at) => {
      const cell = readCell(this.#flash.read(at * cellSize, cellSize));
      return cell === undefined ? [] : [{ at, cell }];
    });
    return cells.sort((a, b) => b.cell.sequence - a.cell.sequence)[0];
  }
}

/** sequence (4, little-endian) ‖ length (2) ‖ payload ‖ CRC-32 of all before it. */
function writeCell({ sequence, kept }: Cell): Buffer {
  const { locked, committed, staged, provisioned } = kept;
  const payload = writeFields(recordFields, {
    layout: 1,
    locked,
    ...(committed === undefined ? {} : { committed: writeHeld(committed) }),
    ...(staged === undefined ? {} : { staged: writeHeld(staged) }),
    ...(provisioned === undefined ? {} : { provisioned }),
  });
  const cell = Buffer.alloc(headLength + payload.length + crcLength);
  cell.writeUInt32LE(sequence, 0);
  cell.writeUInt16LE(payload.length, 4);
  cell.set(payload, headLength);
  cell.writeUInt32LE(crc32(cell.subarray(0, -crcLength)), cell.length - crcLength);
  return cell;
}

function readCell(cell: Buffer): Cell | undefined {
  const end = headLength + cell.readUInt16LE(4);
  if (end + crcLength > cell.length || crc32(cell.subarray(0, end)) !== cell.readUInt32LE(end)) return undefined;
  const map = readMap(cell.subarray(headLength, end));
  const read = map === undefined ? undefined : readFields(recordFields, map);
  if (read === undefined || isWrong(read)) return undefined;
  const { locked, committed, staged, provisioned } = read;
  const kept = {
    locked,
    ...(committed === undefined ? {} : { committed: readHeld(committed) }),
    ...(staged === undefined ? {} : { staged: readHeld(staged) }),
    ...(provisioned === undefined ? {} : { provisioned }),
  };
  return { sequence: cell.readUInt32LE(0), kept };
}

function writeHeld({ slot, operation, length, sha256 }: Held): Buffer {
  const bytes = Buffer.alloc(heldLength);
  bytes[0] = slot;
  bytes.set(operation, 1);
  bytes.writeUInt16LE(length, 17);
  bytes.set(sha256, 19);
  return bytes;
}

const readHeld = (bytes: Buffer): Held => ({
  slot: bytes[0] === 1 ? 1 : 0,
  operation: bytes.subarray(1, 17),
  length: bytes.readUInt16LE(17),
  sha256: bytes.subarray(19, heldLength),
});
