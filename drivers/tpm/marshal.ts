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
    return this.bytes(1, what).readUInt8(0);
  }

  u16(what: string): number {
    return this.bytes(2, what).readUInt16BE(0);
  }

  u32(what: string): number {
    return this.bytes(4, what).readUInt32BE(0);
  }

  /** The next `length` bytes: a view. */
  bytes(length: number, what: string): Buffer {
    if (length > this.left) throw this.wrong(what, `${length} more bytes`, `${this.left}`);
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
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

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A TPM2B: size, then content. */
export const sized = (content: Uint8Array): Buffer => Buffer.concat([u16(content.length), content]);
