// Delivery `channel` (uart-v1.md): a key that station and unit agree on for one attempt. Whoever listens learns nothing; whoever
// sits in the middle, or poses as the unit, learns the credential, since neither side proves who it is.
import { createCipheriv, createDecipheriv, createECDH, createHash, hkdfSync } from 'node:crypto';

/** An uncompressed point of P-256 (SEC 1, 2.3.3): 04, x, y. */
export const pointLength = 65;
export const envelopeKeyLength = 32;
export const ivLength = 12;
export const tagLength = 16;

const cipherName = 'aes-256-gcm';

/** What an envelope is for; it opens for nothing else. */
export type Bound = {
  /** 16 bytes. */
  readonly operation: Uint8Array;
  /** The sender's and the receiver's own. */
  readonly registrationId: string;
};

/** Key and initial vector of one envelope. Whoever got them zeroes them; they are never used twice. */
export type EnvelopeKey = { readonly key: Buffer; readonly iv: Buffer };

/** The two public keys of one agreement, as they travelled. */
export type AgreedPoints = { readonly stationKey: Uint8Array; readonly unitKey: Uint8Array };

/** One side's key pair for one agreement. It is in memory alone, and node keeps no way to zero its private half. */
export class Ephemeral {
  readonly #pair = createECDH('prime256v1');
  readonly point: Buffer;

  private constructor(privateKey?: Uint8Array) {
    if (privateKey === undefined) this.#pair.generateKeys();
    else this.#pair.setPrivateKey(privateKey);
    this.point = this.#pair.getPublicKey();
  }

  static draw(): Ephemeral {
    return new Ephemeral();
  }

  /** The pair of a known private key, for test vectors. */
  static of(privateKey: Uint8Array): Ephemeral {
    return new Ephemeral(privateKey);
  }

  /** The shared x coordinate, or `undefined` for what is no point of the curve. The caller zeroes it. */
  agree(point: Uint8Array): Buffer | undefined {
    // OpenSSL takes the hybrid forms (06 and 07) as well; they are of the same length, and no form of ours.
    if (point.length !== pointLength || point[0] !== 4) return undefined;
    try {
      return this.#pair.computeSecret(point);
    } catch {
      // node throws for what is not on the curve; infinity has no form of 65 bytes.
      return undefined;
    }
  }
}

const separated = (word: string): Buffer => Buffer.from(`${word}\0`, 'latin1');
const label = separated('birthmark-channel-v1');
const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** HKDF-SHA256 (RFC 5869) over the shared x coordinate, without salt, with both points and what they are for as info. */
export function channelKey(
  shared: Uint8Array,
  { stationKey, unitKey }: AgreedPoints,
  { operation, registrationId }: Bound,
): EnvelopeKey {
  const points = [separated('station'), stationKey, separated('unit'), unitKey];
  const info = Buffer.concat([label, ...points, operation, sha256(registrationId)]);
  const derived = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), info, envelopeKeyLength + ivLength));
  return { key: derived.subarray(0, envelopeKeyLength), iv: derived.subarray(envelopeKeyLength) };
}

/** The agreement as either side makes it, or `undefined` for a point that is none. */
export function agreeChannel(own: Ephemeral, other: Uint8Array, points: AgreedPoints, bound: Bound) {
  const shared = own.agree(other);
  const agreed = shared && channelKey(shared, points, bound);
  shared?.fill(0);
  return agreed;
}

/** Ties an envelope to the object's kind, the operation and the registration ID. */
export const associatedData = (kind: string, { operation, registrationId }: Bound): Buffer =>
  Buffer.concat([separated(kind), operation, sha256(registrationId)]);

/** AES-256-GCM: ciphertext ‖ tag (16). */
export function seal({ key, iv }: EnvelopeKey, associated: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv(cipherName, key, iv, { authTagLength: tagLength }).setAAD(associated);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** What an envelope holds, or `undefined` when it is not the one that was sealed. The caller zeroes it. */
export function unseal({ key, iv }: EnvelopeKey, associated: Uint8Array, envelope: Uint8Array): Buffer | undefined {
  if (envelope.length < tagLength) return undefined;
  const end = envelope.length - tagLength;
  const decipher = createDecipheriv(cipherName, key, iv, { authTagLength: tagLength })
    .setAAD(associated)
    .setAuthTag(envelope.subarray(end));
  const plain = decipher.update(envelope.subarray(0, end));
  try {
    decipher.final();
    return plain;
  } catch {
    // Nothing of what does not authenticate is used.
    plain.fill(0);
    return undefined;
  }
}

export function forgetKey({ key, iv }: EnvelopeKey): void {
  key.fill(0);
  iv.fill(0);
}
