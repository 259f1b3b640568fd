// A TPM's insides: what it keeps (`state.ts`) and what it forgets without power.
import { createHash, type KeyObject } from 'node:crypto';
import { handles } from '../../tpm/constants.ts';
import { u32 } from '../../tpm/marshal.ts';
import { type HashName, hashAlgorithm, nameOf, type PublicArea, readArea } from '../../tpm/public.ts';
import { rc, refuse } from './codes.ts';
import type { Kept, OwnAuths, Primary } from './state.ts';
import { writeState } from './state-file.ts';

/** As swtpm has them: room for three objects and three sessions, and 64 session handles. */
export const limits = {
  objects: 3,
  sessions: 3,
  sessionHandles: 64,
  persistent: 32,
  primaries: 128,
  /** Wrong authorisations until lockout, and seconds until one of them is forgotten (part 1, 19.8.2). */
  tries: 3,
  recoverySeconds: 1_000,
} as const;

/** A loaded key. */
export type LoadedKey = {
  /** What it was made of: the digest of hierarchy and template. */
  readonly of: string;
  readonly hierarchy: number;
  readonly public: Omit<PublicArea, 'sized'>;
  readonly key: KeyObject;
  readonly name: Buffer;
  readonly auth: Buffer;
};

export type PolicySession = { readonly hash: HashName; nonce: Buffer; digest: Buffer };

export type ChipOptions = {
  readonly file: string;
  readonly kept: Kept;
  readonly lockedOut: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export class Chip {
  readonly #options: ChipOptions;
  #kept: Kept;
  readonly objects = new Map<number, LoadedKey>();
  readonly sessions = new Map<number, PolicySession>();
  /** Keys of the null hierarchy, whose seed is another one after each reset (part 1, 14.3). */
  readonly #passing = new Map<string, Primary>();
  /** A wrong lockout authorisation ends its use until the next reset: TPM_PT_LOCKOUT_RECOVERY is zero (part 1, 19.8.5). */
  lockoutAuthEnabled = true;
  /** Whether a protected authorisation was used since the reset; the first use asks for the command again. */
  protectedUsed = false;
  started = false;

  constructor(options: ChipOptions) {
    this.#options = options;
    this.#kept = options.kept;
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** Changes what is kept, in the file first. */
  keep(change: Partial<Kept>): void {
    const next = { ...this.#kept, ...change };
    writeState(this.#options.file, next);
    this.#kept = next;
  }

  /** A key that was made before. */
  primary(of: string): Primary | undefined {
    return this.#kept.primaries.get(of) ?? this.#passing.get(of);
  }

  /** A real TPM would make the same key again from its seed; this one remembers what it made. */
  remember(of: string, primary: Primary): void {
    const passing = primary.hierarchy === handles.null;
    const { size } = passing ? this.#passing : this.#kept.primaries;
    if (size >= limits.primaries) refuse(rc.nvSpace);
    if (passing) this.#passing.set(of, primary);
    else this.keep({ primaries: new Map([...this.#kept.primaries, [of, primary]]) });
  }

  /** A transient or persistent key. */
  keyAt(at: number): LoadedKey | undefined {
    const loaded = this.objects.get(at);
    if (loaded) return loaded;
    const persistent = this.#kept.persistent.get(at);
    const primary = persistent && this.primary(persistent.primary);
    return persistent && primary && loadedKey(persistent.primary, primary, persistent.auth);
  }

  /** Wrong authorisations that were not forgotten yet. */
  get failedTries(): number {
    if (this.#options.lockedOut) return limits.tries;
    const { tries, at } = this.#kept.failures;
    const forgotten = Math.floor((this.#options.now() - at) / 1_000 / limits.recoverySeconds);
    return Math.max(0, tries - Math.max(0, forgotten));
  }

  get inLockout(): boolean {
    return this.failedTries >= limits.tries;
  }

  countFailure(): void {
    this.keep({ failures: { tries: this.failedTries + 1, at: this.#options.now() } });
  }
}

export const loadedKey = (of: string, { hierarchy, area, key }: Primary, auth: Buffer): LoadedKey => {
  const read = readArea(area, 'a key of the practice TPM');
  return { of, hierarchy, public: read, key, name: nameOf(read), auth };
};

/** The qualified name of a primary key: its hierarchy stands for its parent (part 1, 16). */
export function qualifiedName({ hierarchy, name, public: area }: LoadedKey): Buffer {
  const digest = createHash(area.nameAlgorithm).update(u32(hierarchy)).update(name).digest();
  const head = Buffer.alloc(2);
  head.writeUInt16BE(hashAlgorithm[area.nameAlgorithm]);
  return Buffer.concat([head, digest]);
}

/** Hierarchies that are authorised by a password of their own. */
export const authNames: ReadonlyMap<number, keyof OwnAuths> = new Map([
  [handles.owner, 'owner'],
  [handles.endorsement, 'endorsement'],
  [handles.lockout, 'lockout'],
]);

/** Authorisations are compared, and kept, without the zeros at their end (part 1, 19.6.4.3). */
export function withoutTrailingZeros(auth: Buffer): Buffer {
  let end = auth.length;
  while (end > 0 && auth[end - 1] === 0) end -= 1;
  return auth.subarray(0, end);
}
