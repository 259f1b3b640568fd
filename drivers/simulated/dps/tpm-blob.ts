import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { nameOf, type TpmPublic } from './tpm-public.ts';
import { kdfa, shareSeed, sized } from './tpm-seed.ts';

export type Activation = {
  readonly endorsementKey: TpmPublic;
  readonly storageRootKey: TpmPublic;
  /** The HMAC key that the device is to have in its TPM, 32 bytes. The caller's to zero. */
  readonly key: Buffer;
  /** What the key signs for; it goes into the last member, which clients may ignore. */
  readonly uri: string;
};

/** How many bytes an HMAC key has that DPS issues. */
export const ISSUED_KEY_BYTES = 32;

/**
 * The `authenticationKey` of a challenge and of an assignment: six sized TPM structures, by which the TPM with this EK and
 * SRK gets an HMAC key that nobody else can read (layout as TSS clients unmarshal it):
 *
 * 1. TPM2B_ID_OBJECT: the inner key, for ActivateCredential with the SRK as the object to be loaded
 * 2. TPM2B_ENCRYPTED_SECRET: the seed that protects it, to the EK
 * 3. TPM2B_PRIVATE: the HMAC key as a duplicate, wrapped by the inner key and then by the parent's seed
 * 4. TPM2B_ENCRYPTED_SECRET: the parent's seed, to the SRK
 * 5. TPM2B_PUBLIC: the HMAC key's public area
 * 6. TPM2B_DATA: a URI, encrypted with the inner key
 */
export function activationBlob({ endorsementKey, storageRootKey, key, uri }: Activation): Buffer {
  const innerKey = randomBytes(16);
  const seedValue = randomBytes(32);
  const credential = shareSeed(endorsementKey, 'IDENTITY');
  const outer = shareSeed(storageRootKey, 'DUPLICATE');
  try {
    const object = hmacObject(key, seedValue);
    return Buffer.concat(
      [
        protectedCredential(innerKey, credential.seed, storageRootKey.name),
        credential.encrypted,
        duplicate(object, innerKey, outer.seed),
        outer.encrypted,
        object.publicArea,
        encrypted(innerKey, Buffer.from(uri)),
      ].map(sized),
    );
  } finally {
    for (const secret of [innerKey, seedValue, credential.seed, outer.seed]) secret.fill(0);
  }
}

/** An HMAC key as TPM structures. `sensitive` has the key in it: whoever wraps it zeroes it. */
export type HmacObject = { readonly publicArea: Buffer; readonly name: Buffer; readonly sensitive: Buffer };

/** KEYEDHASH, SHA-256, sign | noDA | userWithAuth, no policy, scheme HMAC with SHA-256; `unique` follows. */
const PUBLIC_AREA = Buffer.from('0008000b0004044000000005000b', 'hex');
/** KEYEDHASH and an empty authValue; `seedValue` and the key follow. */
const SENSITIVE_AREA = Buffer.from('00080000', 'hex');

/** TPMT_PUBLIC and TPMT_SENSITIVE of an HMAC key. `unique` binds the two (TPM 2.0 part 1, 27.5.3.3). */
export function hmacObject(key: Buffer, seedValue: Buffer): HmacObject {
  const unique = createHash('sha256').update(seedValue).update(key).digest();
  const publicArea = Buffer.concat([PUBLIC_AREA, sized(unique)]);
  const sensitive = Buffer.concat([SENSITIVE_AREA, sized(seedValue), sized(key)]);
  return { publicArea, name: nameOf(publicArea), sensitive };
}

/** The content of a TPM2B_PRIVATE for Import, with inner and outer wrap (TPM 2.0 part 1, 23.3). Zeroes `sensitive`. */
export function duplicate({ name, sensitive }: HmacObject, innerKey: Buffer, seed: Buffer): Buffer {
  const wrapped = innerWrap(sensitive, name, innerKey);
  sensitive.fill(0);
  return outerWrap(wrapped, seed, name);
}

/** The content of a TPM2B_ID_OBJECT: the inner key for the TPM in which the object of that Name is (part 1, 24.4). */
export function protectedCredential(innerKey: Buffer, seed: Buffer, name: Buffer): Buffer {
  const plain = sized(innerKey);
  const wrapped = outerWrap(plain, seed, name);
  plain.fill(0);
  return wrapped;
}

/** The inner wrap has an integrity hash of its own, within what is encrypted. */
export function innerWrap(sensitive: Buffer, name: Buffer, innerKey: Buffer): Buffer {
  const content = sized(sensitive);
  const plain = Buffer.concat([sized(createHash('sha256').update(content).update(name).digest()), content]);
  const wrapped = encrypted(innerKey, plain);
  for (const secret of [content, plain]) secret.fill(0);
  return wrapped;
}

/** Encrypt, then MAC, with keys derived from the seed; the MAC also covers the Name of the object that it is about. */
function outerWrap(plain: Buffer, seed: Buffer, name: Buffer): Buffer {
  const symmetricKey = kdfa(seed, 'STORAGE', name, 128);
  const hmacKey = kdfa(seed, 'INTEGRITY', Buffer.alloc(0), 256);
  const wrapped = encrypted(symmetricKey, plain);
  const integrity = createHmac('sha256', hmacKey).update(wrapped).update(name).digest();
  for (const secret of [symmetricKey, hmacKey]) secret.fill(0);
  return Buffer.concat([sized(integrity), wrapped]);
}

/** AES-128-CFB from a zero IV, as TPMs protect objects: each key is used for one object. */
function encrypted(key: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-cfb', key, Buffer.alloc(16));
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}
