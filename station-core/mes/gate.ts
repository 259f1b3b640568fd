import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../clock.ts';
import type { KeyScope } from '../contract/mes.ts';
import type { MesKey } from '../store/mes-keys.ts';
import { Refusal } from './refusals.ts';

/** So that a key that leaked into a repository or a log is found by whoever looks for such. */
const prefix = 'birthmark_';
const keyForm = /^Bearer +([A-Za-z0-9._~+/-]{1,256}=*)$/i;

/** Wrong keys from one address in a minute that are answered as such. */
const mostWrong = 20;
const minuteMs = 60_000;
/** Addresses that are remembered; when more come, all that came are forgotten, and counted anew. */
const mostAddresses = 1_024;

/** A new key, which is told once, and what is kept of it. 256 random bits need no slow hash. */
export function newKey(): { readonly key: string; readonly hash: Buffer } {
  const key = prefix + randomBytes(32).toString('base64url');
  return { key, hash: hashOf(key) };
}

const hashOf = (key: string): Buffer => createHash('sha256').update(key, 'utf8').digest();

export type GateNeed = {
  readonly clock: Clock;
  readonly keys: () => readonly MesKey[];
  /** Somebody without the right: what was wrong, in a word. */
  readonly refused: (why: string) => void;
};

type Wrong = { count: number; readonly until: number };

/** Who may come in. A right key always may: nobody can shut a factory system out by sending wrong ones from beside it. */
export class Gate {
  readonly #need: GateNeed;
  #wrong = new Map<string, Wrong>();

  constructor(need: GateNeed) {
    this.#need = need;
  }

  /** The key that the request carries. Throws the refusal, which is counted: no key, a wrong one, or one too many. */
  enter({ authorization }: IncomingHttpHeaders, address: string): MesKey {
    const [, offered] = keyForm.exec(authorization ?? '') ?? [];
    const key = offered === undefined ? undefined : this.#find(offered);
    if (key) return key;
    this.#need.refused(authorization === undefined ? 'mes-no-key' : 'mes-wrong-key');
    this.#count(address);
    if (authorization === undefined) throw new Refusal('http.no-key', {}, { 'www-authenticate': challenge });
    throw new Refusal('http.wrong-key', {}, { 'www-authenticate': `${challenge}, error="invalid_token"` });
  }

  /** Throws the refusal of a key that may not do this (RFC 6750 section 3.1). */
  require(key: MesKey, scope: KeyScope | 'any'): void {
    if (scope === 'any' || key.scopes.includes(scope)) return;
    this.#need.refused('mes-scope');
    const says = `${challenge}, error="insufficient_scope", scope="${scope}"`;
    throw new Refusal('http.scope', { scope }, { 'www-authenticate': says });
  }

  /** Compared with every key, each in constant time: what answers late tells nothing. */
  #find(offered: string): MesKey | undefined {
    const hash = hashOf(offered);
    let found: MesKey | undefined;
    for (const key of this.#need.keys()) if (timingSafeEqual(key.hash, hash)) found = key;
    return found;
  }

  #count(address: string): void {
    const now = this.#need.clock.monotonic();
    const before = this.#wrong.get(address);
    if (!before || before.until <= now) {
      if (this.#wrong.size >= mostAddresses) this.#wrong = new Map();
      this.#wrong.set(address, { count: 1, until: now + minuteMs });
      return;
    }
    before.count++;
    if (before.count <= mostWrong) return;
    const seconds = String(Math.ceil((before.until - now) / 1_000));
    throw new Refusal('http.throttled', {}, { 'retry-after': seconds });
  }
}

const challenge = 'Bearer realm="birthmark"';
