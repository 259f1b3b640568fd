import { type Packet, parser } from 'mqtt-packet';

/** A message of 96 KB (DPS quotas and limits), with its topic and its packet identifier. */
const MOST_BYTES = 96 * 1024 + 1024;

/** Says that what a client sent is no MQTT 3.1.1, or larger than anything that the service takes. */
export class FramingError extends Error {}

/** Cuts what a client sends into packets. The parser itself would gather a packet of any announced length. */
export class Framing {
  readonly #parser = parser({ protocolVersion: 4 });
  #packets: Packet[] = [];
  #fault: Error | undefined;
  readonly #guard = new LengthGuard();

  constructor() {
    this.#parser.on('packet', (packet: Packet) => this.#packets.push(packet));
    this.#parser.on('error', (error: Error) => {
      this.#fault = error;
    });
  }

  /** The packets that this piece completes. Throws a FramingError, after which the connection is to be closed. */
  packetsOf(chunk: Buffer): Packet[] {
    if (!this.#guard.admits(chunk)) throw new FramingError('a packet is too large');
    this.#packets = [];
    try {
      this.#parser.parse(chunk);
    } catch (cause) {
      throw new FramingError('a packet cannot be read', { cause });
    }
    if (this.#fault) throw new FramingError('a packet is malformed', { cause: this.#fault });
    return this.#packets;
  }
}

/** Follows the fixed headers (MQTT 3.1.1, 2.2) of a stream of packets, and none of their contents. */
export class LengthGuard {
  /** How many bytes of the packet's length were read; undefined before its first byte. */
  #lengthBytes: number | undefined;
  #length = 0;
  /** What is still to come of the packet behind its fixed header. */
  #left = 0;

  /** Whether every packet that begins in this piece announces a length that may be. */
  admits(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, chunk.length - at);
        this.#left -= skipped;
        at += skipped;
      } else {
        if (!this.#take(chunk.readUInt8(at))) return false;
        at += 1;
      }
    }
    return true;
  }

  #take(byte: number): boolean {
    if (this.#lengthBytes === undefined) {
      this.#lengthBytes = 0;
      this.#length = 0;
      return true;
    }
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    if ((byte & 0x80) !== 0) return this.#lengthBytes < 4;
    this.#lengthBytes = undefined;
    this.#left = this.#length;
    return this.#length <= MOST_BYTES;
  }
}
