import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { Template } from 'pkcs11js';
import type { Use } from './attributes.ts';
import { CKA, CKK, CKM, CKO } from './cryptoki.ts';
import type { KeyName, PairAlgorithm } from './hsm.ts';
import { spkiOf } from './public-key.ts';

// What the token is asked for when a key is made. Every use is named, the forbidden ones with false: what a template leaves
// out is the token's choice (PKCS#11 v2.40 section 4.1).

/** How a pair is made, and with which mechanism it signs. */
export type Maker = {
  readonly generate: number;
  readonly sign: number;
  readonly keyType: number;
  /** The attributes of the public half that say which key is wanted. */
  readonly wanted: Template;
};

export const makers: Readonly<Record<PairAlgorithm, Maker>> = {
  p256: ec('06082a8648ce3d030107'), // RFC 5480 section 2.1.1.1: secp256r1
  p384: ec('06052b81040022'), // secp384r1
  rsa2048: rsa(2048),
  rsa3072: rsa(3072),
  rsa4096: rsa(4096),
  ed25519: {
    generate: CKM.EC_EDWARDS_KEY_PAIR_GEN,
    sign: CKM.EDDSA,
    keyType: CKK.EC_EDWARDS,
    // PKCS#11 v3.0 section 2.3.5: the curve by its name, a PrintableString
    wanted: [{ type: CKA.EC_PARAMS, value: Buffer.from('130c656477617264733235353139', 'hex') }],
  },
};

function ec(curve: string): Maker {
  return {
    generate: CKM.EC_KEY_PAIR_GEN,
    sign: CKM.ECDSA,
    keyType: CKK.EC,
    wanted: [{ type: CKA.EC_PARAMS, value: Buffer.from(curve, 'hex') }],
  };
}

function rsa(bits: number): Maker {
  return {
    generate: CKM.RSA_PKCS_KEY_PAIR_GEN,
    sign: CKM.RSA_PKCS,
    keyType: CKK.RSA,
    wanted: [
      { type: CKA.MODULUS_BITS, value: bits },
      { type: CKA.PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
    ],
  };
}

/** A secret that makes HMACs and nothing else. */
export function secretTemplate(name: KeyName): Template {
  return [
    ...common(CKO.SECRET_KEY, name),
    { type: CKA.KEY_TYPE, value: CKK.GENERIC_SECRET },
    ...guarded('sign'),
    { type: CKA.VERIFY, value: false },
    { type: CKA.ENCRYPT, value: false },
    { type: CKA.WRAP, value: false },
  ];
}

/** A private key that signs, or unwraps, and does nothing else. */
export function privateTemplate(name: KeyName, use: Use = 'sign'): Template {
  return [...common(CKO.PRIVATE_KEY, name), ...guarded(use), { type: CKA.SIGN_RECOVER, value: false }];
}

/** Its public half, which anyone may read. That of an unwrapping key does nothing in the token: its owner wraps outside. */
export function publicTemplate(name: KeyName, algorithm: PairAlgorithm, use: Use = 'sign'): Template {
  return [
    ...common(CKO.PUBLIC_KEY, name),
    ...makers[algorithm].wanted,
    { type: CKA.PRIVATE, value: false },
    { type: CKA.VERIFY, value: use === 'sign' },
    { type: CKA.VERIFY_RECOVER, value: false },
    { type: CKA.ENCRYPT, value: false },
    { type: CKA.WRAP, value: false },
  ];
}

function common(type: number, { label, id }: KeyName): Template {
  return [
    { type: CKA.CLASS, value: type },
    { type: CKA.TOKEN, value: true },
    { type: CKA.LABEL, value: label },
    { type: CKA.ID, value: Buffer.from(id, 'hex') },
  ];
}

const guarded = (use: Use): Template => [
  { type: CKA.PRIVATE, value: true },
  { type: CKA.SENSITIVE, value: true },
  { type: CKA.EXTRACTABLE, value: false },
  { type: CKA.SIGN, value: use === 'sign' },
  { type: CKA.DECRYPT, value: false },
  { type: CKA.UNWRAP, value: use === 'unwrap' },
  { type: CKA.DERIVE, value: false },
];

/** The public attributes of a pair as the token reports them. */
export type PublicParts = {
  readonly point: Buffer | undefined;
  readonly modulus: Buffer | undefined;
  readonly exponent: Buffer | undefined;
};

/** The public key as base64 of its DER SubjectPublicKeyInfo, or none when the token's attributes make no such key. */
export function publicKeyFrom(algorithm: PairAlgorithm, parts: PublicParts): string | undefined {
  const key = jwk(algorithm, parts);
  if (key === undefined) return undefined;
  try {
    return spkiOf(createPublicKey({ key, format: 'jwk' }));
  } catch {
    return undefined; // OpenSSL's reason says nothing more: the point is not on the curve, or the like
  }
}

const curves: Partial<Record<PairAlgorithm, { readonly kty: string; readonly crv: string; readonly bytes: number }>> = {
  p256: { kty: 'EC', crv: 'P-256', bytes: 65 },
  p384: { kty: 'EC', crv: 'P-384', bytes: 97 },
  ed25519: { kty: 'OKP', crv: 'Ed25519', bytes: 32 },
};

function jwk(algorithm: PairAlgorithm, { point, modulus, exponent }: PublicParts): JsonWebKey | undefined {
  const curve = curves[algorithm];
  if (curve === undefined) {
    return modulus && exponent
      ? { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') }
      : undefined;
  }
  const raw = point && rawPoint(point, curve.bytes);
  if (raw === undefined) return undefined;
  if (curve.kty === 'OKP') return { kty: curve.kty, crv: curve.crv, x: raw.toString('base64url') };
  const half = (curve.bytes - 1) / 2;
  const part = (from: number) => raw.toString('base64url', from, from + half);
  return { kty: curve.kty, crv: curve.crv, x: part(1), y: part(1 + half) };
}

/** CKA_EC_POINT is a DER OCTET STRING around the point (PKCS#11 v2.40 section 2.3.3); some tokens give the bare point. */
function rawPoint(point: Buffer, bytes: number): Buffer | undefined {
  if (point.length === bytes) return point;
  const wrapped = point.length === bytes + 2 && point[0] === 0x04 && point[1] === bytes;
  return wrapped ? point.subarray(2) : undefined;
}
