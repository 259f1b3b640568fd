import { constants, createECDH, type KeyObject, privateEncrypt, randomBytes, sign } from 'node:crypto';
import { digestInfo } from './digest-info.ts';
import type { PairAlgorithm } from './hsm.ts';

// Practice only: node:crypto signs no finished digest with ECDSA, so this does, by ECDH's point multiplication. Its
// BigInt arithmetic takes a time that depends on the key; a real HSM does this in production.

type Curve = { readonly name: string; readonly order: bigint; readonly bytes: number };

// The orders n of SEC 2 sections 2.4.2 and 2.5.1.
const p256: Curve = {
  name: 'prime256v1',
  order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  bytes: 32,
};
const p384: Curve = {
  name: 'secp384r1',
  order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  bytes: 48,
};

/** Signs a digest (for Ed25519 the message) as the PKCS#11 mechanisms do: raw r‖s, PKCS#1 v1.5, or 64 bytes. */
export const softSign: Readonly<Record<PairAlgorithm, (key: KeyObject, digest: Buffer) => Buffer>> = {
  p256: (key, digest) => ecdsa(p256, key, digest),
  p384: (key, digest) => ecdsa(p384, key, digest),
  rsa2048: rsa,
  rsa3072: rsa,
  rsa4096: rsa,
  ed25519: (key, message) => sign(null, message, key),
};

function rsa(key: KeyObject, digest: Buffer): Buffer {
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(digest));
}

/** FIPS 186-5 section 6.4.1, with a fresh random k; the digest is cut to the order's length. */
function ecdsa(curve: Curve, key: KeyObject, digest: Buffer): Buffer {
  const d = privateScalar(key);
  const z = number(digest.subarray(0, curve.bytes));
  for (;;) {
    const k = number(randomBytes(curve.bytes));
    if (k === 0n || k >= curve.order) continue;
    const r = abscissa(curve, k) % curve.order;
    const s = (inverse(k, curve.order) * (z + r * d)) % curve.order;
    if (r !== 0n && s !== 0n) return Buffer.concat([bytes(r, curve.bytes), bytes(s, curve.bytes)]);
  }
}

function privateScalar(key: KeyObject): bigint {
  const { d } = key.export({ format: 'jwk' });
  return number(Buffer.from(d ?? '', 'base64url'));
}

/** The x coordinate of k times the base point. */
function abscissa(curve: Curve, k: bigint): bigint {
  const ecdh = createECDH(curve.name);
  ecdh.setPrivateKey(bytes(k, curve.bytes));
  return number(ecdh.getPublicKey().subarray(1, 1 + curve.bytes));
}

/** The inverse modulo a prime, by the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

const number = (buffer: Buffer) => BigInt(`0x${buffer.toString('hex')}`);
const bytes = (value: bigint, length: number) => Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
