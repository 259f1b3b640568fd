// A frame is COBS( payload ‖ CRC-32 little-endian ) ‖ 00, at most 1,024 bytes on the wire (docs/design.md, Unit protocol).
// A zero ahead of a frame is an empty frame: it means nothing, and cuts off garbage that came before.
import { cobsDecode, cobsEncode } from './cobs.ts';
import { crc32 } from './crc32.ts';

/** Longest frame on the wire, with its closing zero. */
export const maxFrame = 1024;

/** Longest payload that always fits: 1,018 bytes with the CRC are stuffed into at most 1,023. */
export const maxPayload = 1014;

const crcLength = 4;

/** One frame, with a zero ahead of it. The caller owns, and zeroes, the answer. Throws RangeError beyond `maxPayload`. */
export function encodeFrame(payload: Uint8Array): Buffer {
  if (payload.length > maxPayload) throw new RangeError(`a payload has at most ${maxPayload} bytes`);
  const body = Buffer.alloc(payload.length + crcLength);
  body.set(payload);
  body.writeUInt32LE(crc32(payload), payload.length);
  const stuffed = cobsEncode(body);
  const frame = Buffer.alloc(stuffed.length + 2);
  frame.set(stuffed, 1);
  // The payload may be a credential: no copy of ours outlives this call but the frame itself.
  body.fill(0);
  stuffed.fill(0);
  return frame;
}

/**
 * Finds frames in a stream of bytes. Never throws: what is no frame is counted in `bad` and forgotten at the next zero.
 * Holds one frame at most, whatever arrives.
 */
export class FrameDecoder {
  /** Frames that were too long, not COBS, too short or had a wrong CRC. */
  bad = 0;
  readonly #held = Buffer.alloc(maxFrame - 1);
  #length = 0;
  #overflown = false;

  /** Whether bytes of an unfinished frame have arrived. */
  get pending(): boolean {
    return this.#length > 0 || this.#overflown;
  }

  /** Takes any piece of the stream; gives the payloads of the frames that it finished. */
  push(bytes: Uint8Array): Buffer[] {
    const payloads: Buffer[] = [];
    let from = 0;
    while (from < bytes.length) {
      const zero = bytes.indexOf(0, from);
      this.#hold(bytes.subarray(from, zero < 0 ? bytes.length : zero));
      if (zero < 0) break;
      const payload = this.#finish();
      if (payload !== undefined) payloads.push(payload);
      from = zero + 1;
    }
    return payloads;
  }

  #hold(piece: Uint8Array): void {
    if (this.#length + piece.length > this.#held.length) this.#overflown = true;
    if (this.#overflown) return;
    this.#held.set(piece, this.#length);
    this.#length += piece.length;
  }

  #finish(): Buffer | undefined {
    if (!this.pending) return undefined;
    const payload = this.#overflown ? undefined : openFrame(this.#held.subarray(0, this.#length));
    if (payload === undefined) this.bad += 1;
    this.#held.fill(0, 0, this.#length);
    this.#length = 0;
    this.#overflown = false;
    return payload;
  }
}

function openFrame(stuffed: Uint8Array): Buffer | undefined {
  const body = cobsDecode(stuffed);
  if (body === undefined || body.length <= crcLength) return undefined;
  const payload = body.subarray(0, body.length - crcLength);
  return crc32(payload) === body.readUInt32LE(payload.length) ? payload : undefined;
}
