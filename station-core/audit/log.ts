import type Database from 'better-sqlite3';
import type { AuditAction } from '../contract/audit-actions.ts';
import { longestEntry } from '../contract/audit-entry.ts';
import { canonical, type Json } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import { beforeGenesis, schemaVersion } from './chain.ts';
import { leafHash } from './merkle.ts';
import { StoredTree } from './tree.ts';

/** How far the station's clock can be believed when an entry was written. */
export type ClockTrust = 'synchronised' | 'unsynchronised' | 'unknown';

/** Who and what writes: the same in every entry of one start of the program. */
export type Writer = {
  readonly station: string;
  readonly origin: string;
  /** Identifies one start of the program; `mono` counts milliseconds within it. */
  readonly boot: string;
  readonly software: string;
  /** SHA-256 of the configuration in hex. */
  readonly config: string;
  /** Where the station stands, where its configuration says so (F-180). */
  readonly place?: { readonly line?: string; readonly room?: string };
  readonly now: () => { readonly at: string; readonly mono: number; readonly trust: ClockTrust };
};

/** A commitment to a value that names a unit or a person, never the value. */
export type Commitment = string;

/** What an entry says beyond who wrote it and when. No secret and no clear personal value has a field here. */
export type Entry = {
  /** A dotted verb, of the table in contract/audit-actions.ts. */
  readonly action: AuditAction;
  readonly result: 'ok' | 'refused' | 'failed';
  readonly actor?: Commitment;
  readonly role?: string;
  readonly approver?: Commitment;
  readonly lane?: number;
  readonly order?: string;
  readonly run?: number;
  /** No registration ID where it is not known yet. */
  readonly unit?: { readonly serial: Commitment; readonly registrationId?: Commitment; readonly mac?: Commitment };
  /** Which key was used: its label, the HSM's serial number and the key's check value. Never the key. */
  readonly key?: { readonly label: string; readonly hsm: string; readonly checkValue: string };
  /** Why it was refused or failed: an error code of the table. */
  readonly reason?: string;
  readonly details?: { readonly [name: string]: Json };
};

/**
 * The audit trail: canonical entries, each naming the leaf hash of the one before. Append-only by triggers as well.
 * `append` belongs inside a commit, beside the act that it records: no commit of the entry, no act.
 */
export class AuditLog {
  readonly #db: Database.Database;
  readonly #writer: Writer;
  readonly #last;
  readonly #insert;
  readonly #mark;
  readonly #reset;
  readonly #origin;
  readonly #tree: StoredTree;
  #latest: number;
  #appended: (entries: number) => void = () => undefined;

  constructor(db: Database.Database, writer: Writer) {
    this.#db = db;
    this.#writer = writer;
    this.#last = db.prepare<[], { seq: number; leaf: Buffer }>(
      'SELECT seq, leaf FROM audit_entry ORDER BY seq DESC LIMIT 1',
    );
    this.#mark = db.prepare('UPDATE clock_mark SET latest_ms = ? WHERE latest_ms < ?');
    this.#reset = db.prepare('UPDATE clock_mark SET latest_ms = ?');
    const marked = db.prepare<[], { at: number }>('SELECT latest_ms AS at FROM clock_mark').get();
    this.#latest = marked?.at ?? 0;
    this.#insert = db.prepare('INSERT INTO audit_entry (seq, bytes, leaf) VALUES (?, ?, ?)');
    this.#origin = db.prepare<[], string>('SELECT origin FROM audit_key ORDER BY n DESC LIMIT 1').pluck();
    this.#tree = new StoredTree(db);
  }

  /** Inside a commit, once at the start: the tree's nodes over entries of a version that had no tree. */
  catchUp(): void {
    this.#tree.catchUp(this.head().entries);
  }

  /** Tells how many entries there are whenever one was added, inside the commit, which may still fail. One listener. */
  onAppended(listener: (entries: number) => void): void {
    this.#appended = listener;
  }

  /** Answers the entry's number. Throws TypeError outside a commit, and `audit.too-long`: then its act is not done either. */
  append(entry: Entry): number {
    if (!this.#db.inTransaction) throw new TypeError('an audit entry is written inside a commit');
    const last = this.#last.get();
    const seq = last ? last.seq + 1 : 0;
    const { station, origin, boot, software, config, place, now } = this.#writer;
    const { at, mono, trust } = now();
    const bytes = canonical({
      ...entry,
      v: schemaVersion,
      seq,
      prev: (last?.leaf ?? beforeGenesis).toString('base64'),
      at,
      mono,
      clock: trust,
      station,
      // An origin that was begun anew names the log from its own entry on.
      origin: this.#origin.get() ?? origin,
      boot,
      software,
      config,
      place,
    });
    const length = Buffer.byteLength(bytes, 'utf8');
    if (length > longestEntry) throw new StationError('audit.too-long', { action: entry.action, bytes: length });
    this.#insert.run(seq, bytes, leafHash(bytes));
    this.#tree.append(seq);
    this.#keepLatest(Date.parse(at));
    this.#appended(seq + 1);
    return seq;
  }

  /** The latest time that an entry was ever written at, Unix milliseconds, within a second; 0 for an empty log. */
  latestAt(): number {
    return this.#latest;
  }

  /** Inside a commit: two people say that the clock is right now, whatever time was written before. */
  confirmClock(at: number): void {
    this.#reset.run(at);
    this.#latest = at;
  }

  /** A clock that is set back writes earlier entries: the latest time stays known. Written once a second at most. */
  #keepLatest(at: number): void {
    if (at < this.#latest + 1_000) return;
    this.#mark.run(at, at);
    this.#latest = at;
  }

  /** How many entries there are, and the leaf hash of the newest. */
  head(): { readonly entries: number; readonly leaf: Buffer } {
    const last = this.#last.get();
    return last ? { entries: last.seq + 1, leaf: last.leaf } : { entries: 0, leaf: beforeGenesis };
  }
}
