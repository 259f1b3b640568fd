// TPM2_MakeCredential, computed by the station (TPM 2.0 Library Specification, part 1, 24; B.10.4 for RSA, C.6.4 for ECC; 11.4.10 for the
// key derivations). No TPM is needed for it, and none is trusted with it.
import { constants, createCipheriv, createECDH, createHash, createHmac, publicEncrypt, randomBytes } from 'node:crypto';
import { sized, u32 } from './marshal.ts';
import {
  type EcKey,
  fieldLength,
  type HashName,
  hashLength,
  keyObjectOf,
  type PublicArea,
  type RsaKey,
} from './public.ts';
import type { Challenge } from './unit-tpm.ts';

/** Labels end with a zero byte, which counts (part 1, 4.2 and B.4). */
const label = (text: string): Buffer => Buffer.from(`${text}\0`, 'latin1');

/** KDFa (part 1, 11.4.10.2; SP 800-108 in counter mode): `bits` bits under a key. The caller zeroes the answer. */
export function kdfa(hash: HashName, key: Buffer, use: string, u: Uint8Array, v: Uint8Array, bits: number): Buffer {
  return counted(hash, bits, (counter) =>
    createHmac(hash, key).update(u32(counter)).update(label(use)).update(u).update(v).update(u32(bits)).digest(),
  );
}

/** KDFe (part 1, 11.4.10.3; SP 800-56A): `bits` bits out of a shared x coordinate. The caller zeroes the answer. */
export function kdfe(hash: HashName, z: Buffer, use: string, u: Uint8Array, v: Uint8Array, bits: number): Buffer {
  return counted(hash, bits, (counter) =>
    createHash(hash).update(u32(counter)).update(z).update(label(use)).update(u).update(v).digest(),
  );
}

function counted(hash: HashName, bits: number, block: (counter: number) => Buffer): Buffer {
  const length = bits / 8;
  const whole = Buffer.alloc(Math.ceil(length / hashLength[hash]) * hashLength[hash]);
  for (let at = 0, counter = 1; at < whole.length; counter += 1) {
    const piece = block(counter);
    whole.set(piece, at);
    at += piece.length;
    piece.fill(0);
  }
  return whole.subarray(0, length);
}

const noIv = Buffer.alloc(16);

/** AES in CFB mode with 128-bit feedback and no initial vector, as TPMs wrap with (part 1, 24.4). */
export function cfb(key: Buffer, plain: Uint8Array): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-cfb`, key, noIv);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** Longest secret that a credential of this endorsement key holds: a digest of its name algorithm (part 2, 12.4.3). */
export const longestSecret = ({ nameAlgorithm }: PublicArea): number => hashLength[nameAlgorithm];

type Seed = { readonly seed: Buffer; readonly secret: Buffer };

/**
 * A challenge for the TPM that holds the endorsement key `ek` and an object of that Name: only it gives `secret` out again. Hash,
 * OAEP and AES follow the endorsement key's public area. Throws `input.invalid` for a key that cannot be used so.
 */
export function makeCredential(ek: PublicArea, name: Buffer, secret: Uint8Array): Challenge {
  const { nameAlgorithm, aesBits } = ek;
  if (aesBits === undefined) throw new TypeError('a credential is made for a storage key only');
  if (secret.length > longestSecret(ek)) throw new RangeError(`a credential holds ${longestSecret(ek)} bytes at most`);
  const { seed, secret: encrypted } =
    ek.key.type === 'rsa' ? rsaSeed(ek.key, nameAlgorithm) : eccSeed(ek.key, nameAlgorithm);
  const none = Buffer.alloc(0);
  const symmetricKey = kdfa(nameAlgorithm, seed, 'STORAGE', name, none, aesBits);
  const integrityKey = kdfa(nameAlgorithm, seed, 'INTEGRITY', none, none, hashLength[nameAlgorithm] * 8);
  const plain = sized(secret);
  try {
    const identity = cfb(symmetricKey, plain);
    const integrity = createHmac(nameAlgorithm, integrityKey).update(identity).update(name).digest();
    return { credential: sized(Buffer.concat([sized(integrity), identity])), secret: sized(encrypted) };
  } finally {
    for (const buffer of [seed, symmetricKey, integrityKey, plain]) buffer.fill(0);
  }
}

/** RSA: a random seed under OAEP with the name algorithm and the label IDENTITY (part 1, B.10.4). */
function rsaSeed(key: RsaKey, hash: HashName): Seed {
  const seed = randomBytes(hashLength[hash]);
  const secret = publicEncrypt(
    {
      key: keyObjectOf(key, 'the endorsement key'),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: hash,
      oaepLabel: label('IDENTITY'),
    },
    seed,
  );
  return { seed, secret };
}

const opensslCurve = { p256: 'prime256v1', p384: 'secp384r1' } as const;

/** ECC: KDFe over the x coordinate that an ephemeral key and the endorsement key share (part 1, C.6.4). */
function eccSeed(key: EcKey, hash: HashName): Seed {
  const length = fieldLength[key.curve];
  // Refuses a point that is not on the curve, with its place.
  keyObjectOf(key, 'the endorsement key');
  const ephemeral = createECDH(opensslCurve[key.curve]);
  const point = ephemeral.generateKeys();
  const [x, y] = [point.subarray(1, 1 + length), point.subarray(1 + length)];
  const z = ephemeral.computeSecret(Buffer.concat([Buffer.of(4), key.x, key.y]));
  const seed = kdfe(hash, z, 'IDENTITY', x, key.x, hashLength[hash] * 8);
  z.fill(0);
  return { seed, secret: Buffer.concat([sized(x), sized(y)]) };
}
