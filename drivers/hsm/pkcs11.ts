import { randomBytes } from 'node:crypto';
import {
  checkAnchor,
  checkDigest,
  checkGroupKeyLength,
  checkKeyId,
  checkLabel,
  checkMessage,
  checkRandomLength,
  checkRegistrationId,
} from './checks.ts';
import type {
  Hsm,
  HsmState,
  HsmStatus,
  KeyAttributes,
  KeyName,
  ListedKey,
  PublicKeyRef,
  SecretKeyRef,
  SigningAlgorithm,
} from './hsm.ts';
import { Latency } from './latency.ts';
import type { CallName, Calls } from './pkcs11-calls.ts';
import { Ladder } from './pkcs11-ladder.ts';
import type { Pkcs11Options } from './pkcs11-options.ts';
import { checkWrapped, pinnedKey } from './public-key.ts';
import { seal, unseal } from './seal.ts';

/** A PKCS#11 token behind a process of its own. What it refuses, and why, is README.md. */
export class Pkcs11Hsm implements Hsm {
  readonly #ladder: Ladder;
  readonly #latency = new Latency();

  private constructor(ladder: Ladder) {
    this.#ladder = ladder;
  }

  /**
   * Starts the module's process, finds the token and logs in. The PIN's Buffer belongs to the HSM from here on; without one the
   * HSM opens locked and waits for `unlock`. Throws `hsm.pin`, and `hsm.down` when there is no such module or token.
   */
  static async open(options: Pkcs11Options): Promise<Pkcs11Hsm> {
    const ladder = new Ladder(options);
    try {
      if (options.pin === undefined) await ladder.openLocked();
      else await ladder.open();
      return new Pkcs11Hsm(ladder);
    } catch (thrown) {
      await ladder.close();
      throw thrown;
    }
  }

  /** The process id of the module's process, while there is one. */
  get hostPid(): number | undefined {
    return this.#ladder.module.host?.pid;
  }

  async status(): Promise<HsmStatus> {
    const { attached } = this.#ladder.module;
    const { label, serial, model, firmware, manufacturer } = attached?.token ?? unseen;
    return {
      kind: 'pkcs11',
      ...this.#ladder.states.now,
      module: attached?.module ?? { path: '', sha256: '' },
      token: { label, serial, model, firmware },
      simulated: /softhsm/i.test(`${model} ${manufacturer}`),
      latencyMs: this.#latency.summary(),
    };
  }

  onState(listener: (state: HsmState) => void): () => void {
    return this.#ladder.states.on(listener);
  }

  async inspect(key: KeyName): Promise<KeyAttributes> {
    return this.#ask('inspect', { key: named(key) });
  }

  async importGroupKey(label: string, bytes: Buffer): Promise<SecretKeyRef> {
    const name = newName(label);
    checkGroupKeyLength(bytes.length);
    return this.#ask('importGroupKey', { name, bytes });
  }

  async deriveDeviceKey(key: SecretKeyRef, registrationId: string): Promise<Buffer> {
    checkRegistrationId(registrationId);
    return this.mac(key, Buffer.from(registrationId, 'latin1'));
  }

  async checkValue(key: KeyName): Promise<string> {
    return this.#ask('checkValue', { key: named(key) });
  }

  async generateSigningKey<A extends SigningAlgorithm>(
    label: string,
    algorithm: A,
  ): Promise<A extends 'hmac-sha256' ? SecretKeyRef : PublicKeyRef>;
  async generateSigningKey(label: string, algorithm: SigningAlgorithm): Promise<SecretKeyRef | PublicKeyRef> {
    return this.#ask(
      'generateSigningKey',
      { name: newName(label), algorithm },
      this.#ladder.module.deadlines.generateMs,
    );
  }

  async sign(key: PublicKeyRef, digest: Buffer): Promise<Buffer> {
    if (pinnedKey(key).algorithm === 'ed25519') checkMessage(digest);
    else checkDigest(digest);
    const reference = { ...named(key), publicKey: key.publicKey };
    return asBuffer(await this.#ask('sign', { key: reference, digest }));
  }

  async mac(key: SecretKeyRef, message: Buffer): Promise<Buffer> {
    return this.#mac(key, message, false);
  }

  async seal(key: SecretKeyRef, label: string, secret: Buffer, associated: Buffer): Promise<Buffer> {
    return seal((message) => this.#mac(key, message, true), label, secret, associated);
  }

  async unseal(key: SecretKeyRef, label: string, sealed: Buffer, associated: Buffer): Promise<Buffer> {
    return unseal((message) => this.#mac(key, message, true), label, sealed, associated);
  }

  async list(): Promise<readonly ListedKey[]> {
    return this.#ask('list', undefined);
  }

  async generateUnwrappingKey(label: string): Promise<PublicKeyRef> {
    return this.#ask('generateUnwrappingKey', { name: newName(label) }, this.#ladder.module.deadlines.generateMs);
  }

  async unwrapGroupKey(label: string, unwrappingKey: PublicKeyRef, wrapped: Buffer): Promise<SecretKeyRef> {
    const name = newName(label);
    checkWrapped(pinnedKey(unwrappingKey), wrapped);
    const reference = { ...named(unwrappingKey), publicKey: unwrappingKey.publicKey };
    return this.#ask('unwrapGroupKey', { name, unwrappingKey: reference, wrapped });
  }

  async random(bytes: number): Promise<Buffer> {
    checkRandomLength(bytes);
    return asBuffer(await this.#ask('random', { bytes }));
  }

  async destroyKey(key: KeyName): Promise<void> {
    await this.#ask('destroyKey', { key: named(key) });
  }

  async readAnchor(label: string): Promise<Buffer | undefined> {
    checkLabel(label);
    const anchor = await this.#ask('readAnchor', { label });
    return anchor && asBuffer(anchor);
  }

  async writeAnchor(label: string, bytes: Buffer): Promise<void> {
    checkLabel(label);
    checkAnchor(bytes);
    await this.#ask('writeAnchor', { label, bytes });
  }

  async unlock(pin: Buffer): Promise<void> {
    await this.#ladder.unlock(pin);
  }

  async close(): Promise<void> {
    await this.#ladder.close();
  }

  async #mac(key: SecretKeyRef, message: Buffer, madeHere: boolean): Promise<Buffer> {
    checkMessage(message);
    const reference = { ...named(key), checkValue: key.checkValue };
    return asBuffer(await this.#ask('mac', { key: reference, message, madeHere }));
  }

  async #ask<C extends CallName>(
    call: C,
    input: Calls[C]['in'],
    deadlineMs = this.#ladder.module.deadlines.operationMs,
  ): Promise<Calls[C]['out']> {
    return this.#latency.measure(() => this.#ladder.ask(call, input, deadlineMs));
  }
}

const unseen = { label: '', serial: '', model: '', firmware: '', manufacturer: '' };

function named({ label, id }: KeyName): KeyName {
  checkLabel(label);
  checkKeyId(id);
  return { label, id };
}

/** The station chooses CKA_ID: what a lost attempt left behind is then known for ours. */
function newName(label: string): KeyName {
  checkLabel(label);
  return { label, id: randomBytes(16).toString('hex') };
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
