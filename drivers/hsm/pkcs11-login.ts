import { StationError } from '../../station-core/contract/errors.ts';
import type { Attached, TokenName, TokenSeen } from './pkcs11-calls.ts';
import { Pkcs11Host } from './pkcs11-host.ts';
import { mayLogIn, type Trusted } from './pkcs11-pin.ts';

export type Deadlines = {
  /** Any operation of the token. */
  readonly operationMs: number;
  /** Starting the process, loading the module, logging in. */
  readonly startMs: number;
  /** Making a key pair: RSA takes its time. */
  readonly generateMs: number;
};

export type Pkcs11Options = TokenName & {
  /** The module's file. */
  readonly module: string;
  /** The user PIN. Without one the HSM opens locked. It belongs to the HSM from here on, which zeroes it. */
  readonly pin?: Buffer;
  /** Variables for the module's process, over those of the station: vendors find their configuration by them. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly deadlines?: Partial<Deadlines>;
};

type State = { readonly state: 'ready' | 'locked' | 'down'; readonly reason: string };

/**
 * The module's process with a login, started again when it is gone. Holds the PIN: one Buffer, zeroed as soon as the token
 * says anything about it, or when it may not be used again without a person (docs/design.md, The PIN).
 */
export class Login {
  readonly deadlines: Deadlines;
  readonly #options: Omit<Pkcs11Options, 'pin'>;
  #pin: Buffer | undefined;
  #trusted: Trusted | undefined;
  #attached: Attached | undefined;
  #state: State = { state: 'down', reason: 'not started' };
  #host: Pkcs11Host | undefined;
  #starting: Promise<Pkcs11Host> | undefined;
  #closed = false;

  constructor({ pin, ...options }: Pkcs11Options) {
    this.#options = options;
    this.#pin = pin;
    this.deadlines = { operationMs: 10_000, startMs: 30_000, generateMs: 180_000, ...options.deadlines };
  }

  /** What is known now; asks nothing. */
  get state(): State {
    if (this.#state.state === 'ready' && this.#host?.gone !== undefined)
      return { state: 'down', reason: this.#host.gone };
    return this.#state;
  }

  /** Module and token as they were seen last. */
  get attached(): Attached | undefined {
    return this.#attached;
  }

  /** The process id of the module's process, while there is one. */
  get pid(): number | undefined {
    return this.#host?.pid;
  }

  /** A process that is logged in. Many that ask at once start one. Throws `hsm.locked`, `hsm.pin`, `hsm.down`. */
  async host(byPerson = false): Promise<Pkcs11Host> {
    if (this.#closed) throw new StationError('hsm.down', { what: 'closed' });
    if (this.#starting) return this.#starting;
    if (this.#state.state === 'ready' && this.#host?.gone === undefined && this.#host) return this.#host;
    if (this.#state.state === 'locked' && !byPerson) throw new StationError('hsm.locked');
    return this.#start(byPerson);
  }

  /** The login was lost in a process that lives: logs in again, if the rules allow it. */
  async again(host: Pkcs11Host): Promise<Pkcs11Host> {
    if (this.#host === host && this.#state.state === 'ready' && !this.#starting) {
      this.#state = { state: 'down', reason: 'the login was lost' };
    }
    return this.host();
  }

  /** Finds module and token, and stays locked. */
  async openLocked(): Promise<void> {
    this.#state = { state: 'locked', reason: 'no PIN was given' };
    await this.#attach();
  }

  /** Takes a PIN that a person just gave and logs in with it. Does nothing when the login stands. */
  async unlock(pin: Buffer): Promise<void> {
    if (this.#starting) await this.#starting.catch(() => undefined); // its failure was told to who waited for it
    if (this.state.state === 'ready') {
      // The token would answer "already logged in" to any PIN, and a wrong one would count as accepted.
      pin.fill(0);
      return;
    }
    this.#erasePin();
    this.#trusted = undefined;
    this.#pin = pin;
    this.#state = { state: 'locked', reason: 'a PIN is being tried' };
    try {
      await this.host(true);
    } catch (thrown) {
      // After a PIN that was never accepted, silence too is an answer about it: it may have been counted as wrong.
      this.#lock(messageOf(thrown));
      throw thrown;
    }
  }

  /** The token as it is now, when it can be asked without starting anything. */
  async look(): Promise<TokenSeen | undefined> {
    if (!this.#host || this.#host.gone !== undefined || this.#starting) return undefined;
    try {
      return await this.#host.request('look', undefined, this.deadlines.operationMs);
    } catch (thrown) {
      await this.failed(this.#host, thrown);
      return undefined;
    }
  }

  /** Ends a process whose module or token answers no more; the next request starts another. */
  async failed(host: Pkcs11Host, thrown: unknown): Promise<void> {
    if (!(thrown instanceof StationError) || thrown.code !== 'hsm.down') return;
    const reason = String(thrown.details.what);
    await host.kill(reason);
    if (this.#host === host && this.#state.state === 'ready') this.#state = { state: 'down', reason };
  }

  /** Ends all of it. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#erasePin();
    await this.#starting?.catch(() => undefined); // its failure was told to who waited for it
    await this.#host?.close(this.deadlines.operationMs);
    this.#state = { state: 'down', reason: 'closed' };
  }

  #start(byPerson: boolean): Promise<Pkcs11Host> {
    const starting = this.#attach()
      .then((host) => this.#logIn(host, byPerson))
      .finally(() => {
        this.#starting = undefined;
      });
    this.#starting = starting;
    return starting;
  }

  /** A process with the token found, the old one if it lives. */
  async #attach(): Promise<Pkcs11Host> {
    if (this.#host && this.#host.gone === undefined) return this.#host;
    const host = new Pkcs11Host(this.#options.environment ?? {});
    this.#host = host;
    try {
      const { module, ...token } = this.#options;
      const name = { module, token: tokenName(token) };
      this.#attached = await host.request('attach', name, this.deadlines.startMs);
      return host;
    } catch (thrown) {
      if (thrown instanceof StationError && this.#state.state !== 'locked') {
        this.#state = { state: 'down', reason: thrown.message };
      }
      await host.kill('it could not be attached');
      throw thrown;
    }
  }

  async #logIn(host: Pkcs11Host, byPerson: boolean): Promise<Pkcs11Host> {
    const seen = await this.#see(host);
    const answer = mayLogIn({ seen, trusted: this.#trusted, hasPin: this.#pin !== undefined, byPerson });
    if (!answer.may) {
      const tried = this.#pin !== undefined && byPerson;
      this.#lock(answer.wait);
      throw tried ? new StationError('hsm.pin', { reason: answer.wait }) : new StationError('hsm.locked');
    }
    try {
      await host.request('login', { pin: this.#pin ?? new Uint8Array() }, this.deadlines.startMs);
    } catch (thrown) {
      if (thrown instanceof StationError && thrown.code === 'hsm.pin') this.#lock(thrown.message);
      await this.failed(host, thrown);
      throw thrown;
    }
    this.#trusted = { sha256: seen.module.sha256, label: seen.token.label, serial: seen.token.serial };
    this.#state = { state: 'ready', reason: '' };
    return host;
  }

  /** Module and token with its flags of now: they say whether a PIN was refused meanwhile. */
  async #see(host: Pkcs11Host): Promise<Attached> {
    const token = await host.request('look', undefined, this.deadlines.operationMs);
    if (this.#attached === undefined) throw new StationError('hsm.down', { what: 'no token was seen' });
    return { ...this.#attached, token };
  }

  #lock(reason: string): void {
    this.#erasePin();
    this.#state = { state: 'locked', reason };
  }

  #erasePin(): void {
    this.#pin?.fill(0);
    this.#pin = undefined;
  }
}

const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : 'the login failed');

function tokenName({ tokenLabel, tokenSerial }: TokenName): TokenName {
  return { ...(tokenLabel !== undefined && { tokenLabel }), ...(tokenSerial !== undefined && { tokenSerial }) };
}
