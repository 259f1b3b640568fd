import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** The public part of a TPM's storage key, as far as secrets are encrypted to it. */
export type TpmPublic = {
  readonly type: 'rsa' | 'ecc';
  /** The hash algorithm and the hash of the public area (TPM 2.0 part 1, Names). */
  readonly name: Buffer;
  readonly key: KeyObject;
};

const TPM_ALG_RSA = 0x0001;
const TPM_ALG_SHA256 = 0x000b;
const TPM_ALG_ECC = 0x0023;

/** fixedTPM, fixedParent, restricted, decrypt: what every EK and SRK has. A key that also signs is neither. */
const REQUIRED = 0x00030012;
const SIGN = 0x00040000;

/** AES-128-CFB, no scheme, 2048 bits: parameters of an RSA storage key (TCG EK Credential Profile, templates L-1, H-1). */
const RSA_2048 = Buffer.from('00060080004300100800', 'hex');
/** AES-128-CFB, no scheme, NIST P-256, no KDF (templates L-2, H-2). */
const ECC_P256 = Buffer.from('000600800043001000030010', 'hex');

/** Where the authPolicy's size stands in a TPM2B_PUBLIC: behind size, type, name algorithm and attributes. */
const POLICY_AT = 10;
const SHA256_BYTES = 32;

/**
 * Reads a TPM2B_PUBLIC of an endorsement or storage root key: a big-endian size that counts the rest, then a TPMT_PUBLIC
 * (TPM 2.0 part 2). Undefined unless it is exactly that, of a restricted decryption key with RSA-2048 or P-256.
 */
export function readStorageKey(bytes: Buffer): TpmPublic | undefined {
  if (bytes.length < POLICY_AT + 2 || bytes.readUInt16BE(0) !== bytes.length - 2) return undefined;
  const type = bytes.readUInt16BE(2);
  const attributes = bytes.readUInt32BE(6);
  const policySize = bytes.readUInt16BE(POLICY_AT);
  if (bytes.readUInt16BE(4) !== TPM_ALG_SHA256) return undefined;
  if ((attributes & REQUIRED) !== REQUIRED || (attributes & SIGN) !== 0) return undefined;
  if (policySize !== 0 && policySize !== SHA256_BYTES) return undefined;
  const rest = bytes.subarray(POLICY_AT + 2 + policySize);
  const jwk = type === TPM_ALG_RSA ? rsaKey(rest) : type === TPM_ALG_ECC ? eccKey(rest) : undefined;
  const key = jwk && publicKey(jwk);
  return key && { type: type === TPM_ALG_RSA ? 'rsa' : 'ecc', name: nameOf(bytes.subarray(2)), key };
}

/** The Name of a public area whose name algorithm is SHA-256. */
export function nameOf(publicArea: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0, TPM_ALG_SHA256]), createHash('sha256').update(publicArea).digest()]);
}

function rsaKey(rest: Buffer): JsonWebKey | undefined {
  const modulusAt = RSA_2048.length + 6;
  if (rest.length !== modulusAt + 256 || !rest.subarray(0, RSA_2048.length).equals(RSA_2048)) return undefined;
  const exponent = rest.readUInt32BE(RSA_2048.length);
  const modulus = rest.subarray(modulusAt);
  // 0 stands for 65537 (TPM 2.0 part 2, TPMS_RSA_PARMS). The modulus has all its bits, and no prime factor 2.
  const plausible =
    (exponent === 0 || exponent === 65_537) && modulus.readUInt8(0) >= 0x80 && modulus.readUInt8(255) & 1;
  if (rest.readUInt16BE(modulusAt - 2) !== 256 || !plausible) return undefined;
  return { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
}

function eccKey(rest: Buffer): JsonWebKey | undefined {
  if (!rest.subarray(0, ECC_P256.length).equals(ECC_P256)) return undefined;
  const x = coordinate(rest.subarray(ECC_P256.length));
  const y = x && coordinate(x.rest);
  if (!y || y.rest.length > 0) return undefined;
  return { kty: 'EC', crv: 'P-256', x: x.padded, y: y.padded };
}

/** A TPM2B_ECC_PARAMETER. TPMs may leave leading zeros out; a JWK has all 32 bytes. */
function coordinate(bytes: Buffer): { padded: string; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined;
  const size = bytes.readUInt16BE(0);
  if (size < 1 || size > 32 || bytes.length < 2 + size) return undefined;
  const padded = Buffer.concat([Buffer.alloc(32 - size), bytes.subarray(2, 2 + size)]);
  return { padded: padded.toString('base64url'), rest: bytes.subarray(2 + size) };
}

function publicKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (error) {
    // A point that is not on the curve.
    if ((error as NodeJS.ErrnoException).code === 'ERR_CRYPTO_INVALID_JWK') return undefined;
    throw error;
  }
}
