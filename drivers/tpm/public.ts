// TPM2B_PUBLIC of RSA and ECC keys (part 2, 12.2): read strictly, named, and turned into what node:crypto takes.
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { algorithms, attributes, curves } from './constants.ts';
import { malformed, Reader } from './marshal.ts';

export type HashName = 'sha256' | 'sha384' | 'sha512';
export type CurveName = 'p256' | 'p384';

export type RsaKey = { readonly type: 'rsa'; readonly modulus: Buffer; readonly exponent: number };
/** Coordinates are padded to the length of the curve's field. */
export type EcKey = { readonly type: 'ec'; readonly curve: CurveName; readonly x: Buffer; readonly y: Buffer };
export type TpmPublicKey = RsaKey | EcKey;

/** The public area of an asymmetric key. */
export type PublicArea = {
  /** TPMT_PUBLIC as it came. */
  readonly area: Buffer;
  /** TPM2B_PUBLIC: the area with its size before it, which is DPS's form (dps-reference 9.1). */
  readonly sized: Buffer;
  readonly nameAlgorithm: HashName;
  readonly attributes: number;
  readonly authPolicy: Buffer;
  /** Bits of the AES key in CFB mode of a restricted decryption key; none of other keys. */
  readonly aesBits?: 128 | 192 | 256;
  readonly key: TpmPublicKey;
};

const hashes: ReadonlyMap<number, HashName> = new Map([
  [algorithms.sha256, 'sha256'],
  [algorithms.sha384, 'sha384'],
  [algorithms.sha512, 'sha512'],
]);
export const hashLength = { sha256: 32, sha384: 48, sha512: 64 } as const satisfies Record<HashName, number>;
export const hashAlgorithm = {
  sha256: algorithms.sha256,
  sha384: algorithms.sha384,
  sha512: algorithms.sha512,
} as const satisfies Record<HashName, number>;

const curveNames: ReadonlyMap<number, CurveName> = new Map([
  [curves.p256, 'p256'],
  [curves.p384, 'p384'],
]);
/** Bytes of a coordinate. */
export const fieldLength = { p256: 32, p384: 48 } as const satisfies Record<CurveName, number>;

/** Longest TPM2B_PUBLIC that is read: RSA-4096 with a SHA-512 policy has some 620 bytes. */
const longest = 1_024;

/** Reads a TPM2B_PUBLIC with its size prefix and nothing behind it. Throws `input.invalid`. */
export function readPublicArea(bytes: Buffer, place: string): PublicArea {
  const outer = new Reader(bytes, place);
  const area = outer.sized('the public area', 1, longest);
  outer.end('the public area');
  return { ...readArea(area, place), sized: bytes };
}

/** A TPMT_PUBLIC without size prefix, as templates are kept in NV. */
export function readArea(area: Buffer, place: string): Omit<PublicArea, 'sized'> {
  const reader = new Reader(area, place);
  const type = reader.u16('its type');
  if (type !== algorithms.rsa && type !== algorithms.ecc) {
    throw reader.wrong('its type', 'RSA (0001) or ECC (0023)', type.toString(16).padStart(4, '0'));
  }
  const hash = reader.u16('its name algorithm');
  const nameAlgorithm = hashes.get(hash);
  if (!nameAlgorithm) throw reader.wrong('its name algorithm', 'SHA-256, SHA-384 or SHA-512', hash.toString(16));
  const bits = reader.u32('its attributes');
  const authPolicy = reader.sized('its policy', 0, hashLength[nameAlgorithm]);
  if (authPolicy.length !== 0 && authPolicy.length !== hashLength[nameAlgorithm]) {
    throw reader.wrong('its policy', `none or ${hashLength[nameAlgorithm]} bytes`, `${authPolicy.length}`);
  }
  const aesBits = readSymmetric(reader);
  const key = type === algorithms.rsa ? readRsa(reader) : readEcc(reader);
  reader.end('the public area');
  return { area, nameAlgorithm, attributes: bits, authPolicy, ...(aesBits === undefined ? {} : { aesBits }), key };
}

/** TPMT_SYM_DEF_OBJECT: AES-CFB of a storage key, or none (part 2, 11.1.7). */
function readSymmetric(reader: Reader): 128 | 192 | 256 | undefined {
  const algorithm = reader.u16('its symmetric algorithm');
  if (algorithm === algorithms.null) return undefined;
  if (algorithm !== algorithms.aes)
    throw reader.wrong('its symmetric algorithm', 'AES or none', algorithm.toString(16));
  const bits = reader.u16('its symmetric key size');
  const mode = reader.u16('its symmetric mode');
  if (bits !== 128 && bits !== 192 && bits !== 256)
    throw reader.wrong('its symmetric key size', '128, 192 or 256', `${bits}`);
  if (mode !== algorithms.cfb) throw reader.wrong('its symmetric mode', 'CFB', mode.toString(16));
  return bits;
}

/** A scheme: none, or one with a hash. */
function passScheme(reader: Reader, what: string): void {
  if (reader.u16(what) !== algorithms.null) reader.u16(`${what}, its hash`);
}

function readRsa(reader: Reader): RsaKey {
  passScheme(reader, 'its scheme');
  const bits = reader.u16('its key size');
  const exponent = reader.u32('its exponent');
  if (bits < 1_024 || bits > 4_096 || bits % 8 !== 0)
    throw reader.wrong('its key size', '1024 to 4096 bits', `${bits}`);
  const modulus = reader.sized('its modulus', 0, bits / 8);
  // A template's modulus is zero or left out; a key's has its full length. Exponent 0 stands for 65537 (part 2, 12.2.3.5).
  return { type: 'rsa', modulus, exponent: exponent === 0 ? 65_537 : exponent };
}

function readEcc(reader: Reader): EcKey {
  passScheme(reader, 'its scheme');
  const id = reader.u16('its curve');
  const curve = curveNames.get(id);
  if (!curve) throw reader.wrong('its curve', 'P-256 or P-384', id.toString(16).padStart(4, '0'));
  passScheme(reader, 'its key derivation');
  const length = fieldLength[curve];
  const [x, y] = [reader.sized('its x coordinate', 0, length), reader.sized('its y coordinate', 0, length)];
  return { type: 'ec', curve, x: padded(x, length), y: padded(y, length) };
}

/** Numbers with leading zeros left out, brought to their full length (part 1, C.8: coordinates are padded). */
export const padded = (bytes: Buffer, length: number): Buffer =>
  bytes.length >= length ? bytes : Buffer.concat([Buffer.alloc(length - bytes.length), bytes]);

/** The Name of an object: its name algorithm, then the digest of its public area (part 1, 16). */
export function nameOf({ nameAlgorithm, area }: Pick<PublicArea, 'nameAlgorithm' | 'area'>): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(hashAlgorithm[nameAlgorithm]);
  return Buffer.concat([head, createHash(nameAlgorithm).update(area).digest()]);
}

/** As node:crypto takes it. Throws `input.invalid` for a point that is not on its curve and a modulus that is none. */
export function keyObjectOf(key: TpmPublicKey, place: string): KeyObject {
  const url = (bytes: Buffer): string => bytes.toString('base64url');
  try {
    if (key.type === 'ec') {
      const crv = key.curve === 'p256' ? 'P-256' : 'P-384';
      return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv, x: url(key.x), y: url(key.y) } });
    }
    const [first = 0] = key.modulus;
    const last = key.modulus.at(-1) ?? 0;
    if (first < 0x80 || last % 2 === 0) throw malformed(place, 'an RSA modulus of full length', 'another number');
    const exponent = Buffer.alloc(4);
    exponent.writeUInt32BE(key.exponent);
    return createPublicKey({ format: 'jwk', key: { kty: 'RSA', n: url(key.modulus), e: url(withoutZeros(exponent)) } });
  } catch {
    // OpenSSL says it in words of its own; that it is no key of its kind is all there is to know.
    throw malformed(place, key.type === 'ec' ? 'a point on its curve' : 'an RSA public key', 'none');
  }
}

const withoutZeros = (bytes: Buffer): Buffer => bytes.subarray(bytes.findIndex((byte) => byte !== 0));

const has = (area: Pick<PublicArea, 'attributes'>, bit: number): boolean => (area.attributes & bit) !== 0;

/**
 * Why this is no key that only this TPM can hold and that opens credentials alone, or nothing: fixedTPM, fixedParent, restricted,
 * decrypt, not sign (part 1, 24; TCG EK Credential Profile B.3). Without fixedTPM it may be anywhere.
 */
export function brokenKeyRule(area: PublicArea): string | undefined {
  const needed = ['fixedTPM', 'fixedParent', 'sensitiveDataOrigin', 'restricted', 'decrypt'] as const;
  const missing = needed.find((name) => !has(area, attributes[name]));
  if (missing) return `it lacks the attribute ${missing}`;
  if (has(area, attributes.sign)) return 'it has the attribute sign';
  if (area.aesBits === undefined) return 'it has no symmetric algorithm';
  if (area.key.type === 'rsa' && area.key.modulus.length * 8 < 2_048) return 'its modulus has less than 2048 bits';
  return undefined;
}

/** Whether a password of the key's own is enough to activate with it (part 3, 12.5: role ADMIN for the activation object). */
export const activatesByPassword = (area: PublicArea): boolean =>
  has(area, attributes.userWithAuth) && !has(area, attributes.adminWithPolicy);
