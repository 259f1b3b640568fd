// Proof of possession (docs/design.md, Unit protocol): over a message that only station and unit together can make, never over
// bytes that the station chose alone, since a SAS token is an HMAC of chosen bytes.
import { createHash, createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';

export const nonceLength = 32;
export const operationLength = 16;

const label = Buffer.from('birthmark-pop-v1\0', 'latin1');

export type PossessionParts = {
  /** 16 bytes. */
  readonly operation: Uint8Array;
  readonly registrationId: string;
  /** 32 bytes each. */
  readonly stationNonce: Uint8Array;
  readonly unitNonce: Uint8Array;
};

/** `birthmark-pop-v1` ‖ 00 ‖ operation id ‖ SHA-256(registration ID, UTF-8) ‖ station nonce ‖ unit nonce: 129 bytes. */
export function possessionMessage(parts: PossessionParts): Buffer {
  const { operation, stationNonce, unitNonce } = parts;
  // Fixed lengths are what makes the message mean one thing only.
  if (operation.length !== operationLength) throw new RangeError(`an operation id has ${operationLength} bytes`);
  if (stationNonce.length !== nonceLength || unitNonce.length !== nonceLength) {
    throw new RangeError(`a nonce has ${nonceLength} bytes`);
  }
  const registration = createHash('sha256').update(parts.registrationId, 'utf8').digest();
  return Buffer.concat([label, operation, registration, stationNonce, unitNonce]);
}

/** HMAC-SHA256 of the message under the key: the proof that a unit with a symmetric key gives. */
export const possessionHmac = (key: Uint8Array, message: Uint8Array): Buffer =>
  createHmac('sha256', key).update(message).digest();

/** Whether `proof` is the HMAC of the message under the key, compared in constant time. The caller zeroes `key`. */
export function possessionHmacHolds(key: Uint8Array, message: Uint8Array, proof: Uint8Array): boolean {
  const expected = possessionHmac(key, message);
  return proof.length === expected.length && timingSafeEqual(expected, proof);
}

const curveDigests: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'sha256'],
  ['secp384r1', 'sha384'],
]);

/**
 * The digest that a certificate's key signs the message with: SHA-256 for P-256 and RSA, SHA-384 for P-384. None for a key
 * that proves nothing here. Of a private key as of a public one.
 */
export function possessionDigest({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  if (asymmetricKeyType === 'rsa') return 'sha256';
  return asymmetricKeyType === 'ec' ? curveDigests.get(asymmetricKeyDetails?.namedCurve ?? '') : undefined;
}

/**
 * Signature over the message: ECDSA as a DER Ecdsa-Sig-Value (RFC 3279, section 2.2.3), RSA as PKCS#1 v1.5 (RFC 8017). The
 * proof that a unit with a certificate gives. Throws TypeError for a key of another kind.
 */
export function possessionSignature(privateKey: KeyObject, message: Uint8Array): Buffer {
  const digest = possessionDigest(privateKey);
  if (digest === undefined) throw new TypeError('possession is proven with P-256, P-384 and RSA keys');
  return sign(digest, message, privateKey);
}

/** Whether `proof` is the certificate's key's signature over the message; false, never a throw, for any garbage. */
export function possessionSignatureHolds(publicKey: KeyObject, message: Uint8Array, proof: Uint8Array): boolean {
  const digest = possessionDigest(publicKey);
  if (digest === undefined) return false;
  try {
    return verify(digest, message, publicKey, proof);
  } catch {
    // What OpenSSL cannot even read is no proof.
    return false;
  }
}
