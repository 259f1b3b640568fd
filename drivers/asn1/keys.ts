import { createPublicKey, type KeyObject } from 'node:crypto';
import { encode, nothing, oid, sequence, wrapSequence } from './build.ts';
import { isOnCurve } from './curves.ts';
import { type Der, Fields, integerBytes, invalid, oidOf, readDer, tags, wholeBits, wholeOf } from './der.ts';

// Public keys (RFC 5280 section 4.1.2.7, RFC 3279 and 5480).

/** The keys that a certificate of this station may have. */
export const keyAlgorithms = ['p256', 'p384', 'rsa2048', 'rsa3072', 'rsa4096'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

const ours: ReadonlySet<string> = new Set(keyAlgorithms);
export const isKeyAlgorithm = (name: string): name is KeyAlgorithm => ours.has(name);

export type PublicKey = {
  /** DER SubjectPublicKeyInfo, byte for byte as it was read. */
  readonly spki: Buffer;
  /** A KeyAlgorithm, or for messages a name such as `rsa1024`, `rsa2048-e3`, `rsa2048-oaep`, `p521`, `ed25519`, `1.2.3`. */
  readonly algorithm: KeyAlgorithm | string;
  /** Made at its first use: OpenSSL takes longer for it than all of a CSR takes to be read. */
  readonly key: KeyObject;
};

/**
 * Reads a DER SubjectPublicKeyInfo. A point is uncompressed and on its curve, a modulus odd. Throws `input.invalid`, also
 * for a key of another kind that OpenSSL cannot read.
 */
export function readPublicKey(spki: Buffer, place: string): PublicKey {
  return publicKeyOf(readDer(spki, place));
}

/** The same for a value inside of what was read already. */
export function publicKeyOf(value: Der): PublicKey {
  const place = `${value.place}, public key`;
  const spki = wholeOf(value);
  const algorithm = algorithmOf({ ...value, place });
  let key: KeyObject | undefined;
  const made: PublicKey = {
    spki,
    algorithm,
    get key() {
      key ??= keyObject(spki, algorithm, place);
      return key;
    },
  };
  // What was checked above OpenSSL takes too; whether another key is whole only OpenSSL knows.
  if (!isKeyAlgorithm(algorithm)) key = keyObject(spki, algorithm, place);
  return made;
}

function keyObject(spki: Buffer, algorithm: string, place: string): KeyObject {
  try {
    // OpenSSL reads no such algorithm (its issue 7907); the key is an RSA key all the same.
    const known = algorithm.endsWith(oaepSuffix) ? asRsa(spki, place) : spki;
    return createPublicKey({ key: known, type: 'spki', format: 'der' });
  } catch {
    throw invalid(place, 'a public key that OpenSSL can read', `one of ${algorithm}`);
  }
}

const kinds = {
  ec: '1.2.840.10045.2.1',
  rsa: '1.2.840.113549.1.1.1',
  /** RSA that is for OAEP alone (RFC 4055 4.1), as endorsement keys of some makers have it. */
  rsaesOaep: '1.2.840.113549.1.1.7',
} as const;
/** No algorithm of ours has such a name, so that nothing but the check of an endorsement key takes one. */
const oaepSuffix = '-oaep';

/** The same modulus and exponent under the algorithm rsaEncryption. */
function asRsa(spki: Buffer, place: string): Buffer {
  const fields = new Fields(readDer(spki, place), tags.sequence, 'SubjectPublicKeyInfo');
  fields.any('its algorithm');
  return wrapSequence(encode(sequence(oid(kinds.rsa), nothing())), wholeOf(fields.any('its bits')));
}

const namesOfOthers: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.10040.4.1': 'dsa',
  '1.3.101.110': 'x25519',
  '1.3.101.111': 'x448',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
};

const curves: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'p256',
  '1.3.132.0.34': 'p384',
  '1.3.132.0.35': 'p521',
  '1.3.132.0.10': 'secp256k1',
  '1.2.840.10045.3.1.1': 'p192',
  '1.3.132.0.33': 'p224',
};

function algorithmOf(value: Der): string {
  const fields = new Fields(value, tags.sequence, 'SubjectPublicKeyInfo');
  const identifier = new Fields(fields.any('its algorithm'), tags.sequence, 'its algorithm');
  const kind = oidOf(identifier.next(tags.oid, 'its algorithm'), 'its algorithm');
  const parameters = identifier.more ? identifier.any('its parameters') : undefined;
  identifier.end('its algorithm');
  const bits = wholeBits(fields.next(tags.bitString, 'its bits'), 'its bits');
  fields.end('SubjectPublicKeyInfo');
  if (kind === kinds.ec) return curveOf(parameters, bits, value.place);
  if (kind === kinds.rsa) return rsaOf(parameters, bits, value.place);
  if (kind === kinds.rsaesOaep) return `${rsaBits(bits, value.place)}${oaepSuffix}`;
  return namesOfOthers[kind] ?? kind;
}

/** RFC 5480 2.1.1: a named curve and nothing else; 2.2: we take the uncompressed form only. */
function curveOf(parameters: Der | undefined, point: Buffer, place: string): string {
  if (parameters?.tag !== tags.oid) throw invalid(place, 'a named curve (RFC 5480 2.1.1)', 'other parameters');
  const dotted = oidOf(parameters, 'its curve');
  const curve = curves[dotted] ?? dotted;
  if (point[0] !== 4) throw invalid(place, 'an uncompressed point', 'another form');
  if ((curve === 'p256' || curve === 'p384') && !isOnCurve(curve, point)) {
    throw invalid(place, `a point on the curve ${curve}`, 'one that is not');
  }
  return curve;
}

/** RFC 3279 2.3.1: parameters NULL; modulus and exponent as INTEGERs. */
function rsaOf(parameters: Der | undefined, bits: Buffer, place: string): string {
  if (parameters?.tag !== tags.null || parameters.at !== parameters.end) {
    throw invalid(place, 'RSA with parameters NULL (RFC 3279 2.3.1)', 'other parameters');
  }
  return rsaBits(bits, place);
}

function rsaBits(bits: Buffer, place: string): string {
  const fields = new Fields(readDer(bits, place), tags.sequence, 'RSAPublicKey');
  const modulus = integerBytes(fields.next(tags.integer, 'its modulus'), 'its modulus');
  const exponent = integerBytes(fields.next(tags.integer, 'its exponent'), 'its exponent');
  fields.end('RSAPublicKey');
  if (!isPositive(modulus) || !isPositive(exponent)) throw invalid(place, 'a positive modulus and exponent', 'another');
  if (((modulus.at(-1) ?? 0) & 1) === 0) throw invalid(place, 'an odd modulus', 'an even one');
  return `rsa${bitLength(modulus)}${exponentSuffix(exponent)}`;
}

const isPositive = (content: Buffer): boolean => (content[0] ?? 0x80) < 0x80 && content.some((octet) => octet !== 0);

function bitLength(positive: Buffer): number {
  const first = positive.findIndex((octet) => octet !== 0);
  return (positive.length - first) * 8 - (Math.clz32(positive[first] ?? 0) - 24);
}

/** Nothing for an exponent as FIPS 186-5 (5.1) wants it: odd, above 2^16 and below 2^256. */
function exponentSuffix(exponent: Buffer): string {
  const length = bitLength(exponent);
  if (((exponent.at(-1) ?? 0) & 1) === 1 && length > 16 && length <= 256) return '';
  return length <= 32 ? `-e${Number(`0x${exponent.toString('hex')}`)}` : `-e-of-${length}-bits`;
}
