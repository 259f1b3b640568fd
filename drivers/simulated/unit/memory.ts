// What a unit keeps, and how it switches: two slots for credentials and two cells for one small record that says which
// slot is in force, and places for files, of which the record names those that are there. The record is written into the cell that does not hold the valid one with the highest sequence, so
// one torn write leaves the old record or the new one, never half.
import { createHash } from 'node:crypto';
import { crc32 } from '../../frames/crc32.ts';
import type { Flash } from './flash.ts';
import {
  chainSize,
  type FilePlace,
  filePlaces,
  fileSize,
  fresh,
  type Held,
  type Kept,
  type KeptFile,
  keySize,
  readRecord,
  type Slot,
  writeRecord,
} from './record.ts';

/** A slot holds a key and, behind it, its chain. */
const places = { key: { from: 0, size: keySize }, chain: { from: keySize, size: chainSize } } as const;
export type Place = keyof typeof places;

/** One write, as the unit decides it. */
export type MemoryWrite =
  | { readonly slot: Slot; readonly place: Place; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly erase: Slot }
  | { readonly file: FilePlace; readonly bytes: Uint8Array }
  | { readonly record: Kept };

export const slotSize = keySize + chainSize;
/** What is erased is erased by pages, and only where there is something. */
const pageSize = 256;
const cellSize = 2048;
const headLength = 6;
const crcLength = 4;
const slotsFrom = 2 * cellSize;
const filesFrom = slotsFrom + 2 * slotSize;
export const flashSize = filesFrom + filePlaces.length * fileSize;

type Cell = { readonly sequence: number; readonly kept: Kept };

export class Memory {
  readonly #flash: Flash;

  constructor(flash: Flash) {
    this.#flash = flash;
  }

  /** Whether no record was ever written. */
  get isNew(): boolean {
    return this.#newest() === undefined;
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

  /** Throws RangeError for what does not fit its place. */
  writeSlot(slot: Slot, place: Place, offset: number, piece: Uint8Array): void {
    const { from, size } = places[place];
    if (offset + piece.length > size) throw new RangeError(`the place of a ${place} is shorter than that`);
    this.#flash.write(slotsFrom + slot * slotSize + from + offset, piece);
  }

  /** The content of a file, where no record names one yet. Throws RangeError for what does not fit. */
  writeFile(place: FilePlace, content: Uint8Array): void {
    if (content.length > fileSize) throw new RangeError('the place of a file is shorter than that');
    this.#flash.write(filesFrom + place * fileSize, content);
  }

  /** A file's content, or `undefined` when its place does not hold what the record says. */
  readFile({ place, length, sha256 }: KeptFile): Buffer | undefined {
    return this.#readAt(filesFrom + place * fileSize, length, sha256);
  }

  eraseSlot(slot: Slot): void {
    const start = slotsFrom + slot * slotSize;
    for (let at = start; at < start + slotSize; at += pageSize) {
      if (!isBlank(this.#flash.read(at, pageSize))) this.#flash.write(at, Buffer.alloc(pageSize, 0xff));
    }
  }

  /** Erases the slots that no record names: a power cut may have left a key in one, half arrived or replaced. */
  eraseUnnamed({ committed, staged }: Kept): void {
    for (const slot of [0, 1] as const) {
      if (committed?.slot !== slot && staged?.slot !== slot) this.eraseSlot(slot);
    }
  }

  isErased(slot: Slot): boolean {
    return isBlank(this.#flash.read(slotsFrom + slot * slotSize, slotSize));
  }

  /** A credential's key, or `undefined` when the slot does not hold what the record says. */
  readSlot({ slot, length, sha256 }: Held): Buffer | undefined {
    return this.#read(slot, 'key', length, sha256);
  }

  /** A credential's chain, or `undefined` when it has none or the slot does not hold what the record says. */
  readChain({ slot, chain }: Held): Buffer | undefined {
    return chain && this.#read(slot, 'chain', chain.length, chain.sha256);
  }

  #read(slot: Slot, place: Place, length: number, sha256: Buffer): Buffer | undefined {
    return this.#readAt(slotsFrom + slot * slotSize + places[place].from, length, sha256);
  }

  #readAt(from: number, length: number, sha256: Buffer): Buffer | undefined {
    const held = this.#flash.read(from, length);
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

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0xff);

/** sequence (4, little-endian) ‖ length (2) ‖ payload ‖ CRC-32 of all before it. */
function writeCell({ sequence, kept }: Cell): Buffer {
  const payload = writeRecord(kept);
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
  const kept = readRecord(cell.subarray(headLength, end));
  return kept && { sequence: cell.readUInt32LE(0), kept };
}
