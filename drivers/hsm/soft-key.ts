import {
  createHmac,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import { lawfulAttributes } from './attributes.ts';
import { checkValueMessage, checkValueOf } from './check-value.ts';
import { checkLabel } from './checks.ts';
import type { KeyAttributes, PairAlgorithm, PublicKeyRef, SecretKeyRef } from './hsm.ts';
import { spkiOf } from './public-key.ts';
import type { SoftAlgorithm, SoftKey } from './soft-store.ts';

/** A key under a fresh random id. */
export function newKey(label: string, algorithm: SoftAlgorithm, local: boolean, material: KeyObject): SoftKey {
  checkLabel(label);
  return { label, id: randomBytes(16).toString('hex'), algorithm, local, material };
}

const generateAsync = promisify(generateKeyPair);

/** Makes the key material of an algorithm. */
export async function generate(algorithm: SoftAlgorithm): Promise<KeyObject> {
  if (algorithm === 'hmac-sha256') {
    const bytes = randomBytes(32);
    try {
      return createSecretKey(bytes);
    } finally {
      bytes.fill(0);
    }
  }
  return generatePair[algorithm]();
}

const generatePair: Readonly<Record<PairAlgorithm | 'rsa3072-unwrap', () => Promise<KeyObject>>> = {
  p256: async () => (await generateAsync('ec', { namedCurve: 'P-256' })).privateKey,
  p384: async () => (await generateAsync('ec', { namedCurve: 'P-384' })).privateKey,
  rsa2048: async () => (await generateAsync('rsa', { modulusLength: 2048 })).privateKey,
  rsa3072: async () => (await generateAsync('rsa', { modulusLength: 3072 })).privateKey,
  rsa4096: async () => (await generateAsync('rsa', { modulusLength: 4096 })).privateKey,
  ed25519: async () => (await generateAsync('ed25519', {})).privateKey,
  'rsa3072-unwrap': async () => (await generateAsync('rsa', { modulusLength: 3072 })).privateKey,
};

/** What a PKCS#11 token would report of this key. */
export function attributesOf(key: SoftKey): KeyAttributes {
  const { label, id, algorithm, local } = key;
  const shape = algorithm === 'hmac-sha256' ? 'secret' : 'private';
  const use = algorithm === 'rsa3072-unwrap' ? 'unwrap' : 'sign';
  return lawfulAttributes({ label, id, class: shape, type: keyTypes[algorithm], local }, use);
}

/** How long a key is. */
export function softBits({ algorithm, material }: SoftKey): number {
  return algorithm === 'hmac-sha256' ? (material.symmetricKeySize ?? 0) * 8 : pairBits[algorithm];
}

const pairBits: Readonly<Record<Exclude<SoftAlgorithm, 'hmac-sha256'>, number>> = {
  p256: 256,
  p384: 384,
  rsa2048: 2048,
  rsa3072: 3072,
  rsa4096: 4096,
  ed25519: 256,
  'rsa3072-unwrap': 3072,
};

const keyTypes: Readonly<Record<SoftAlgorithm, string>> = {
  'hmac-sha256': 'CKK_GENERIC_SECRET',
  p256: 'CKK_EC',
  p384: 'CKK_EC',
  rsa2048: 'CKK_RSA',
  rsa3072: 'CKK_RSA',
  rsa4096: 'CKK_RSA',
  ed25519: 'CKK_EC_EDWARDS',
  'rsa3072-unwrap': 'CKK_RSA',
};

/** The reference by which an HMAC key is pinned. */
export function secretRef(key: SoftKey): SecretKeyRef {
  const mac = hmac(key.material, checkValueMessage);
  return { label: key.label, id: key.id, checkValue: checkValueOf(mac) };
}

/** The reference by which a pair is pinned. */
export function publicRef(key: SoftKey): PublicKeyRef {
  return { label: key.label, id: key.id, publicKey: spkiOf(createPublicKey(key.material)) };
}

/** HMAC-SHA256 (RFC 2104). */
export const hmac = (key: KeyObject, message: Buffer) => createHmac('sha256', key).update(message).digest();
