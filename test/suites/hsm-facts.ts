import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { Hsm, PairAlgorithm, PublicKeyRef } from '../../drivers/hsm/hsm.ts';

// What the parts of the HSM's suite share.

/** The HSM of a test, and the same token opened again. */
export type OpenHsm = { readonly hsm: Hsm; readonly reopen: () => Promise<void>; readonly edwards: boolean };

let count = 0;
/** A label that no other test takes. */
export const fresh = (what: string): string => `${what}-${++count}-${randomBytes(3).toString('hex')}`;

export const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
export const sha384 = (bytes: Buffer): Buffer => createHash('sha384').update(bytes).digest();

/** The flags of a generated signing key. */
export const lawful = {
  sign: true,
  signRecover: false,
  verify: false,
  encrypt: false,
  decrypt: false,
  wrap: false,
  unwrap: false,
  derive: false,
  sensitive: true,
  extractable: false,
  alwaysSensitive: true,
  neverExtractable: true,
  local: true,
  token: true,
  private: true,
};

export function publicKeyOf(key: PublicKeyRef) {
  return createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), type: 'spki', format: 'der' });
}

export function verifies(
  algorithm: PairAlgorithm,
  key: PublicKeyRef,
  message: Buffer,
  signature: Buffer,
  digest = 'sha256',
): boolean {
  const name = algorithm === 'ed25519' ? null : digest;
  return verify(name, message, { key: publicKeyOf(key), dsaEncoding: 'ieee-p1363' }, signature);
}

export function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
