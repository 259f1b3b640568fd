import { randomBytes } from 'node:crypto';
import type { Handle } from 'pkcs11js';
import { StationError } from '../../station-core/contract/errors.ts';
import { requireAttributes } from './attributes.ts';
import { CKA, CKM, CKO } from './cryptoki.ts';
import type { KeyName, PairAlgorithm, PublicKeyRef, SecretKeyRef } from './hsm.ts';
import { readAnchor, writeAnchor } from './pkcs11-anchor.ts';
import type { CallName, Calls } from './pkcs11-calls.ts';
import { findOne, hmac, Keys, signDigest } from './pkcs11-keys.ts';
import { findKeys, type In, labelTaken, readAttributes, readBytes } from './pkcs11-objects.ts';
import { makers, privateTemplate, publicKeyFrom, publicTemplate, secretTemplate } from './pkcs11-templates.ts';
import { Token } from './pkcs11-token.ts';

type Input<C extends CallName> = Calls[C]['in'];

/** What the module's process does for the station, one method a call. Inputs were checked by the station's side. */
export class Verbs {
  readonly #keys = new Keys();
  #token: Token | undefined;
  #lastChange: Promise<unknown> = Promise.resolve();

  async attach({ module, token }: Input<'attach'>): Promise<Calls['attach']['out']> {
    this.#token = Token.attach(module, token, () => this.#keys.forget());
    return this.#token.attached;
  }

  async login({ pin }: Input<'login'>): Promise<undefined> {
    this.#attached().login(asBuffer(pin));
  }

  async look(): Promise<Calls['look']['out']> {
    return this.#attached().look();
  }

  async inspect({ key }: Input<'inspect'>): Promise<Calls['inspect']['out']> {
    return this.#use(async (at) => readAttributes(at, findOne(at, key), key));
  }

  async checkValue({ key }: Input<'checkValue'>): Promise<string> {
    return this.#use((at) => this.#keys.checkValue(at, key));
  }

  async sign({ key, digest }: Input<'sign'>): Promise<Buffer> {
    return this.#use(async (at) => {
      const { handle, algorithm } = await this.#keys.pair(at, key);
      return signDigest(at, handle, algorithm, Buffer.from(digest));
    });
  }

  async mac({ key, message, madeHere }: Input<'mac'>): Promise<Buffer> {
    return this.#use(async (at) => {
      const handle = await this.#keys.secret(at, key, madeHere);
      return hmac(at, handle, Buffer.from(message));
    });
  }

  async random({ bytes }: Input<'random'>): Promise<Buffer> {
    return this.#use(async ({ module, session }) => module.C_GenerateRandom(session, Buffer.alloc(bytes)));
  }

  async importGroupKey({ label, bytes }: Input<'importGroupKey'>): Promise<SecretKeyRef> {
    const value = padded(asBuffer(bytes));
    try {
      return await this.#change((at) => this.#makeSecret(at, label, (name) => createSecret(at, name, value)));
    } finally {
      value.fill(0);
      bytes.fill(0);
    }
  }

  async generateSigningKey({ label, algorithm }: Input<'generateSigningKey'>): Promise<SecretKeyRef | PublicKeyRef> {
    return this.#change<SecretKeyRef | PublicKeyRef>((at) =>
      algorithm === 'hmac-sha256'
        ? this.#makeSecret(at, label, (name) => generateSecret(at, name), true)
        : makePair(at, label, algorithm),
    );
  }

  async destroyKey({ key }: Input<'destroyKey'>): Promise<undefined> {
    await this.#change(async (at) => {
      const handle = findOne(at, key);
      // The public half first: what is left after a crash between the two is a whole private key, found and destroyed again.
      for (const half of findKeys(at, key, [CKO.PUBLIC_KEY])) at.module.C_DestroyObject(at.session, half);
      at.module.C_DestroyObject(at.session, handle);
      this.#keys.forgetOne(key);
    });
  }

  async readAnchor({ label }: Input<'readAnchor'>): Promise<Buffer | undefined> {
    return this.#use(async (at) => readAnchor(at, label));
  }

  async writeAnchor({ label, bytes }: Input<'writeAnchor'>): Promise<undefined> {
    await this.#change(async (at) => writeAnchor(at, label, asBuffer(bytes)));
  }

  async close(): Promise<undefined> {
    this.#token?.close();
    this.#token = undefined;
  }

  async #makeSecret(
    at: In,
    label: string,
    make: (name: KeyName) => Promise<Handle>,
    madeHere = false,
  ): Promise<SecretKeyRef> {
    const name = newName(at, label);
    const handle = await make(name);
    return keepOnlyIfGood(at, [handle], async () => {
      requireAttributes(readAttributes(at, handle, name), madeHere);
      return { ...name, checkValue: await this.#keys.checkValue(at, name) };
    });
  }

  #attached(): Token {
    if (this.#token === undefined) throw new StationError('hsm.down', { what: 'no module is loaded' });
    return this.#token;
  }

  #use<T>(work: (at: In) => Promise<T>): Promise<T> {
    const token = this.#attached();
    return token.use((session) => work({ module: token.module, session }));
  }

  /** What makes or destroys objects goes one after the other, so that two cannot take one label. */
  #change<T>(work: (at: In) => Promise<T>): Promise<T> {
    const change = this.#lastChange.then(() => this.#use(work));
    this.#lastChange = change.catch(() => undefined); // who asked for it gets the error; the next one goes on
    return change;
  }
}

async function makePair(at: In, label: string, algorithm: PairAlgorithm): Promise<PublicKeyRef> {
  const name = newName(at, label);
  const { publicKey: half, privateKey: handle } = await at.module.C_GenerateKeyPairAsync(
    at.session,
    { mechanism: makers[algorithm].generate },
    publicTemplate(name, algorithm),
    privateTemplate(name),
  );
  return keepOnlyIfGood(at, [half, handle], async () => {
    requireAttributes(readAttributes(at, handle, name), true);
    const publicKey = publicKeyFrom(algorithm, {
      point: readBytes(at, half, CKA.EC_POINT),
      modulus: readBytes(at, half, CKA.MODULUS),
      exponent: readBytes(at, half, CKA.PUBLIC_EXPONENT),
    });
    if (publicKey === undefined) throw new StationError('hsm.unsupported', { what: `${algorithm} public keys` });
    return { ...name, publicKey };
  });
}

async function createSecret({ module, session }: In, name: KeyName, value: Buffer): Promise<Handle> {
  return module.C_CreateObject(session, [...secretTemplate(name), { type: CKA.VALUE, value }]);
}

function generateSecret({ module, session }: In, name: KeyName): Promise<Handle> {
  const template = [...secretTemplate(name), { type: CKA.VALUE_LEN, value: 32 }];
  return module.C_GenerateKeyAsync(session, { mechanism: CKM.GENERIC_SECRET_KEY_GEN }, template);
}

/** A token that grants less than it was asked for keeps no key of it. */
async function keepOnlyIfGood<T>(at: In, handles: readonly Handle[], check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (thrown) {
    for (const handle of handles) at.module.C_DestroyObject(at.session, handle);
    throw thrown;
  }
}

function newName(at: In, label: string): KeyName {
  if (labelTaken(at, label)) throw new StationError('hsm.key-exists', { label });
  return { label, id: randomBytes(16).toString('hex') };
}

/**
 * Tokens may refuse HMAC keys that are shorter than the hash (SoftHSM wants 32 bytes), DPS takes 16. HMAC fills a short key up
 * with zeros itself (RFC 2104 section 2), so a filled one makes the same HMACs.
 */
function padded(key: Buffer): Buffer {
  return Buffer.concat([key], Math.max(32, key.length));
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
