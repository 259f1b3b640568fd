import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Pkcs11Js from 'pkcs11js';
import { StationError } from '../../station-core/contract/errors.ts';
import { ckrOf, mayPass } from './ckr.ts';
import { CKF, CKR } from './cryptoki.ts';
import type { Attached, TokenName, TokenSeen } from './pkcs11-calls.ts';
import { Sessions } from './pkcs11-sessions.ts';

/** The token forgot the login. Only the station knows the PIN and the rules for using it again. */
export class LoginLost extends Error {
  override readonly name = 'LoginLost';
}

type Found = { readonly slot: Pkcs11Js.Handle; readonly info: Pkcs11Js.TokenInfo };

/** Four sessions, as many as Node has threads for C_SignAsync; YubiHSM has 16 in all (docs/lessons.md 10). */
const poolSize = 4;

/** A token of a loaded module: its sessions, its login, and the way back when either is lost. */
export class Token {
  readonly module: Pkcs11Js.PKCS11;
  readonly #name: TokenName;
  readonly #file: Attached['module'];
  readonly #whenStale: () => void;
  #slot: Pkcs11Js.Handle;
  #sessions: Sessions;
  #seen: TokenSeen;

  private constructor(module: Pkcs11Js.PKCS11, name: TokenName, file: Attached['module'], whenStale: () => void) {
    this.module = module;
    this.#name = name;
    this.#file = file;
    this.#whenStale = whenStale;
    const found = findToken(module, name);
    this.#slot = found.slot;
    this.#sessions = new Sessions(module, found.slot, sessionsFor(found.info));
    this.#seen = seen(found.info);
  }

  /** Loads the module and finds the token; `whenStale` is called when all handles of keys have become worthless. */
  static attach(path: string, name: TokenName, whenStale: () => void): Token {
    const sha256 = hashOf(path);
    const module = loadModule(path);
    module.C_Initialize({ flags: CKF.OS_LOCKING_OK });
    return new Token(module, name, { path, sha256 }, whenStale);
  }

  /** The module's file and the token as it was found. */
  get attached(): Attached {
    return { module: this.#file, token: this.#seen };
  }

  /**
   * Lets go of the module and begins anew in the same process, without a login. Nothing may be running: C_Finalize under a
   * running C_Sign ends in a crash (PKCS#11 v2.40 section 5.4 leaves it undefined).
   */
  renew(): Attached {
    this.#whenStale();
    try {
      this.module.C_Finalize();
    } catch (thrown) {
      if (ckrOf(thrown) !== CKR.CRYPTOKI_NOT_INITIALIZED) throw thrown;
    }
    this.module.C_Initialize({ flags: CKF.OS_LOCKING_OK });
    const found = findToken(this.module, this.#name);
    this.#slot = found.slot;
    this.#sessions = new Sessions(this.module, found.slot, sessionsFor(found.info));
    this.#seen = seen(found.info);
    return this.attached;
  }

  /** The token as it is now. */
  look(): TokenSeen {
    return seen(this.module.C_GetTokenInfo(this.#slot));
  }

  /**
   * Logs in once and zeroes the PIN. pkcs11js takes it as a string only, which nobody can zero: it lives in this process
   * alone and until V8 collects it.
   */
  login(pin: Buffer): void {
    try {
      this.#sessions.login(pin.toString('utf8'));
    } finally {
      pin.fill(0);
    }
  }

  /** Runs work in a session; when session, login or handle was lost, once more in a new one: `again`. */
  async use<T>(work: (session: Pkcs11Js.Handle, again: boolean) => Promise<T>): Promise<T> {
    try {
      return await this.#sessions.use((session) => work(session, false));
    } catch (thrown) {
      const code = ckrOf(thrown);
      if (code === undefined || !mayPass(code)) throw thrown;
    }
    this.#beginAnew();
    return this.#sessions.use((session) => work(session, true));
  }

  /** Keeps idle sessions alive. Throws LoginLost when the login went with one of them. */
  touch(): void {
    if (!this.#sessions.touch()) this.#beginAnew();
  }

  #beginAnew(): void {
    this.#whenStale();
    this.#sessions.dropIdle();
    if (!this.#sessions.loggedIn()) throw new LoginLost();
  }

  /** Logs out and lets go of the module. Nothing may be running: C_Finalize under a running C_Sign ends in a crash. */
  close(): void {
    this.module.C_CloseAllSessions(this.#slot); // logs out as well (PKCS#11 v2.40 section 5.6.3)
    this.module.C_Finalize();
    this.module.close();
  }
}

/** Loads a PKCS#11 library into this process. Throws `hsm.down`. */
export function loadModule(path: string): Pkcs11Js.PKCS11 {
  const pkcs11js = requirePkcs11js();
  try {
    return new pkcs11js.PKCS11(path);
  } catch (cause) {
    throw new StationError('hsm.down', { what: `the module ${path} cannot be loaded` }, { cause });
  }
}

/** An optional dependency, since it is compiled when it is installed: a machine without a compiler can still practise. */
function requirePkcs11js(): typeof Pkcs11Js {
  try {
    return createRequire(import.meta.url)('pkcs11js') as typeof Pkcs11Js;
  } catch (cause) {
    const what = 'the npm package pkcs11js is not installed; it needs a C++ compiler, then npm rebuild pkcs11js';
    throw new StationError('hsm.down', { what }, { cause });
  }
}

function hashOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (cause) {
    throw new StationError('hsm.down', { what: `the module ${path} cannot be read` }, { cause });
  }
}

function findToken(module: Pkcs11Js.PKCS11, { tokenLabel, tokenSerial }: TokenName): Found {
  const tokens = module.C_GetSlotList(true).map((slot) => ({ slot, info: module.C_GetTokenInfo(slot) }));
  const found = tokens.filter(({ info }) => {
    const { label, serial, flags } = seen(info);
    const named = tokenLabel === undefined || label === tokenLabel;
    return named && (tokenSerial === undefined || serial === tokenSerial) && (flags & CKF.TOKEN_INITIALIZED) !== 0;
  });
  const name = [tokenLabel, tokenSerial].filter((part) => part !== undefined).join(' ');
  if (found.length > 1) throw new StationError('hsm.down', { what: `several tokens are called ${name}` });
  if (found[0] === undefined) throw new StationError('hsm.down', { what: `there is no token ${name}` });
  return found[0];
}

/** What a CK_TOKEN_INFO says, without the padding of its texts. */
export function seen(info: Pkcs11Js.TokenInfo): TokenSeen {
  return {
    label: info.label.trim(),
    serial: info.serialNumber.trim(),
    model: info.model.trim(),
    manufacturer: info.manufacturerID.trim(),
    firmware: `${info.firmwareVersion.major}.${info.firmwareVersion.minor}`,
    flags: info.flags,
  };
}

/** Zero and all ones mean that the token sets or tells no limit (PKCS#11 v2.40 section 3.3); one session keeps the login. */
function sessionsFor({ maxRwSessionCount }: Pkcs11Js.TokenInfo): number {
  const unlimited = maxRwSessionCount === 0 || maxRwSessionCount >= 0xffffffff;
  return unlimited ? poolSize : Math.max(1, Math.min(poolSize, maxRwSessionCount - 1));
}
