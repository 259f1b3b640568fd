import { createSecretKey, randomBytes } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { judged, requireAttributes } from './attributes.ts';
import { requireCheckValue } from './check-value.ts';
import {
  checkAnchor,
  checkDigest,
  checkGroupKeyLength,
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
import { checkWrapped, pinnedKey } from './public-key.ts';
import { seal, unseal } from './seal.ts';
import { attributesOf, generate, hmac, newKey, publicRef, secretRef, softBits } from './soft-key.ts';
import { SoftKeys } from './soft-keys.ts';
import { softSign } from './soft-sign.ts';
import type { SoftAlgorithm, SoftKey } from './soft-store.ts';
import { softUnwrap } from './soft-unwrap.ts';
import { States } from './state.ts';

/** The HSM of practice: keys in a file of the practice folder. Refused in production mode (`simulated`). */
export class SoftHsm implements Hsm {
  readonly #keys: SoftKeys;
  readonly #latency = new Latency();
  readonly #states = new States({ state: 'ready', reason: '' });

  private constructor(keys: SoftKeys) {
    this.#keys = keys;
  }

  /** Opens the soft HSM of a folder, or makes it. One process at a time: the station's lock sees to that. */
  static async open(options: { readonly folder: string }): Promise<SoftHsm> {
    return new SoftHsm(await SoftKeys.open(options.folder));
  }

  async status(): Promise<HsmStatus> {
    return {
      kind: 'soft',
      ...this.#states.now,
      module: { path: 'soft', sha256: '' },
      token: { label: 'practice', serial: this.#keys.contents.serial, model: 'Birthmark soft HSM', firmware: '1.0' },
      simulated: true,
      latencyMs: this.#latency.summary(),
    };
  }

  onState(listener: (state: HsmState) => void): () => void {
    return this.#states.on(listener);
  }

  async inspect(key: KeyName): Promise<KeyAttributes> {
    return this.#use(() => attributesOf(this.#keys.find(key)));
  }

  async importGroupKey(label: string, bytes: Buffer): Promise<SecretKeyRef> {
    return this.#use(() => this.#addGroupKey(label, bytes));
  }

  async deriveDeviceKey(key: SecretKeyRef, registrationId: string): Promise<Buffer> {
    checkRegistrationId(registrationId);
    return this.mac(key, Buffer.from(registrationId, 'latin1'));
  }

  async checkValue(key: KeyName): Promise<string> {
    return this.#use(() => secretRef(this.#secret(key)).checkValue);
  }

  async generateSigningKey<A extends SigningAlgorithm>(
    label: string,
    algorithm: A,
  ): Promise<A extends 'hmac-sha256' ? SecretKeyRef : PublicKeyRef>;
  async generateSigningKey(label: string, algorithm: SigningAlgorithm): Promise<SecretKeyRef | PublicKeyRef> {
    return this.#use(async () => {
      const key = await this.#generate(label, algorithm);
      return algorithm === 'hmac-sha256' ? secretRef(key) : publicRef(key);
    });
  }

  async generateUnwrappingKey(label: string): Promise<PublicKeyRef> {
    return this.#use(async () => publicRef(await this.#generate(label, 'rsa3072-unwrap')));
  }

  async unwrapGroupKey(label: string, unwrappingKey: PublicKeyRef, wrapped: Buffer): Promise<SecretKeyRef> {
    return this.#use(async () => {
      checkLabel(label);
      checkWrapped(pinnedKey(unwrappingKey), wrapped);
      this.#keys.refuseTaken(label);
      const found = this.#keys.find(unwrappingKey);
      requireAttributes(attributesOf(found), true, 'unwrap');
      if (publicRef(found).publicKey !== unwrappingKey.publicKey) throw differs(unwrappingKey);
      const bytes = softUnwrap(found.material, wrapped);
      if (bytes === undefined) throw new StationError('hsm.not-unwrapped', { label });
      try {
        return await this.#addGroupKey(label, bytes);
      } finally {
        bytes.fill(0);
      }
    });
  }

  async list(): Promise<readonly ListedKey[]> {
    return this.#use(() => this.#keys.contents.keys.map((key) => judged(attributesOf(key), softBits(key))));
  }

  async sign(key: PublicKeyRef, digest: Buffer): Promise<Buffer> {
    return this.#use(() => {
      const { algorithm } = pinnedKey(key);
      if (algorithm === 'ed25519') checkMessage(digest);
      else checkDigest(digest);
      const found = this.#keys.find(key);
      requireAttributes(attributesOf(found), true);
      if (found.algorithm !== algorithm || publicRef(found).publicKey !== key.publicKey) throw differs(key);
      return softSign[algorithm](found.material, digest);
    });
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

  async random(bytes: number): Promise<Buffer> {
    return this.#use(() => {
      checkRandomLength(bytes);
      return randomBytes(bytes);
    });
  }

  async destroyKey(key: KeyName): Promise<void> {
    return this.#use(() =>
      this.#keys.change((contents) => {
        const found = this.#keys.find(key);
        return { ...contents, keys: contents.keys.filter((other) => other !== found) };
      }),
    );
  }

  async readAnchor(label: string): Promise<Buffer | undefined> {
    return this.#use(() => {
      checkLabel(label);
      const anchor = Object.hasOwn(this.#keys.contents.anchors, label) ? this.#keys.contents.anchors[label] : undefined;
      return anchor && Buffer.from(anchor);
    });
  }

  async writeAnchor(label: string, bytes: Buffer): Promise<void> {
    return this.#use(() => {
      checkLabel(label);
      checkAnchor(bytes);
      const copy = Buffer.from(bytes);
      return this.#keys.change((contents) => ({ ...contents, anchors: { ...contents.anchors, [label]: copy } }));
    });
  }

  async unlock(pin: Buffer): Promise<void> {
    pin.fill(0);
  }

  async close(): Promise<void> {
    this.#states.set({ state: 'down', reason: 'closed' });
    await this.#keys.settled();
  }

  async #mac(key: SecretKeyRef, message: Buffer, madeHere: boolean): Promise<Buffer> {
    return this.#use(() => {
      checkMessage(message);
      const found = this.#secret(key);
      requireAttributes(attributesOf(found), madeHere);
      requireCheckValue(key, secretRef(found).checkValue);
      return hmac(found.material, message);
    });
  }

  async #use<T>(operation: () => T | Promise<T>): Promise<T> {
    if (this.#states.now.state === 'down') throw new StationError('hsm.down', { what: 'closed' });
    return this.#latency.measure(async () => operation());
  }

  #secret(key: KeyName): SoftKey {
    const found = this.#keys.find(key);
    if (found.algorithm !== 'hmac-sha256') throw differs(key);
    return found;
  }

  async #addGroupKey(label: string, bytes: Buffer): Promise<SecretKeyRef> {
    checkGroupKeyLength(bytes.length);
    const key = newKey(label, 'hmac-sha256', false, createSecretKey(bytes));
    await this.#keys.add(key);
    return secretRef(key);
  }

  async #generate(label: string, algorithm: SoftAlgorithm): Promise<SoftKey> {
    checkLabel(label);
    this.#keys.refuseTaken(label); // before the slow part; #add decides
    const key = newKey(label, algorithm, true, await generate(algorithm));
    await this.#keys.add(key);
    return key;
  }
}

const differs = (key: KeyName) => new StationError('hsm.key-differs', { label: key.label });
