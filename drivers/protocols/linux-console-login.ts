// From whatever a console shows to a shell: a unit that still boots, a login prompt, somebody's half login, a shell.
import { StationError } from '../../station-core/contract/errors.ts';
import { Deadline } from '../deadline.ts';
import type { Link } from '../link.ts';
import type { ConsolePatience } from './linux-console-patience.ts';
import type { Screen, Shown } from './linux-console-screen.ts';
import type { ConsoleAccess } from './protocol.ts';

const lineFeed = Buffer.from('\n');
const interrupt = Buffer.of(3);
/** A login that does not get as far as its password, since kernel messages hid the question, is begun anew this often. */
const mostBegun = 6;
/** An account without a password is asked for twice where a line feed came between. */
const mostWithoutPassword = 2;

/** What a login needs beside its account. */
export type LoginParts = {
  readonly link: Link;
  readonly screen: Screen;
  readonly patience: ConsolePatience;
  /** Whether a shell stands behind what looks like a prompt. */
  readonly isShell: (signal: AbortSignal) => Promise<boolean>;
  /** Ends the shell of an earlier conversation that was cut off. */
  readonly endOwnShell: (signal: AbortSignal) => Promise<void>;
};

/**
 * Brings the console to a shell prompt and says whether it took a login. Throws `console.no-prompt`, `console.login-refused`,
 * `link.lost`, or the signal's reason.
 */
export async function logIn(parts: LoginParts, access: ConsoleAccess, signal: AbortSignal): Promise<boolean> {
  checkAccount(access);
  const { link, patience } = parts;
  using deadline = new Deadline(patience.boot, signal, link.lost);
  const login = new Login(parts, access);
  try {
    while (!(await login.step(deadline.signal)));
    return login.took;
  } catch (error) {
    if (!deadline.passed || error instanceof StationError) throw error;
    const what = login.missing;
    throw new StationError('console.no-prompt', { what, seconds: Math.round(patience.boot / 1_000) }, { cause: error });
  } finally {
    // An echo of the password may have been shown.
    parts.screen.forget();
  }
}

/** What a terminal would take for a key, not for a letter: line ends, interrupts, erasures. */
const isControl = (byte: number): boolean => byte < 0x20 || byte === 0x7f;

function checkAccount({ login, password }: ConsoleAccess): void {
  const printable = /^[\x21-\x7e]{1,64}$/.test(login) && !login.startsWith('-');
  if (!printable || password?.some(isControl)) throw new StationError('console.login-refused', { login });
}

class Login {
  readonly #parts: LoginParts;
  readonly #access: ConsoleAccess;
  /** How often the account was typed. */
  #begun = 0;
  #typedPassword = false;
  /** Whether a question for a password would be for the account: nothing else was typed since. */
  #isOurs = false;
  #sawText = false;

  constructor(parts: LoginParts, access: ConsoleAccess) {
    this.#parts = parts;
    this.#access = access;
  }

  /** Whether it took a login. */
  get took(): boolean {
    return this.#begun > 0;
  }

  /** What the console did not show when time ran out. */
  get missing(): string {
    return this.#begun === 0 && !this.#sawText ? 'login prompt' : 'shell prompt';
  }

  /** One look at the console and what it calls for; whether there is a shell now. */
  async step(signal: AbortSignal): Promise<boolean> {
    const { screen, patience, endOwnShell } = this.#parts;
    const shown: Shown = await screen.settled(patience, signal);
    screen.forget();
    if (shown === 'text' || shown === 'continuation') return this.#tryShell(shown, signal);
    if (shown === 'login') await this.#typeLogin(signal);
    else if (shown === 'password') await this.#typePassword(signal);
    else if (shown === 'shell') await endOwnShell(signal);
    else await this.#type(lineFeed, signal);
    return false;
  }

  async #tryShell(shown: 'text' | 'continuation', signal: AbortSignal): Promise<boolean> {
    this.#sawText = true;
    if (await this.#parts.isShell(signal)) return true;
    // Whatever reads may have taken that for an account.
    this.#isOurs = false;
    // Somebody's command that was left half way. A boot, which an interrupt could harm, does not show that.
    if (shown === 'continuation') await this.#type(interrupt, signal);
    return false;
  }

  async #typeLogin(signal: AbortSignal): Promise<void> {
    const { login, password } = this.#access;
    // Asked for the account again after all that was to be typed: it was refused.
    const most = password === undefined ? mostWithoutPassword : mostBegun;
    if (this.#typedPassword || this.#begun === most) throw this.#refused();
    this.#begun += 1;
    this.#isOurs = true;
    await this.#type(Buffer.from(`${login}\n`, 'latin1'), signal);
  }

  async #typePassword(signal: AbortSignal): Promise<void> {
    const { password } = this.#access;
    // Somebody's login that was left half way: no password ends it, and the account is asked for again.
    if (!this.#isOurs) return this.#type(lineFeed, signal);
    if (this.#typedPassword || password === undefined) throw this.#refused();
    this.#typedPassword = true;
    // By itself: together with the line feed it would take a copy that had to be zeroed.
    await this.#type(password, signal);
    await this.#type(lineFeed, signal);
  }

  #type(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#parts.link.write(bytes, signal);
  }

  #refused(): StationError {
    return new StationError('console.login-refused', { login: this.#access.login });
  }
}
