import { blaming, ofParameter, rc, refuse } from './codes.ts';

/** Reads a command as TPMs do, with their return codes for what is too short or too long (part 3, 5.8). */
export class Input {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.bytes(1).readUInt8(0);
  }

  u16(): number {
    return this.bytes(2).readUInt16BE(0);
  }

  u32(): number {
    return this.bytes(4).readUInt32BE(0);
  }

  /** A view of the next bytes. */
  bytes(length: number): Buffer {
    if (length > this.left) refuse(rc.insufficient);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A TPM2B of bytes: a view. */
  sized(most: number): Buffer {
    const length = this.u16();
    if (length > most) refuse(rc.size);
    return this.bytes(length);
  }

  /** A TPM2B around a structure: it is read whatever the size says, and the size must be right then (part 3, 5.8). */
  sizedOf<T>(read: () => T): T {
    const length = this.u16();
    if (length === 0) refuse(rc.size);
    const from = this.#at;
    const value = read();
    if (this.#at - from !== length) refuse(rc.size);
    return value;
  }

  /** A view of what was read since `from`. */
  since(from: number): Buffer {
    return this.#bytes.subarray(from, this.#at);
  }

  /** A parameter: what is wrong in it is about its number, from 1. */
  parameter<T>(number: number, read: (input: this) => T): T {
    return blaming(ofParameter(number), () => read(this));
  }

  /** Nothing may stand behind the last parameter. */
  end(): void {
    if (this.left > 0) refuse(rc.size);
  }
}
