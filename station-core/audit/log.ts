import { createHash, timingSafeEqual } from 'node:crypto';
import type Database from 'better-sqlite3';
import { canonical, type Json } from '../contract/canonical.ts';
import type { AuditReport } from '../contract/record.ts';

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
  readonly now: () => { readonly at: string; readonly mono: number; readonly trust: ClockTrust };
};

/** A commitment to a value that names a unit or a person, never the value. */
export type Commitment = string;

/** What an entry says beyond who wrote it and when. No secret and no clear personal value has a field here. */
export type Entry = {
  /** A dotted verb: `run.opened`, `credential.released`, `call.refused`, … */
  readonly action: string;
  readonly result: 'ok' | 'refused' | 'failed';
  readonly actor?: Commitment;
  readonly role?: string;
  readonly approver?: Commitment;
  readonly lane?: number;
  readonly order?: string;
  readonly run?: number;
  readonly unit?: { readonly serial: Commitment; readonly registrationId: Commitment; readonly mac?: Commitment };
  /** Which key was used: its label, the HSM's serial number and the key's check value. Never the key. */
  readonly key?: { readonly label: string; readonly hsm: string; readonly checkValue: string };
  /** Why it was refused or failed: an error code of the table. */
  readonly reason?: string;
  readonly details?: { readonly [name: string]: Json };
};

/** The version of the entry's schema (README.md describes it). */
const schema = 1;

/** `prev` of the genesis entry. */
const nothing = Buffer.alloc(32);

/** The leaf hash of an entry, as a Merkle tree over the log will use it: SHA-256(00 ‖ bytes) (RFC 6962, section 2.1). */
export function leafHash(bytes: string): Buffer {
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(bytes, 'utf8')
    .digest();
}

type Row = { seq: number; bytes: string; leaf: Buffer };

/**
 * The audit trail: canonical entries, each naming the leaf hash of the one before. Append-only by triggers as well.
 * `append` belongs inside a commit, beside the act that it records: no commit of the entry, no act.
 */
export class AuditLog {
  readonly #writer: Writer;
  readonly #last;
  readonly #insert;
  readonly #rows;

  constructor(db: Database.Database, writer: Writer) {
    this.#writer = writer;
    this.#last = db.prepare<[], { seq: number; leaf: Buffer }>(
      'SELECT seq, leaf FROM audit_entry ORDER BY seq DESC LIMIT 1',
    );
    this.#insert = db.prepare('INSERT INTO audit_entry (seq, bytes, leaf) VALUES (?, ?, ?)');
    this.#rows = db.prepare<[number, number], Row>(
      'SELECT seq, bytes, leaf FROM audit_entry WHERE seq >= ? ORDER BY seq LIMIT ?',
    );
  }

  append(entry: Entry): void {
    const last = this.#last.get();
    const seq = last ? last.seq + 1 : 0;
    const { station, origin, boot, software, config, now } = this.#writer;
    const { at, mono, trust } = now();
    const bytes = canonical({
      ...entry,
      v: schema,
      seq,
      prev: (last?.leaf ?? nothing).toString('base64'),
      at,
      mono,
      clock: trust,
      station,
      origin,
      boot,
      software,
      config,
    });
    this.#insert.run(seq, bytes, leafHash(bytes));
  }

  /** How many entries there are, and the leaf hash of the newest. */
  head(): { readonly entries: number; readonly leaf: Buffer } {
    const last = this.#last.get();
    return last ? { entries: last.seq + 1, leaf: last.leaf } : { entries: 0, leaf: nothing };
  }

  /** Checks every entry from the first on; gives the event loop a turn every thousand entries. */
  async verify(): Promise<AuditReport> {
    const page = 1_000;
    let prev: Buffer = nothing;
    let seq = 0;
    for (;;) {
      const rows = this.#rows.all(seq, page);
      for (const row of rows) {
        const reason = wrong(row, seq, prev);
        if (reason) return { entries: seq, ok: false, head: prev.toString('base64'), problem: { seq, reason } };
        prev = row.leaf;
        seq++;
      }
      if (rows.length < page) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const ok = seq > 0;
    const report = { entries: seq, ok, head: prev.toString('base64') };
    return ok ? report : { ...report, problem: { seq: 0, reason: 'there is no genesis entry' } };
  }
}

/** What is wrong with a stored entry, or undefined. */
function wrong(row: Row, seq: number, prev: Buffer): string | undefined {
  if (row.seq !== seq) return `entry ${seq} is missing, ${row.seq} follows`;
  if (!same(leafHash(row.bytes), row.leaf)) return 'its bytes are not those of its hash';
  let entry: { [name: string]: Json };
  try {
    entry = JSON.parse(row.bytes) as { [name: string]: Json };
    if (canonical(entry) !== row.bytes) return 'its bytes are not canonical';
  } catch {
    return 'it is not JSON';
  }
  if (entry.v !== schema) return `its schema version is ${String(entry.v)}, this program knows ${schema}`;
  if (entry.seq !== seq) return `it says that it is entry ${String(entry.seq)}`;
  if (entry.prev !== prev.toString('base64')) return 'it does not follow the entry before it';
  return undefined;
}

const same = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);
