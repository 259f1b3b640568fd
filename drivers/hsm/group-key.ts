import { createHash, timingSafeEqual } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';

/**
 * A group key as a person pastes it: strict standard base64 (RFC 4648 section 4) with its padding, of 16 to 64 bytes (F-21).
 * No white space, no URL alphabet, no stray bits: a key that lost or changed a character must not become another key.
 * Device keys keep to the same limits; `place` says whose it is. Throws `input.invalid` without quoting it. The caller zeroes the
 * answer.
 */
export function parseGroupKey(text: string, place = 'group key'): Buffer {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw invalid(
      place,
      'standard base64 with padding and without white space',
      `${text.length} characters that are not`,
    );
  }
  const bytes = Buffer.from(text, 'base64');
  // RFC 4648 section 3.5: the unused bits of the last character must be zero, or several texts would mean one key.
  const canonical = bytes.toString('base64') === text;
  const fits = bytes.length >= 16 && bytes.length <= 64;
  if (canonical && fits) return bytes;
  bytes.fill(0);
  if (!canonical) throw invalid(place, 'base64 whose last character has no stray bits', 'stray bits');
  throw invalid(place, 'a key of 16 to 64 bytes', `${bytes.length} bytes`);
}

/**
 * The check value of one component: the first 8 bytes of SHA-256 over its bytes, in hex. Each custodian compares it with the one
 * written down with the component. A component is random and long, so its hash tells nothing of it.
 */
export function componentCheckValue(component: Buffer): string {
  return createHash('sha256').update(component).digest('hex').slice(0, 16);
}

/**
 * A group key out of the components of two custodians, each of which tells nothing of the key alone: their XOR. Components are
 * of one length, 16 to 64 bytes. A zero one would give the key to the other custodian, and two equal ones make a key of zeros;
 * both are refused. Throws `input.invalid`. The caller zeroes both components and the answer.
 */
export function combineComponents(a: Buffer, b: Buffer): Buffer {
  for (const component of [a, b]) {
    const { length } = component;
    if (length < 16 || length > 64) throw invalidComponents('16 to 64 bytes each', `${length} bytes`);
    if (component.every((byte) => byte === 0)) throw invalidComponents('random bytes', 'zeros only');
  }
  if (a.length !== b.length) throw invalidComponents('equal lengths', `${a.length} and ${b.length} bytes`);
  if (timingSafeEqual(a, b)) throw invalidComponents('two different ones', 'the same one twice');
  return Buffer.from(a.map((byte, at) => byte ^ (b[at] ?? 0)));
}

/** Whether a group key is one that Microsoft's documents print for all to read. Production refuses those. */
export function isPublicSample(key: Buffer): boolean {
  return publicSamples.has(createHash('sha256').update(key).digest('hex'));
}

/**
 * SHA-256 of the group keys in the documents of Azure DPS (MicrosoftDocs/azure-docs, articles/iot-dps), and of those copies of
 * them that damage in printing made into other keys.
 */
const publicSamples: ReadonlySet<string> = new Set([
  '1f3bdb1fec85a36f0dfeb42569cfa7216d49745097839b4239a3c1d9daea5d15', // concepts-symmetric-key-attestation.md
  'e4e55afdbd93458d3ebc0f651436566197cebb3f9f2ff3d70a42b56d437aad1c', // how-to-use-custom-allocation-policies.md
  '63782f841adbe63482421e5b8bff42dc72064ab7e84238430dd1a17aa19e8e3e', // how-to-provision-multitenant.md
  'd3d63164c5df78b5346167ecb1f093cbd693b03801d51add59031ff51dba7506', // the first again, as a printed copy has it
  '405ba7d98f85e2061bca21414ceb2553e6602382f822b20b69bd311a5f3ac088', // the second again, as printed copies have it
  'b3883450a2314e60cd605c69ed6705d31b6a65423b191479b78520bd72b497c7', // likewise
  'edcd3ded6814e4566ba10764482b08b8a68d57e7042a9333e59778a888ba184f', // concepts-control-access-dps.md: the letters themselves, 16 bytes
]);

/** The same for a key that came wrapped, of which nothing but its check value is known. */
export const isPublicSampleCheckValue = (checkValue: string): boolean => sampleCheckValues.has(checkValue);

/** Check values of the documents' three keys as they were published. */
const sampleCheckValues: ReadonlySet<string> = new Set(['7fb44d7b740ef8f0', '8eb99266570c10e7', 'd66240405155bb39']);

function invalidComponents(expected: string, found: string): StationError {
  return new StationError('input.invalid', { place: 'key components', expected, found });
}

function invalid(place: string, expected: string, found: string): StationError {
  return new StationError('input.invalid', { place, expected, found });
}
