import { createHash, randomBytes, verify } from 'node:crypto';
import type { Handle } from 'pkcs11js';
import { StationError } from '../../station-core/contract/errors.ts';
import { requireAttributes, type Use } from './attributes.ts';
import { checkValueMessage, checkValueOf, requireCheckValue } from './check-value.ts';
import { CKK, CKM, CKO, keyTypeName } from './cryptoki.ts';
import { digestInfo } from './digest-info.ts';
import type { KeyAttributes, KeyName, PairAlgorithm, PublicKeyRef, SecretKeyRef } from './hsm.ts';
import { findKeys, type In, readAttributes } from './pkcs11-objects.ts';
import { Pace } from './pkcs11-pace.ts';
import { makers } from './pkcs11-templates.ts';
import { provesUnwrapping } from './pkcs11-unwrap.ts';
import { type Pinned, pinnedKey } from './public-key.ts';

/** A key as it was found in this process: its attributes were read and keep the rules. */
type Found = {
  readonly handle: Handle;
  readonly attributes: KeyAttributes;
  /** Of a secret. */
  readonly checkValue: string;
  /** The public keys, as pinned, of which this private key was proven to be the other half. */
  readonly proven: Set<string>;
};

/**
 * Keys found, checked and kept by handle, since looking a key up for each signature takes longer than signing (docs/lessons.md
 * 11). All is forgotten when a session was lost: a handle may then name another key (docs/lessons.md 9).
 */
export class Keys {
  #found = new Map<string, Promise<Found>>();

  /** Forgets all handles. */
  forget(): void {
    this.#found = new Map();
  }

  /** Forgets one key, which was destroyed. */
  forgetOne(name: KeyName): void {
    for (const use of ['sign', 'unwrap'] as const) this.#found.delete(cacheKey(name, use));
  }

  /** The handle of the pinned secret. `madeHere`: only one that was generated in the token. */
  async secret(at: In, key: SecretKeyRef, madeHere: boolean): Promise<Handle> {
    const found = await this.#find(at, key);
    if (found.attributes.class !== 'secret') throw differs(key);
    requireAttributes(found.attributes, madeHere);
    requireCheckValue(key, found.checkValue);
    return found.handle;
  }

  /** The check value of a secret, whatever was pinned. */
  async checkValue(at: In, key: KeyName): Promise<string> {
    const found = await this.#find(at, key);
    if (found.attributes.class !== 'secret') throw differs(key);
    return found.checkValue;
  }

  /** The handle of the private key that belongs to the pinned public key, and its algorithm. */
  async pair(at: In, key: PublicKeyRef): Promise<{ readonly handle: Handle; readonly algorithm: PairAlgorithm }> {
    const pinned = pinnedKey(key);
    const { handle, attributes, proven } = await this.#find(at, key);
    if (attributes.type !== keyTypeName(makers[pinned.algorithm].keyType)) throw differs(key);
    if (!proven.has(key.publicKey)) {
      if (!(await isOtherHalf(at, handle, pinned))) throw differs(key);
      proven.add(key.publicKey);
    }
    return { handle, algorithm: pinned.algorithm };
  }

  /** The handle of the private key that unwraps what was wrapped with the pinned public key. */
  async unwrapper(at: In, key: PublicKeyRef): Promise<Handle> {
    const { publicKey } = pinnedKey(key);
    const { handle, attributes, proven } = await this.#find(at, key, 'unwrap');
    if (attributes.type !== keyTypeName(CKK.RSA)) throw differs(key);
    if (!proven.has(key.publicKey)) {
      if (!provesUnwrapping(at, handle, publicKey)) throw differs(key);
      proven.add(key.publicKey);
    }
    return handle;
  }

  /** Many calls that start at once look the key up once. A failure is not kept: the key may come. */
  #find(at: In, name: KeyName, use: Use = 'sign'): Promise<Found> {
    const place = cacheKey(name, use);
    const known = this.#found.get(place);
    if (known !== undefined) return known;
    const found = this.#found;
    const looking = lookUp(at, name, use).catch((thrown: unknown) => {
      found.delete(place);
      throw thrown;
    });
    found.set(place, looking);
    return looking;
  }
}

/** The one object of this name. Throws `hsm.key-missing` and `hsm.key-ambiguous`. */
export function findOne(at: In, name: KeyName): Handle {
  const handles = findKeys(at, name, [CKO.SECRET_KEY, CKO.PRIVATE_KEY]);
  if (handles.length > 1) throw new StationError('hsm.key-ambiguous', { label: name.label });
  if (handles[0] === undefined) throw new StationError('hsm.key-missing', { label: name.label });
  return handles[0];
}

/** HMAC-SHA256 of the message, which is zeroed; the caller zeroes the answer. */
export function hmac(at: In, handle: Handle, message: Buffer): Promise<Buffer> {
  return signWith(at, handle, { mechanism: CKM.SHA256_HMAC, room: 32, failed: () => undefined }, message);
}

/** A signature over the digest (for Ed25519 the message), in the form of the mechanism. */
export function signDigest(
  at: In,
  handle: Handle,
  algorithm: PairAlgorithm,
  digest: Buffer,
  failed: Failed = () => undefined,
): Promise<Buffer> {
  const { sign, keyType } = makers[algorithm];
  const input = keyTypeName(keyType) === 'CKK_RSA' ? digestInfo(digest) : digest;
  return signWith(at, handle, { mechanism: sign, room: 1024, failed }, input);
}

/** Told what C_Sign itself threw: C_SignInit had gone well. */
type Failed = (thrown: unknown) => void;

type Signing = { readonly mechanism: number; readonly room: number; readonly failed: Failed };

async function signWith(at: In, handle: Handle, { mechanism, room, failed }: Signing, input: Buffer): Promise<Buffer> {
  const output = Buffer.alloc(room);
  at.module.C_SignInit(at.session, { mechanism }, handle);
  try {
    return paceOf(mechanism).waits
      ? signHere(at, mechanism, input, output)
      : await at.module.C_SignAsync(at.session, input, output);
  } catch (thrown) {
    failed(thrown);
    throw thrown;
  } finally {
    // Zeroed, and thereby kept alive until here: pkcs11js hands bare pointers to its thread and holds no reference to
    // either Buffer (PeculiarVentures/pkcs11js#121); the answer is a view of `output`.
    input.fill(0);
  }
}

/** How fast this process's token is with each mechanism. */
const paces = new Map<number, Pace>();

function paceOf(mechanism: number): Pace {
  const known = paces.get(mechanism) ?? new Pace();
  paces.set(mechanism, known);
  return known;
}

/** Waits for the token; nothing else of this process runs meanwhile, so the deadline of the station's side still ends it. */
function signHere(at: In, mechanism: number, input: Buffer, output: Buffer): Buffer {
  const began = performance.now();
  const signature = at.module.C_Sign(at.session, input, output);
  paceOf(mechanism).took(performance.now() - began);
  return signature;
}

async function lookUp(at: In, name: KeyName, use: Use): Promise<Found> {
  const handle = findOne(at, name);
  const attributes = readAttributes(at, handle, name);
  requireAttributes(attributes, false, use);
  const checkValue = attributes.class === 'secret' ? await checkValueWith(at, handle) : '';
  return { handle, attributes, checkValue, proven: new Set() };
}

async function checkValueWith(at: In, handle: Handle): Promise<string> {
  const mac = await hmac(at, handle, Buffer.from(checkValueMessage));
  try {
    return checkValueOf(mac);
  } finally {
    mac.fill(0);
  }
}

/**
 * Lets the private key sign a fresh challenge and checks that under the pinned public key: the token's own public key object
 * would prove nothing. The message starts with a text, so no certificate, CRL or checkpoint can ever be that message.
 */
async function isOtherHalf(at: In, handle: Handle, { algorithm, publicKey }: Pinned): Promise<boolean> {
  const message = Buffer.concat([Buffer.from('birthmark/prove\0', 'latin1'), randomBytes(32)]);
  const edwards = algorithm === 'ed25519';
  const input = edwards ? Buffer.from(message) : createHash('sha256').update(message).digest();
  const signature = await signDigest(at, handle, algorithm, input);
  return verify(edwards ? null : 'sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

const cacheKey = (name: KeyName, use: Use) => `${use}\0${name.label}\0${name.id}`;

const differs = (key: KeyName) => new StationError('hsm.key-differs', { label: key.label });
