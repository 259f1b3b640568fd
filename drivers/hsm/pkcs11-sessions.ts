import type { Handle, PKCS11 } from 'pkcs11js';
import { ckrOf, effectOf } from './ckr.ts';
import { CKF, CKR, CKU_USER, isUserState } from './cryptoki.ts';

/**
 * A small fixed pool of sessions. One operation at a time each, since a second one in a session is refused with
 * CKR_OPERATION_ACTIVE (PKCS#11 v2.40 section 5.6.8); one more session is never used, so that the login, which ends with the
 * last session, stays.
 */
export class Sessions {
  readonly #module: PKCS11;
  readonly #slot: Handle;
  readonly #idle: Handle[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #keeper: Handle | undefined;

  constructor(module: PKCS11, slot: Handle, size: number) {
    this.#module = module;
    this.#slot = slot;
    this.#free = size;
  }

  /** Runs work in a session of its own. A session in which the token refused something is not used again. */
  async use<T>(work: (session: Handle) => T | Promise<T>): Promise<T> {
    await this.#turn();
    try {
      const session = this.#idle.pop() ?? this.#openOne();
      return await this.#workIn(session, work);
    } finally {
      this.#free += 1;
      this.#waiting.shift()?.();
    }
  }

  /** Logs in once. Throws what the token answers; "already logged in" is good. */
  login(pin: string): void {
    this.#keeper ??= this.#openOne();
    try {
      this.#module.C_Login(this.#keeper, CKU_USER, pin);
    } catch (thrown) {
      if (ckrOf(thrown) !== CKR.USER_ALREADY_LOGGED_IN) throw thrown;
    }
  }

  /** Whether the token still holds the login, asked in a session that works. */
  loggedIn(): boolean {
    if (this.#keeper !== undefined && this.#stateOf(this.#keeper) === undefined) {
      this.#discard(this.#keeper);
      this.#keeper = undefined;
    }
    this.#keeper ??= this.#openOne();
    return isUserState(this.#stateOf(this.#keeper));
  }

  /** Lets go of all sessions that nobody uses, after one of them turned out to be stale. */
  dropIdle(): void {
    for (const session of this.#idle.splice(0)) this.#discard(session);
  }

  /**
   * Asks the token for one random byte in every session that nobody uses, so that none of them idles out. C_GetSessionInfo would
   * cost less and do nothing: many modules answer it by themselves. False when a session turned out to be gone.
   */
  touch(): boolean {
    const untouched = [...this.#idle, ...(this.#keeper === undefined ? [] : [this.#keeper])];
    return untouched.map((session) => this.#touchOne(session)).every(Boolean);
  }

  #touchOne(session: Handle): boolean {
    try {
      this.#module.C_GenerateRandom(session, Buffer.alloc(1));
      return true;
    } catch (thrown) {
      const code = ckrOf(thrown);
      if (code === undefined || effectOf(code) === 'device' || effectOf(code) === 'pin') throw thrown;
      return effectOf(code) !== 'session'; // a token that refuses has answered, which is all that was wanted
    }
  }

  async #turn(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
  }

  async #workIn<T>(session: Handle, work: (session: Handle) => T | Promise<T>): Promise<T> {
    try {
      const result = await work(session);
      this.#idle.push(session);
      return result;
    } catch (thrown) {
      // Our own refusals leave the session clean; after the token's an operation may still be open in it.
      if (ckrOf(thrown) === undefined) this.#idle.push(session);
      else this.#discard(session);
      throw thrown;
    }
  }

  #openOne(): Handle {
    return this.#module.C_OpenSession(this.#slot, CKF.SERIAL_SESSION | CKF.RW_SESSION);
  }

  #stateOf(session: Handle): number | undefined {
    try {
      return this.#module.C_GetSessionInfo(session).state;
    } catch (thrown) {
      if (ckrOf(thrown) === undefined) throw thrown;
      return undefined;
    }
  }

  #discard(session: Handle): void {
    try {
      this.#module.C_CloseSession(session);
    } catch (thrown) {
      // A session that cannot be closed is gone already, which is all that is wanted.
      if (ckrOf(thrown) === undefined) throw thrown;
    }
  }
}
