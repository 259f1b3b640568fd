import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';

/** Wraps a fresh group key as its owner would (RSA-OAEP with SHA-256), by the reference that the page showed. Base64. */
export function wrap(reference: string): string {
  const { publicKey } = JSON.parse(reference) as { publicKey: string };
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, randomBytes(64)).toString('base64');
}
