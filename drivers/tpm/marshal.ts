// Structures of TPM 2.0 on the wire: big-endian integers and byte strings with a 16-bit size before them (part 2, chapter 5 and 10.4).
import { StationError } from '../../station-core/contract/errors.ts';

/** What is not the structure that was expected. */
export const malformed = (place: string, expected: string, found: string): StationError =>
  new StationError('input.invalid', { place, expected, found });

/** Reads a structure from its start to its end; every read is bounded. Throws `input.invalid` with the place. */
export class Reader {
  readonly #bytes: Buffer;
  readonly #place: string;
  #at = 0;

  constructor(bytes: Buffer, place: string) {
    this.#bytes = bytes;
    this.#place = place;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(what: string): number {
    return this.#bytes.readUInt8(this.#take(1, what));
  }

  u16(what: string): number {
    return this.#bytes.readUInt16BE(this.#take(2, what));
  }

  u32(what: string): number {
    return this.#bytes.readUInt32BE(this.#take(4, what));
  }

  /** The next `length` bytes: a view. */
  bytes(length: number, what: string): Buffer {
    const start = this.#take(length, what);
    return this.#bytes.subarray(start, this.#at);
  }

  /** Steps over so many bytes; answers where they begin. */
  #take(length: number, what: string): number {
    if (length > this.left) throw this.wrong(what, `${length} more bytes`, `${this.left}`);
    const start = this.#at;
    this.#at += length;
    return start;
  }

  /** A TPM2B: its content, of `least` to `most` bytes. */
  sized(what: string, least: number, most: number): Buffer {
    const length = this.u16(`the size of ${what}`);
    if (length < least || length > most) throw this.wrong(what, `${least} to ${most} bytes`, `${length}`);
    return this.bytes(length, what);
  }

  /** What is left. */
  rest(): Buffer {
    return this.bytes(this.left, 'the rest');
  }

  /** Nothing may stand behind a structure. */
  end(what: string): void {
    if (this.left > 0) throw this.wrong(what, 'its end', `${this.left} more bytes`);
  }

  wrong(what: string, expected: string, found: string): StationError {
    return malformed(`${this.#place}, ${what}`, expected, found);
  }
}

export const u8 = (value: number): Buffer => Buffer.of(value);

/** Throws RangeError for a number that does not fit. */
export function u16(value: number): Buffer {
  if (value < 0 || value > 0xffff) throw new RangeError(`${value} has more than 16 bits`);
  return Buffer.of(value >>> 8, value);
}

export const u32 = (value: number): Buffer => Buffer.of(value >>> 24, value >>> 16, value >>> 8, value);

/** A TPM2B: size, then content. */
export const sized = (content: Uint8Array): Buffer => Buffer.concat([u16(content.length), content]);
