import { createSecretKey, randomBytes } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { requireAttributes } from './attributes.ts';
import { requireCheckValue } from './check-value.ts';
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
import type { Hsm, HsmStatus, KeyAttributes, KeyName, PublicKeyRef, SecretKeyRef, SigningAlgorithm } from './hsm.ts';
import { Latency } from './latency.ts';
import { pinnedKey } from './public-key.ts';
import { seal, unseal } from './seal.ts';
import { attributesOf, generate, hmac, newKey, publicRef, secretRef } from './soft-key.ts';
import { softSign } from './soft-sign.ts';
import { readSoftContents, type SoftContents, type SoftKey, writeSoftContents } from './soft-store.ts';

/** The HSM of practice: keys in a file of the practice folder. Refused in production mode (`simulated`). */
export class SoftHsm implements Hsm {
  readonly #folder: string;
  readonly #latency = new Latency();
  #contents: SoftContents;
  #lastChange: Promise<void> = Promise.resolve();
  #open = true;

  private constructor(folder: string, contents: SoftContents) {
    this.#folder = folder;
    this.#contents = contents;
  }

  /** Opens the soft HSM of a folder, or makes it. One process at a time: the station's lock sees to that. */
  static async open(options: { readonly folder: string }): Promise<SoftHsm> {
    const found = await readSoftContents(options.folder);
    const contents = found ?? { serial: randomBytes(8).toString('hex'), keys: [], anchors: {} };
    if (found === undefined) await writeSoftContents(options.folder, contents);
    return new SoftHsm(options.folder, contents);
  }

  async status(): Promise<HsmStatus> {
    return {
      kind: 'soft',
      state: this.#open ? 'ready' : 'down',
      reason: this.#open ? '' : 'closed',
      module: { path: 'soft', sha256: '' },
      token: { label: 'practice', serial: this.#contents.serial, model: 'Birthmark soft HSM', firmware: '1.0' },
      simulated: true,
      latencyMs: this.#latency.summary(),
    };
  }

  async inspect(key: KeyName): Promise<KeyAttributes> {
    return this.#use(() => attributesOf(this.#find(key)));
  }

  async importGroupKey(label: string, bytes: Buffer): Promise<SecretKeyRef> {
    return this.#use(async () => {
      checkGroupKeyLength(bytes.length);
      const key = newKey(label, 'hmac-sha256', false, createSecretKey(bytes));
      await this.#add(key);
      return secretRef(key);
    });
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
      checkLabel(label);
      this.#refuseTaken(label); // before the slow part; #add decides
      const key = newKey(label, algorithm, true, await generate(algorithm));
      await this.#add(key);
      return algorithm === 'hmac-sha256' ? secretRef(key) : publicRef(key);
    });
  }

  async sign(key: PublicKeyRef, digest: Buffer): Promise<Buffer> {
    return this.#use(() => {
      const { algorithm } = pinnedKey(key);
      if (algorithm === 'ed25519') checkMessage(digest);
      else checkDigest(digest);
      const found = this.#find(key);
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
      this.#change((contents) => {
        const found = this.#find(key);
        return { ...contents, keys: contents.keys.filter((other) => other !== found) };
      }),
    );
  }

  async readAnchor(label: string): Promise<Buffer | undefined> {
    return this.#use(() => {
      checkLabel(label);
      const anchor = Object.hasOwn(this.#contents.anchors, label) ? this.#contents.anchors[label] : undefined;
      return anchor && Buffer.from(anchor);
    });
  }

  async writeAnchor(label: string, bytes: Buffer): Promise<void> {
    return this.#use(() => {
      checkLabel(label);
      checkAnchor(bytes);
      const copy = Buffer.from(bytes);
      return this.#change((contents) => ({ ...contents, anchors: { ...contents.anchors, [label]: copy } }));
    });
  }

  async unlock(pin: Buffer): Promise<void> {
    pin.fill(0);
  }

  async close(): Promise<void> {
    this.#open = false;
    await this.#lastChange;
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
    if (!this.#open) throw new StationError('hsm.down', { what: 'closed' });
    return this.#latency.measure(async () => operation());
  }

  #find(key: KeyName): SoftKey {
    checkLabel(key.label);
    checkKeyId(key.id);
    const found = this.#contents.keys.filter((other) => other.label === key.label && other.id === key.id);
    if (found.length > 1) throw new StationError('hsm.key-ambiguous', { label: key.label });
    if (found[0] === undefined) throw new StationError('hsm.key-missing', { label: key.label });
    return found[0];
  }

  #secret(key: KeyName): SoftKey {
    const found = this.#find(key);
    if (found.algorithm !== 'hmac-sha256') throw differs(key);
    return found;
  }

  #refuseTaken(label: string): void {
    if (this.#contents.keys.some((key) => key.label === label)) throw new StationError('hsm.key-exists', { label });
  }

  async #add(key: SoftKey): Promise<void> {
    return this.#change((contents) => {
      this.#refuseTaken(key.label);
      return { ...contents, keys: [...contents.keys, key] };
    });
  }

  /** Changes come one after the other, each on what the one before left, and count once they are on disk. */
  async #change(next: (contents: SoftContents) => SoftContents): Promise<void> {
    const change = this.#lastChange.then(async () => {
      const contents = next(this.#contents);
      await writeSoftContents(this.#folder, contents);
      this.#contents = contents;
    });
    this.#lastChange = change.catch(() => undefined); // who asked for the change gets its error; the next one goes on
    return change;
  }
}

const differs = (key: KeyName) => new StationError('hsm.key-differs', { label: key.label });
