import { createHash } from 'node:crypto';

/** RFC 5280 section 4.1.2.2: at most 20 octets. */
export const serialLength = 20;
export const prefixLength = 3;

/**
 * The station's prefix: three bytes of SHA-256 over its log's origin, so that two stations under one intermediate never
 * meet, and positive without a leading zero (the top bit is clear, the next one set).
 */
export function serialPrefix(origin: string): Buffer {
  const prefix = createHash('sha256').update(`birthmark-serial\0${origin}`, 'utf8').digest().subarray(0, prefixLength);
  prefix[0] = ((prefix[0] ?? 0) & 0x3f) | 0x40;
  return prefix;
}

/** A serial number: the prefix and 136 random bits. Uniqueness is the store's to say. */
export const newSerial = (prefix: Buffer, random: (bytes: number) => Buffer): Buffer =>
  Buffer.concat([prefix, random(serialLength - prefix.length)]);
