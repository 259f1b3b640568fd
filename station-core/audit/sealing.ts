import type Database from 'better-sqlite3';
import { asStationError, StationError } from '../contract/errors.ts';
import { entryProblem } from './chain.ts';
import { type Head, type HeadReason, type Heads, type IntendedHead, type KeyRow, logKeyOf } from './heads.ts';
import type { AuditLog } from './log.ts';
import { verifyConsistency } from './merkle.ts';
import { checkpointText, noteOf, parseCheckpoint, verifyNote } from './note.ts';
import type { Stop } from './stop.ts';
import { StoredTree } from './tree.ts';

/** What the log needs of an HSM, without knowing it: signatures over a text by a key of the log, P-256 as DER. */
export type HeadSigner = (
  key: KeyRow,
  text: Buffer,
) => Promise<{ readonly ecdsa: Buffer; readonly ed25519: Buffer | undefined }>;

export type SealingNeed = {
  readonly db: Database.Database;
  readonly commit: <T>(write: () => T) => Promise<T>;
  readonly log: AuditLog;
  readonly heads: Heads;
  readonly stop: Stop;
  readonly sign: HeadSigner;
  readonly now: () => string;
  /** Rings once after so many milliseconds; answers how to silence it. */
  readonly timer: (ms: number, ring: () => void) => () => void;
  readonly incident: (thrown: unknown) => unknown;
};

/** A head is signed after so many entries, and this long after the first entry that none covers. */
export const sealEvery = { entries: 1_000, minutes: 15 } as const;

/** Errors of an HSM that is not there now, and of an anchor that was looked at last: the head waits. */
const notNow: ReadonlySet<string> = new Set([
  'hsm.down',
  'hsm.locked',
  'hsm.ambiguous',
  'hsm.pin',
  'audit.older',
  'audit.forked',
]);

/**
 * The one way to a signed head. One at a time; what is to be signed is durable first, so that a crash leads to the same text
 * being signed again; and no head is signed that is not shown to hold the one before it.
 */
export class Sealing {
  readonly #need: SealingNeed;
  readonly #tree: StoredTree;
  readonly #signed = new Set<(head: Head) => void>();
  #covered: number;
  #before: Promise<unknown> = Promise.resolve();
  #silence: (() => void) | undefined;
  #open = false;

  constructor(need: SealingNeed) {
    this.#need = need;
    this.#tree = new StoredTree(need.db);
    this.#covered = need.heads.newest()?.size ?? 0;
  }

  /** From now on heads are signed by number of entries and by time. Nothing is signed before: anchors are looked at first. */
  begin(): void {
    this.#open = true;
    this.#need.log.onAppended((entries) => this.#appended(entries));
    this.#appended(this.#need.log.head().entries);
  }

  end(): void {
    this.#open = false;
    this.#silence?.();
    this.#silence = undefined;
  }

  /** Tells each head once it is stored. */
  onSigned(listener: (head: Head) => void): () => void {
    this.#signed.add(listener);
    return () => this.#signed.delete(listener);
  }

  /** How many entries no signed head covers. */
  unsealed(): number {
    return this.#need.log.head().entries - this.#covered;
  }

  /**
   * A head over every entry that is there; the one that is there already when nothing was added. Undefined when the HSM cannot
   * sign now, when the log has no key yet, or when the log is stopped.
   */
  sign(why: HeadReason): Promise<Head | undefined> {
    const next = this.#before.then(() => this.#signNow(why));
    this.#before = next.catch(() => undefined); // who asked gets the error; the next one goes on
    return next;
  }

  async #signNow(why: HeadReason): Promise<Head | undefined> {
    const { heads, commit, stop } = this.#need;
    if (stop.error()) return undefined;
    const left = heads.intended();
    if (left && !(await this.#complete(left))) return undefined;
    const intended = await commit(() => this.#intend(why));
    if (!intended) return stop.error() ? undefined : heads.newest();
    return this.#complete(intended);
  }

  /** Inside a commit: what to sign next, written down; nothing when there is nothing new, no key, or damage, which stops the log. */
  #intend(why: HeadReason): IntendedHead | undefined {
    const { log, heads, stop, now } = this.#need;
    const { entries: size } = log.head();
    const newest = heads.newest();
    const key = this.#keyFor(newest?.size ?? 0);
    if (!key || size === newest?.size) return undefined;
    const problem = this.#problem(newest, key, size);
    if (problem) {
      stop.set(new StationError('audit.damaged', problem).toData(), now());
      log.append({ action: 'audit.stopped', result: 'failed', reason: 'audit.damaged', details: problem });
      return undefined;
    }
    return heads.intend({ size, root: this.#tree.root(size), key: key.n, why });
  }

  /**
   * A key that was rotated in signs after the first head that covers its entry, which the key before it signs; the key of an
   * origin that was begun anew signs at once.
   */
  #keyFor(covered: number): KeyRow | undefined {
    const [newest, before] = this.#need.heads.keys().toReversed();
    if (!newest || newest.since === null) return undefined;
    const rotated = before?.origin === newest.origin;
    return rotated && newest.since >= covered ? before : newest;
  }

  /**
   * What speaks against signing a head over `size` entries: the entries since the last one are hashed anew, and it must hold the
   * last one. An origin that was begun anew owes nothing to heads of another, and vouches from its own entry on.
   */
  #problem(last: Head | undefined, key: KeyRow, size: number): { place: string; reason: string } | undefined {
    const newest = last && this.#originOf(last) === key.origin ? last : undefined;
    const begin = newest?.size ?? (last ? (key.since ?? 0) : 0);
    if (size < begin) return { place: `entry ${size}`, reason: `a head over ${begin} entries was signed` };
    try {
      const wrong = entryProblem(this.#need.db, begin, size);
      if (wrong) return { place: `entry ${wrong.seq}`, reason: wrong.reason };
      if (!newest) return undefined;
      const proof = this.#tree.consistency(begin, size);
      const consistent = verifyConsistency(begin, size, proof, newest.root, this.#tree.root(size));
      return consistent ? undefined : { place: `the head over ${begin} entries`, reason: 'the entries are others now' };
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      return { place: 'the tree of entries', reason: `hashes are missing (${thrown.message})` };
    }
  }

  #originOf({ key }: Head): string | undefined {
    return this.#need.heads.keys().find(({ n }) => n === key)?.origin;
  }

  /** Signs what was written down and stores the note. Undefined when the HSM cannot now. */
  async #complete(head: IntendedHead): Promise<Head | undefined> {
    const { heads, sign, commit, incident } = this.#need;
    const row = heads.keys().find(({ n }) => n === head.key);
    if (!row) throw new StationError('store.damaged', { what: `audit key ${head.key}`, reason: 'it is not there' });
    const key = logKeyOf(row);
    const text = checkpointText(row.origin, head.size, head.root);
    let note: string;
    try {
      const { ecdsa, ed25519 } = await sign(row, Buffer.from(text, 'utf8'));
      note = noteOf(key, text, ecdsa, ed25519);
    } catch (thrown) {
      if (notNow.has(asStationError(thrown, () => String(incident(thrown))).code)) return undefined;
      throw thrown;
    }
    // One line that does not verify would make every verifier refuse the whole note.
    if (!verifyNote(parseCheckpoint(note), key)) throw new StationError('ca.signature-wrong', { what: 'the head' });
    await commit(() => heads.signed(head.n, note));
    const signed: Head = { ...head, note };
    this.#covered = head.size;
    for (const listener of this.#signed) listener(signed);
    return signed;
  }

  /** Entries were added, perhaps in a commit that is still to come: this only decides when to look. */
  #appended(entries: number): void {
    if (!this.#open) return;
    const unsealed = entries - this.#covered;
    if (unsealed >= sealEvery.entries) this.#signSoon(0, 'entries');
    else if (unsealed > 0) this.#signSoon(sealEvery.minutes * 60_000, 'time');
  }

  #soon: 'entries' | 'time' | undefined;

  #signSoon(ms: number, why: 'entries' | 'time'): void {
    if (this.#soon === 'entries' || this.#soon === why) return;
    this.#silence?.();
    this.#soon = why;
    this.#silence = this.#need.timer(ms, () => {
      this.#soon = undefined;
      this.#silence = undefined;
      this.sign(why)
        .then((head) => !head && this.#later())
        .catch(this.#need.incident);
    });
  }

  /** Nothing could be signed: by time, not by every entry that comes. */
  #later(): void {
    if (this.#open) this.#signSoon(sealEvery.minutes * 60_000, 'time');
  }
}
