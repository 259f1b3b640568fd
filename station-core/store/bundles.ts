import { StationError } from '../contract/errors.ts';
import type { Db } from './open.ts';

/** A machine that applies bundles, as it was pinned. Keys are base64 of the DER SubjectPublicKeyInfo. */
export type PinnedApplier = {
  readonly id: number;
  readonly fingerprint: string;
  readonly name: string;
  readonly encryption: string;
  readonly receipts: string;
};

export type BundleState = 'making' | 'open' | 'closed' | 'expired' | 'dropped';
export type BundleRowState = 'held' | 'done' | 'parked' | 'returned';

export type BundleRow = {
  readonly sequence: number;
  readonly applier: number;
  readonly state: BundleState;
  readonly sha256: Buffer | null;
  readonly previous: number | null;
  readonly bytes: string | null;
  readonly madeAt: string;
  readonly expiresMs: number;
  readonly receiptsNumber: number;
  readonly receiptsSha256: Buffer | null;
  readonly operations: number;
};

/** A row of a bundle, with the state of its outbox row now. */
export type HeldRow = {
  readonly row: number;
  readonly state: BundleRowState;
  readonly outbox: string;
  readonly after: number | null;
};

type Waiting = {
  readonly id: number;
  readonly registration: number;
  /** The row that must be done before, unless it is. */
  readonly after: number | null;
  readonly state: string;
  readonly bytes: number;
};

const columns = `sequence, applier, state, sha256, previous, bytes, made_at AS madeAt, expires_ms AS expiresMs,
  receipts_number AS receiptsNumber, receipts_sha256 AS receiptsSha256, operations`;

/** Bundles for a machine with a network, and who that is. Every writing method belongs inside a commit. */
export class Bundles {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The machine that bundles are made for, or none. */
  currentApplier(): PinnedApplier | undefined {
    return this.#db.prepare<[], PinnedApplier>('SELECT * FROM applier WHERE current = 1').get();
  }

  applier(id: number): PinnedApplier {
    const row = this.#db.prepare<[number], PinnedApplier>('SELECT * FROM applier WHERE id = ?').get(id);
    if (!row) throw new StationError('store.damaged', { what: `applier ${id}`, reason: 'it is not there' });
    return row;
  }

  /** From now on bundles are made for this machine; one that was pinned before is only chosen again. */
  pin(applier: Omit<PinnedApplier, 'id'>, at: string): void {
    this.#db.prepare('UPDATE applier SET current = 0 WHERE current = 1').run();
    this.#db
      .prepare(
        `INSERT INTO applier (fingerprint, name, encryption, receipts, current, pinned_at)
         VALUES (@fingerprint, @name, @encryption, @receipts, 1, @at)
         ON CONFLICT (fingerprint) DO UPDATE SET current = 1, name = excluded.name, pinned_at = excluded.pinned_at`,
      )
      .run({ ...applier, at });
  }

  /** The newest bundle that this machine may have seen: what the next one follows. */
  lastFor(applier: number): { readonly sequence: number; readonly sha256: Buffer } | undefined {
    return this.#db
      .prepare<[number], { sequence: number; sha256: Buffer }>(
        'SELECT sequence, sha256 FROM bundle WHERE applier = ? AND sha256 IS NOT NULL ORDER BY sequence DESC LIMIT 1',
      )
      .get(applier);
  }

  /** Takes the next number for these rows; nobody else sends them from now on. Answers the number, which is never used again. */
  begin(applier: number, rows: readonly number[], madeAt: string, expiresMs: number): number {
    const insert = this.#db.prepare(
      `INSERT INTO bundle (sequence, applier, state, made_at, expires_ms)
       SELECT 1 + coalesce(max(sequence), 0), ?, 'making', ?, ? FROM bundle`,
    );
    const sequence = Number(insert.run(applier, madeAt, expiresMs).lastInsertRowid);
    const hold = this.#db.prepare(`INSERT INTO bundle_row (bundle, row, state) VALUES (?, ?, 'held')`);
    for (const row of rows) hold.run(sequence, row);
    return sequence;
  }

  /** The bundle has its bytes: it may be carried. */
  open(sequence: number, sha256: Buffer, previous: number | null, bytes: string): void {
    this.#db
      .prepare(`UPDATE bundle SET state = 'open', sha256 = ?, previous = ?, bytes = ? WHERE sequence = ?`)
      .run(sha256, previous, bytes, sequence);
  }

  /** Ends a bundle; its bytes go, and what it still held is told, to be given back. */
  end(sequence: number, state: 'closed' | 'expired' | 'dropped'): number[] {
    const held = this.rows(sequence).filter((row) => row.state === 'held');
    for (const { row } of held) this.settle(sequence, row, 'returned');
    this.#db.prepare('UPDATE bundle SET state = ?, bytes = NULL WHERE sequence = ?').run(state, sequence);
    return held.map(({ row }) => row);
  }

  /** A row that cannot travel is no part of the bundle that is being made. */
  leaveOut(sequence: number, row: number): void {
    this.#db.prepare('DELETE FROM bundle_row WHERE bundle = ? AND row = ?').run(sequence, row);
  }

  settle(sequence: number, row: number, state: BundleRowState): void {
    this.#db.prepare('UPDATE bundle_row SET state = ? WHERE bundle = ? AND row = ?').run(state, sequence, row);
  }

  /** Which receipts were taken last. */
  noteReceipts(sequence: number, said: { readonly number: number; readonly operations: number }, sha256: Buffer): void {
    this.#db
      .prepare('UPDATE bundle SET receipts_number = ?, receipts_sha256 = ?, operations = ? WHERE sequence = ?')
      .run(said.number, sha256, said.operations, sequence);
  }

  bySequence(sequence: number): BundleRow | undefined {
    return this.#db.prepare<[number], BundleRow>(`SELECT ${columns} FROM bundle WHERE sequence = ?`).get(sequence);
  }

  byHash(sha256: Buffer): BundleRow | undefined {
    return this.#db.prepare<[Buffer], BundleRow>(`SELECT ${columns} FROM bundle WHERE sha256 = ?`).get(sha256);
  }

  rows(sequence: number): HeldRow[] {
    return this.#db
      .prepare<[number], HeldRow>(
        `SELECT b.row, b.state, o.state AS outbox, o.after FROM bundle_row b JOIN outbox o ON o.id = b.row WHERE b.bundle = ? ORDER BY b.row`,
      )
      .all(sequence);
  }

  /** Bundles whose making was cut short. */
  unmade(): number[] {
    return this.#sequences(`state = 'making'`, 0);
  }

  /** Bundles whose receipts did not come in time. */
  late(now: number): number[] {
    return this.#sequences(`state = 'open' AND expires_ms <= ?`, now);
  }

  /** The newest bundles, the newest first. */
  newest(most: number): BundleRow[] {
    return this.#db
      .prepare<[number], BundleRow>(`SELECT ${columns} FROM bundle ORDER BY sequence DESC LIMIT ?`)
      .all(most);
  }

  /**
   * Rows of a target that may travel together, oldest first, at most so many and of so many bytes. Order is kept as the pump keeps it: a
   * row travels only when what must come before it is done or travels in the same bundle.
   */
  bundleable(target: string, most: { readonly rows: number; readonly bytes: number }): number[] {
    const waiting = this.#db.prepare<[string], Waiting>(
      `SELECT o.id, o.registration, o.state, length(o.body) AS bytes,
         CASE p.state WHEN 'done' THEN NULL ELSE o.after END AS after
       FROM outbox o LEFT JOIN outbox p ON p.id = o.after
       WHERE o.target = ? AND o.state <> 'done' AND o.action <> 'anchor' ORDER BY o.id`,
    );
    const going = new Set<number>();
    const stuck = new Set<number>();
    const chosen: number[] = [];
    let bytes = 0;
    for (const row of waiting.all(target)) {
      const follows = row.after === null || going.has(row.after);
      if (row.state === 'queued' && follows && !stuck.has(row.registration) && chosen.length < most.rows) {
        bytes += row.bytes;
        if (bytes > most.bytes && chosen.length > 0) break;
        going.add(row.id);
        chosen.push(row.id);
      } else stuck.add(row.registration);
    }
    return chosen;
  }

  #sequences(where: string, now: number): number[] {
    const rows = this.#db.prepare<unknown[], { sequence: number }>(
      `SELECT sequence FROM bundle WHERE ${where} ORDER BY sequence`,
    );
    return rows.all(...(where.includes('?') ? [now] : [])).map(({ sequence }) => sequence);
  }
}
