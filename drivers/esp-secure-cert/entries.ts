// The entries of an esp_secure_cert partition: type, length, value, and a checksum. Facts from Espressif's esp_secure_cert_mgr: its format page,
// esp_secure_cert_tlv_config.h, esp_secure_cert_tlv_private.h, and its reader, esp_secure_cert_tlv_read.c.
import { crc32 } from 'node:zlib';
import { StationError } from '../../station-core/contract/errors.ts';

const magic = 0xba5e_ba11;
const headerLength = 12;
const checksumLength = 4;
/** The least that an encrypted flash can be written in: what precedes the checksum's 4 and the header's 12 bytes is padded to it. */
const alignment = 16;
const longestValue = 0xffff;
/** Newer tools write it behind the last entry, so that a reader without a look at the magic stops there. */
const endMarker = 0xffff;
const erased = 0xff;

/** What the partition of the documented table has: 8 KiB. */
export const partitionSize = 0x2000;
/** The reader on the chip counts its offset in 16 bits. */
export const largestPartition = 0x1_0000;

export type Entry = {
  readonly type: number;
  /** Index among entries of one type. */
  readonly subtype: number;
  readonly flags: number;
  readonly value: Buffer;
};

/** What the chip's `esp_crc32_le(UINT32_MAX, …)` gives: CRC-32 continued from all ones, which is another than the usual one. */
const checksum = (bytes: Uint8Array): number => crc32(bytes, 0xffff_ffff);

const paddingOf = (length: number): number => (alignment - (length % alignment)) % alignment;

/**
 * A partition of `size` bytes with these entries, erased flash behind them. The caller zeroes it, when a key is in it. Throws
 * `input.invalid` for entries that do not fit, or that a reader would not tell apart.
 */
export function writePartition(entries: readonly Entry[], size = partitionSize): Buffer {
  checkSize(size);
  const lengths = entries.map(({ value }) => headerLength + value.length + paddingOf(value.length) + checksumLength);
  const used = lengths.reduce((sum, length) => sum + length, 0);
  if (used > size) throw invalid('the partition', `entries of at most ${size} bytes`, `${used} bytes`);
  const names = entries.map(nameOf);
  if (new Set(names).size < names.length) throw invalid('the partition', 'one entry of each type and subtype', 'two');
  const partition = Buffer.alloc(size, erased);
  let at = 0;
  for (const entry of entries) at = put(partition, at, entry);
  return partition;
}

function put(partition: Buffer, at: number, { type, subtype, flags, value }: Entry): number {
  if (value.length > longestValue) throw invalid('an entry', `at most ${longestValue} bytes`, `${value.length} bytes`);
  partition.writeUInt32LE(magic, at);
  partition.writeUInt8(flags, at + 4);
  partition.fill(0, at + 5, at + 8);
  partition.writeUInt8(type, at + 8);
  partition.writeUInt8(subtype, at + 9);
  partition.writeUInt16LE(value.length, at + 10);
  value.copy(partition, at + headerLength);
  const end = at + headerLength + value.length + paddingOf(value.length);
  partition.fill(0, at + headerLength + value.length, end);
  partition.writeUInt32LE(checksum(partition.subarray(at, end)), end);
  return end + checksumLength;
}

/**
 * The entries of a partition, or of the part of one that is in use, as views of it. Strict: checksums, padding, reserved bytes, and erased
 * flash behind the last entry. Throws `input.invalid` with the place, and nothing else, for any bytes.
 */
export function readPartition(bytes: Buffer): readonly Entry[] {
  if (bytes.length === 0 || bytes.length > largestPartition) {
    throw invalid('the partition', `1 to ${largestPartition} bytes`, `${bytes.length} bytes`);
  }
  const entries: Entry[] = [];
  const seen = new Set<string>();
  let at = 0;
  while (at + headerLength <= bytes.length && bytes.readUInt32LE(at) === magic) {
    const place = `entry ${entries.length + 1}`;
    const entry = readEntry(bytes, at, place);
    if (seen.has(nameOf(entry))) throw invalid(place, 'another type and subtype than before', nameOf(entry));
    seen.add(nameOf(entry));
    entries.push(entry);
    at += headerLength + entry.value.length + paddingOf(entry.value.length) + checksumLength;
  }
  if (entries.length === 0) throw invalid('the partition', 'an entry', 'none');
  checkRest(bytes.subarray(at));
  return entries;
}

function readEntry(bytes: Buffer, at: number, place: string): Entry {
  const length = bytes.readUInt16LE(at + 10);
  const end = at + headerLength + length + paddingOf(length);
  if (end + checksumLength > bytes.length) throw invalid(place, 'all of its value', 'the end of the partition');
  if (bytes.readUInt32LE(end) !== checksum(bytes.subarray(at, end))) throw invalid(place, 'its checksum', 'another');
  if (bytes.readUIntLE(at + 5, 3) !== 0) throw invalid(place, 'reserved bytes of zero', 'others');
  const value = bytes.subarray(at + headerLength, at + headerLength + length);
  if (bytes.subarray(at + headerLength + length, end).some((byte) => byte !== 0)) {
    throw invalid(place, 'padding of zeros', 'something else');
  }
  return { type: bytes.readUInt8(at + 8), subtype: bytes.readUInt8(at + 9), flags: bytes.readUInt8(at + 4), value };
}

function checkRest(rest: Buffer): void {
  const marked = rest.length >= 4 && rest.readUInt32LE(0) === endMarker;
  const behind = marked ? rest.subarray(4) : rest;
  if (behind.some((byte) => byte !== erased))
    throw invalid('what follows the entries', 'erased flash', 'something else');
}

function checkSize(size: number): void {
  if (Number.isInteger(size) && size > 0 && size <= largestPartition && size % 0x1000 === 0) return;
  throw invalid('the partition', `a multiple of 4,096 up to ${largestPartition} bytes`, `${size} bytes`);
}

const nameOf = ({ type, subtype }: Entry): string => `type ${type}, subtype ${subtype}`;

export const invalid = (place: string, expected: string, found: string): StationError =>
  new StationError('input.invalid', { place, expected, found });
