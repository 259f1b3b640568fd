import { StationError } from '../../station-core/contract/errors.ts';
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
import type { CallName, Calls } from './pkcs11-calls.ts';
import { LoginNeeded, type Pkcs11Host } from './pkcs11-host.ts';
import { Login, type Pkcs11Options } from './pkcs11-login.ts';
import { pinnedKey } from './public-key.ts';
import { seal, unseal } from './seal.ts';

/** A PKCS#11 token behind a process of its own. What it refuses, and why, is README.md. */
export class Pkcs11Hsm implements Hsm {
  readonly #login: Login;
  readonly #latency = new Latency();

  private constructor(login: Login) {
    this.#login = login;
  }

  /**
   * Starts the module's process, finds the token and logs in. The PIN's Buffer belongs to the HSM from here on; without one the
   * HSM opens locked and waits for `unlock`. Throws `hsm.pin`, and `hsm.down` when there is no such module or token.
   */
  static async open(options: Pkcs11Options): Promise<Pkcs11Hsm> {
    const login = new Login(options);
    try {
      if (options.pin === undefined) await login.openLocked();
      else await login.host(true);
      return new Pkcs11Hsm(login);
    } catch (thrown) {
      await login.close();
      throw thrown;
    }
  }

  /** The process id of the module's process, while there is one. */
  get hostPid(): number | undefined {
    return this.#login.pid;
  }

  async status(): Promise<HsmStatus> {
    const now = await this.#login.look();
    const attached = this.#login.attached;
    const { label, serial, model, firmware, manufacturer } = now ?? attached?.token ?? unseen;
    return {
      kind: 'pkcs11',
      ...this.#login.state,
      module: attached?.module ?? { path: '', sha256: '' },
      token: { label, serial, model, firmware },
      simulated: /softhsm/i.test(`${model} ${manufacturer}`),
      latencyMs: this.#latency.summary(),
    };
  }

  async inspect(key: KeyName): Promise<KeyAttributes> {
    return this.#ask('inspect', { key: named(key) });
  }

  async importGroupKey(label: string, bytes: Buffer): Promise<SecretKeyRef> {
    checkLabel(label);
    checkGroupKeyLength(bytes.length);
    return this.#ask('importGroupKey', { label, bytes });
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
    checkLabel(label);
    return this.#ask('generateSigningKey', { label, algorithm }, this.#login.deadlines.generateMs);
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
    await this.#login.unlock(pin);
  }

  async close(): Promise<void> {
    await this.#login.close();
  }

  async #mac(key: SecretKeyRef, message: Buffer, madeHere: boolean): Promise<Buffer> {
    checkMessage(message);
    const reference = { ...named(key), checkValue: key.checkValue };
    return asBuffer(await this.#ask('mac', { key: reference, message, madeHere }));
  }

  async #ask<C extends CallName>(
    call: C,
    input: Calls[C]['in'],
    deadlineMs = this.#login.deadlines.operationMs,
  ): Promise<Calls[C]['out']> {
    return this.#latency.measure(async () => {
      const host = await this.#login.host();
      try {
        return await this.#askHost(host, call, input, deadlineMs);
      } catch (thrown) {
        if (!(thrown instanceof LoginNeeded)) throw thrown;
      }
      return this.#askAgain(await this.#login.again(host), call, input, deadlineMs);
    });
  }

  async #askHost<C extends CallName>(host: Pkcs11Host, call: C, input: Calls[C]['in'], deadlineMs: number) {
    try {
      return await host.request(call, input, deadlineMs);
    } catch (thrown) {
      await this.#login.failed(host, thrown);
      throw thrown;
    }
  }

  /** The request did nothing before its login was lost, so it is asked once more after the new login. */
  async #askAgain<C extends CallName>(host: Pkcs11Host, call: C, input: Calls[C]['in'], deadlineMs: number) {
    try {
      return await this.#askHost(host, call, input, deadlineMs);
    } catch (thrown) {
      if (thrown instanceof LoginNeeded) throw new StationError('hsm.down', { what: 'the login does not last' });
      throw thrown;
    }
  }
}

const unseen = { label: '', serial: '', model: '', firmware: '', manufacturer: '' };

function named({ label, id }: KeyName): KeyName {
  checkLabel(label);
  checkKeyId(id);
  return { label, id };
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
