// TPM2_ActivateCredential (part 3, 12.5; part 1, 24, B.10.4 and C.6.4).
import {
  constants,
  createDecipheriv,
  createHmac,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto';
import { commands } from '../../tpm/constants.ts';
import { kdfa, kdfe } from '../../tpm/credential.ts';
import { sized } from '../../tpm/marshal.ts';
import { type EcKey, fieldLength, type HashName, hashLength, padded } from '../../tpm/public.ts';
import type { LoadedKey } from './chip.ts';
import { blaming, ofParameter, rc, refuse } from './codes.ts';
import { type Answer, type Call, type Command, takes } from './command.ts';
import { loadedAt } from './entities.ts';
import { Input } from './input.ts';
import { longestSecret } from './sessions.ts';

/** TPM2B_ID_OBJECT: two digests with their sizes (part 2, 12.4.3). */
const longestIdentity = 2 * (2 + 64);
const longestCoordinate = 80;
const identity = Buffer.from('IDENTITY\0', 'latin1');

function activateCredential({ chip, handles: [activated = 0, decrypting = 0], input }: Call): Answer {
  const blob = input.parameter(1, () => input.sized(longestIdentity));
  const secret = input.parameter(2, () => input.sized(longestSecret));
  input.end();
  // All keys of this TPM are storage keys: asymmetric, restricted, for decryption.
  const key = loadedAt(chip, decrypting);
  const seed = blaming(ofParameter(2), () => seedOf(key, secret));
  try {
    const { name } = loadedAt(chip, activated);
    return { parameters: blaming(ofParameter(1), () => open(key, seed, name, blob)) };
  } finally {
    seed.fill(0);
  }
}

/** The seed that was sent to this key; the caller zeroes it. */
function seedOf({ key, public: area }: LoadedKey, secret: Buffer): Buffer {
  return area.key.type === 'rsa'
    ? rsaSeed(key, area.nameAlgorithm, secret)
    : eccSeed(key, area.key, area.nameAlgorithm, secret);
}

function rsaSeed(key: KeyObject, hash: HashName, secret: Buffer): Buffer {
  if (secret.length !== 256) refuse(rc.size);
  const seed = unpad(key, hash, secret);
  if (seed?.length === hashLength[hash]) return seed;
  seed?.fill(0);
  return refuse(rc.value);
}

function unpad(key: KeyObject, hash: HashName, secret: Buffer): Buffer | undefined {
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return privateDecrypt({ key, padding, oaepHash: hash, oaepLabel: identity }, secret);
  } catch {
    // Whatever OpenSSL found wrong: it is not for this key, and a TPM says no more than that.
    return undefined;
  }
}

function eccSeed(key: KeyObject, { curve, x: own }: EcKey, hash: HashName, secret: Buffer): Buffer {
  const input = new Input(secret);
  // What stands behind the point is not looked at, as in swtpm.
  const [x, y] = [input.sized(longestCoordinate), input.sized(longestCoordinate)];
  const publicKey = pointOn(curve, x, y);
  if (!publicKey) return refuse(rc.eccPoint);
  const shared = diffieHellman({ privateKey: key, publicKey });
  const seed = kdfe(hash, shared, 'IDENTITY', x, own, hashLength[hash] * 8);
  shared.fill(0);
  return seed;
}

/** A point on the curve as a key, or nothing. */
function pointOn(curve: EcKey['curve'], x: Buffer, y: Buffer): KeyObject | undefined {
  const url = (number: Buffer) => padded(number, fieldLength[curve]).toString('base64url');
  const crv = curve === 'p256' ? 'P-256' : 'P-384';
  try {
    return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv, x: url(x), y: url(y) } });
  } catch {
    // OpenSSL has several ways to say that there is no such point.
    return undefined;
  }
}

/** Checks that it is meant for this key and Name, then takes the secret out. */
function open({ public: area }: LoadedKey, seed: Buffer, name: Buffer, blob: Buffer): Buffer {
  const { nameAlgorithm: hash, aesBits = 128 } = area;
  const none = Buffer.alloc(0);
  const input = new Input(blob);
  const integrity = input.sized(64);
  const hidden = input.bytes(input.left);
  const integrityKey = kdfa(hash, seed, 'INTEGRITY', none, none, hashLength[hash] * 8);
  const wanted = createHmac(hash, integrityKey).update(hidden).update(name).digest();
  integrityKey.fill(0);
  if (!wanted.equals(integrity)) refuse(rc.integrity);
  const symmetricKey = kdfa(hash, seed, 'STORAGE', name, none, aesBits);
  const decipher = createDecipheriv(`aes-${aesBits}-cfb`, symmetricKey, Buffer.alloc(16));
  const plain = Buffer.concat([decipher.update(hidden), decipher.final()]);
  symmetricKey.fill(0);
  try {
    const inside = new Input(plain);
    const secret = inside.sized(hashLength[hash]);
    inside.end();
    return sized(secret);
  } finally {
    plain.fill(0);
  }
}

export const activateCommands: readonly Command[] = [
  {
    code: commands.ActivateCredential,
    handles: [
      { takes: takes.object, role: 'admin' },
      { takes: takes.object, role: 'user' },
    ],
    sessions: true,
    encryptable: { command: true, response: true },
    run: activateCredential,
  },
];
