import type { Handle } from 'pkcs11js';
import { StationError } from '../../station-core/contract/errors.ts';
import { judged, requireAttributes } from './attributes.ts';
import { checkGroupKeyLength } from './checks.ts';
import { ckrOf, effectOf } from './ckr.ts';
import { CKA, CKO } from './cryptoki.ts';
import type { KeyName, PublicKeyRef, SecretKeyRef } from './hsm.ts';
import { readAnchor, writeAnchor } from './pkcs11-anchor.ts';
import { bitsOf } from './pkcs11-bits.ts';
import type { CallName, Calls } from './pkcs11-calls.ts';
import { findOne, hmac, Keys, signDigest } from './pkcs11-keys.ts';
import { createSecret, generateSecret, keepOnlyIfGood, makePair, padded, requireFree } from './pkcs11-make.ts';
import { allKeys, findKeys, type In, numberOf, readAttributes, readBytes } from './pkcs11-objects.ts';
import { secretTemplate } from './pkcs11-templates.ts';
import { Token } from './pkcs11-token.ts';
import { unwrapSecret } from './pkcs11-unwrap.ts';

/** A signature failed in C_Sign, which did not say no: one may exist that nobody got. */
export class InDoubt extends Error {
  override readonly name = 'InDoubt';
}

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

  async renew(): Promise<Calls['renew']['out']> {
    return this.#attached().renew();
  }

  async touch(): Promise<undefined> {
    this.#attached().touch();
  }

  async list(): Promise<Calls['list']['out']> {
    return this.#use(async (at) =>
      allKeys(at).map((handle) => judged(readAttributes(at, handle, nameOf(at, handle)), bitsOf(at, handle))),
    );
  }

  async inspect({ key }: Input<'inspect'>): Promise<Calls['inspect']['out']> {
    return this.#use(async (at) => readAttributes(at, findOne(at, key), key));
  }

  async checkValue({ key }: Input<'checkValue'>): Promise<string> {
    return this.#use((at) => this.#keys.checkValue(at, key));
  }

  async sign({ key, digest }: Input<'sign'>): Promise<Buffer> {
    let doubt = false;
    const failed = (thrown: unknown) => {
      doubt ||= leavesDoubt(thrown);
    };
    try {
      return await this.#use(async (at) => {
        const { handle, algorithm } = await this.#keys.pair(at, key);
        return signDigest(at, handle, algorithm, Buffer.from(digest), failed);
      });
    } catch (cause) {
      throw doubt ? new InDoubt('a signature may have been made', { cause }) : cause;
    }
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

  async importGroupKey({ name, bytes }: Input<'importGroupKey'>, again: boolean): Promise<SecretKeyRef> {
    const value = padded(asBuffer(bytes));
    try {
      return await this.#make(name, again, (at) =>
        this.#keepSecret(at, name, createSecret(at, name, value), { madeHere: false }),
      );
    } finally {
      value.fill(0);
      bytes.fill(0);
    }
  }

  async generateSigningKey(
    { name, algorithm }: Input<'generateSigningKey'>,
    again: boolean,
  ): Promise<SecretKeyRef | PublicKeyRef> {
    return this.#make<SecretKeyRef | PublicKeyRef>(name, again, async (at) =>
      algorithm === 'hmac-sha256'
        ? this.#keepSecret(at, name, await generateSecret(at, name), { madeHere: true })
        : makePair(at, name, algorithm, 'sign'),
    );
  }

  async generateUnwrappingKey({ name }: Input<'generateUnwrappingKey'>, again: boolean): Promise<PublicKeyRef> {
    return this.#make(name, again, (at) => makePair(at, name, 'rsa3072', 'unwrap'));
  }

  async unwrapGroupKey(input: Input<'unwrapGroupKey'>, again: boolean): Promise<SecretKeyRef> {
    const { name, unwrappingKey } = input;
    return this.#make(name, again, async (at) => {
      const unwrapper = await this.#keys.unwrapper(at, unwrappingKey);
      const handle = unwrapSecret(at, unwrapper, Buffer.from(input.wrapped), secretTemplate(name));
      if (handle === undefined) throw new StationError('hsm.not-unwrapped', { label: name.label });
      return this.#keepSecret(at, name, handle, { madeHere: false, checkLength: true });
    });
  }

  async destroyKey({ key }: Input<'destroyKey'>, again: boolean): Promise<undefined> {
    await this.#change(async (at, repeated) => {
      this.#keys.forgetOne(key);
      const handle = findOrDone(at, key, again || repeated);
      // The public half first: what is left after a crash between the two is a whole private key, found and destroyed again.
      for (const half of findKeys(at, key, [CKO.PUBLIC_KEY])) at.module.C_DestroyObject(at.session, half);
      if (handle !== undefined) at.module.C_DestroyObject(at.session, handle);
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

  /** Makes a key under a label that is free. What an attempt left behind whose answer was lost is destroyed first. */
  #make<T>(name: KeyName, again: boolean, make: (at: In) => Promise<T>): Promise<T> {
    return this.#change(async (at, repeated) => {
      requireFree(at, name, again || repeated);
      return make(at);
    });
  }

  async #keepSecret(at: In, name: KeyName, handle: Handle, expected: Expected): Promise<SecretKeyRef> {
    return keepOnlyIfGood(at, [handle], async () => {
      requireAttributes(readAttributes(at, handle, name), expected.madeHere);
      if (expected.checkLength) requireGroupKeyLength(at, handle);
      return { ...name, checkValue: await this.#keys.checkValue(at, name) };
    });
  }

  #attached(): Token {
    if (this.#token === undefined) throw new StationError('hsm.down', { what: 'no module is loaded' });
    return this.#token;
  }

  #use<T>(work: (at: In, again: boolean) => Promise<T>): Promise<T> {
    const token = this.#attached();
    return token.use((session, again) => work({ module: token.module, session }, again));
  }

  /** What makes or destroys objects goes one after the other, so that two cannot take one label. */
  #change<T>(work: (at: In, again: boolean) => Promise<T>): Promise<T> {
    const change = this.#lastChange.then(() => this.#use(work));
    this.#lastChange = change.catch(() => undefined); // who asked for it gets the error; the next one goes on
    return change;
  }
}

type Expected = { readonly madeHere: boolean; readonly checkLength?: boolean };

/** A refusal is an answer; anything else that C_Sign throws leaves open whether the device signed. */
function leavesDoubt(thrown: unknown): boolean {
  const code = ckrOf(thrown);
  return code === undefined || !['refused', 'unsupported', 'pin'].includes(effectOf(code));
}

/** The key to destroy; none when an attempt whose answer was lost destroyed it. */
function findOrDone(at: In, key: KeyName, again: boolean): Handle | undefined {
  const there = findKeys(at, key, [CKO.SECRET_KEY, CKO.PRIVATE_KEY]).length > 0;
  return there || !again ? findOne(at, key) : undefined;
}

/** F-21. SoftHSM says 0 of unwrapped keys: such a token's word on the length is worth nothing, and the check value decides. */
function requireGroupKeyLength(at: In, handle: Handle): void {
  const length = numberOf(readBytes(at, handle, CKA.VALUE_LEN)) ?? 0;
  if (length !== 0) checkGroupKeyLength(length);
}

function nameOf(at: In, handle: Handle): KeyName {
  return {
    label: (readBytes(at, handle, CKA.LABEL) ?? Buffer.alloc(0)).toString('utf8'),
    id: (readBytes(at, handle, CKA.ID) ?? Buffer.alloc(0)).toString('hex'),
  };
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
