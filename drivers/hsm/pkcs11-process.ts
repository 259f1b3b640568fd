import type { Attached, TokenName } from './pkcs11-calls.ts';
import { Pkcs11Host, Unanswered } from './pkcs11-host.ts';
import type { Login } from './pkcs11-login.ts';
import { type Deadlines, defaultDeadlines, type Pkcs11Options } from './pkcs11-options.ts';

/** The one process of the module that there is, and the single steps to a login in it. Decides nothing: that is the ladder's. */
export class ModuleProcess {
  readonly deadlines: Deadlines;
  readonly #options: Omit<Pkcs11Options, 'pin'>;
  readonly #login: Login;
  readonly #whenGone: (reason: string) => void;
  #host: Pkcs11Host | undefined;
  #attached: Attached | undefined;

  constructor(options: Omit<Pkcs11Options, 'pin'>, login: Login, whenGone: (reason: string) => void) {
    this.#options = options;
    this.#login = login;
    this.#whenGone = whenGone;
    this.deadlines = { ...defaultDeadlines, ...options.deadlines };
  }

  /** The process, while it lives. */
  get host(): Pkcs11Host | undefined {
    return this.#host;
  }

  /** Module and token as they were seen last. */
  get attached(): Attached | undefined {
    return this.#attached;
  }

  /** Starts a process and finds the token in it. Ends it when that fails. */
  async start(): Promise<void> {
    const host: Pkcs11Host = new Pkcs11Host(this.#options.environment ?? {}, (reason) => {
      if (this.#host !== host) return; // it was let go of
      this.#host = undefined;
      this.#whenGone(reason);
    });
    this.#host = host;
    try {
      const name = { module: this.#options.module, token: tokenName(this.#options) };
      this.#attached = await host.request('attach', name, { deadlineMs: this.deadlines.startMs });
    } catch (thrown) {
      await this.letGo('the token was not found');
      throw thrown;
    }
  }

  /** Logs in once, if the rules for the PIN allow it. The token's flags of now say whether a PIN was refused meanwhile. */
  async logIn(byPerson: boolean): Promise<void> {
    const host = this.#living();
    const token = await host.request('look', undefined, { deadlineMs: this.deadlines.operationMs });
    if (this.#attached === undefined) throw gone();
    this.#attached = { ...this.#attached, token };
    await this.#login.logIn(host, this.#attached, byPerson, this.deadlines.startMs);
  }

  /** Finalize, initialize and log in again in the same process, after what runs. */
  async renew(): Promise<void> {
    const host = this.#living();
    await host.alone(async () => {
      this.#attached = await host.request('renew', undefined, { deadlineMs: this.deadlines.startMs });
      await this.logIn(false);
    });
  }

  /** Ends the process, whatever it does; nobody is told. */
  async letGo(reason: string): Promise<void> {
    const host = this.#host;
    this.#host = undefined;
    await host?.kill(reason);
  }

  /** Lets the process say goodbye to the token, after what runs. */
  async close(): Promise<void> {
    await this.#host?.close(this.deadlines.operationMs);
  }

  #living(): Pkcs11Host {
    if (this.#host === undefined) throw gone();
    return this.#host;
  }
}

const gone = () => Unanswered.gone('its process is gone');

function tokenName({ tokenLabel, tokenSerial }: TokenName): TokenName {
  return { ...(tokenLabel !== undefined && { tokenLabel }), ...(tokenSerial !== undefined && { tokenSerial }) };
}
