import { constants, type KeyObject, privateDecrypt } from 'node:crypto';

/** Opens RSAES-OAEP with SHA-256 or SHA-1, as the PKCS#11 side does; none when it does not open. The caller zeroes the answer. */
export function softUnwrap(key: KeyObject, wrapped: Buffer): Buffer | undefined {
  return openWith(key, wrapped, 'sha256') ?? openWith(key, wrapped, 'sha1');
}

function openWith(key: KeyObject, wrapped: Buffer, oaepHash: string): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, wrapped);
  } catch {
    return undefined; // why it does not open is nobody's business (RFC 8017 section 7.1.2, note)
  }
}
