import type { StationFile } from '../contract/bundle.ts';
import type { ErrorData } from '../contract/errors.ts';
import type { Db } from '../store/open.ts';
import type { Manifest, RowResult } from './format.ts';

export type TrustedStation = StationFile & {
  readonly lastSequence: number;
  readonly lastSha256: Buffer | null;
};

export type TakenBundle = {
  readonly id: number;
  readonly origin: string;
  readonly sequence: number;
  readonly sha256: Buffer;
  readonly bytes: string | null;
  readonly expiresMs: number;
  readonly receiptsNumber: number;
  readonly receipts: string | null;
  /** Operations that the service billed for it so far. */
  readonly operations: number;
};

/** A row of a bundle by its outbox row here. */
export type TakenRow = {
  readonly bundle: number;
  readonly row: number;
  readonly outbox: number;
  readonly expiresMs: number;
};

type Result = RowResult['result'];
type ResultRow = { readonly row: number; readonly result: Result; readonly said: string | null };

/** The applier's own tables. Every writing method belongs inside a commit. */
export class ApplierState {
  readonly #db: Db;
  readonly #ofOutbox;
  readonly #settle;

  constructor(db: Db) {
    this.#db = db;
    this.#ofOutbox = db.prepare<[number], TakenRow>(
      `SELECT r.bundle, r.row, r.outbox, b.expires_ms AS expiresMs FROM taken_row r JOIN taken_bundle b ON b.id = r.bundle WHERE r.outbox = ?`,
    );
    this.#settle = db.prepare('UPDATE taken_row SET result = ?, said = ? WHERE outbox = ?');
  }

  station(origin: string): TrustedStation | undefined {
    const row = this.#db
      .prepare<[string], Omit<TrustedStation, 'schema' | 'kind'>>(
        `SELECT origin, station, key, last_sequence AS lastSequence, last_sha256 AS lastSha256
         FROM trusted_station WHERE origin = ?`,
      )
      .get(origin);
    return row && { schema: 1, kind: 'birthmark-station', ...row };
  }

  trust({ origin, station, key }: StationFile, at: string): void {
    this.#db
      .prepare('INSERT INTO trusted_station (origin, station, key, trusted_at) VALUES (?, ?, ?, ?)')
      .run(origin, station, key, at);
  }

  byHash(sha256: Buffer): TakenBundle | undefined {
    return this.#db
      .prepare<[Buffer], TakenBundle>(
        `SELECT id, origin, sequence, sha256, bytes, expires_ms AS expiresMs, receipts_number AS receiptsNumber, receipts, operations
         FROM taken_bundle WHERE sha256 = ?`,
      )
      .get(sha256);
  }

  byId(id: number): TakenBundle | undefined {
    const row = this.#db.prepare<[number], { sha256: Buffer }>('SELECT sha256 FROM taken_bundle WHERE id = ?').get(id);
    return row && this.byHash(row.sha256);
  }

  /** Takes a bundle: from now on no older one of this station is taken. */
  take({ origin, sequence, expiresAt }: Manifest, sha256: Buffer, bytes: string, at: string): number {
    const insert = this.#db.prepare(
      'INSERT INTO taken_bundle (origin, sequence, sha256, bytes, expires_ms, taken_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const id = Number(insert.run(origin, sequence, sha256, bytes, Date.parse(expiresAt), at).lastInsertRowid);
    this.#db
      .prepare('UPDATE trusted_station SET last_sequence = ?, last_sha256 = ? WHERE origin = ?')
      .run(sequence, sha256, origin);
    return id;
  }

  addRow(bundle: number, row: number, outbox: number): void {
    this.#db
      .prepare(`INSERT INTO taken_row (bundle, row, outbox, result) VALUES (?, ?, ?, 'open')`)
      .run(bundle, row, outbox);
  }

  /** Whose row this is; every row of the outbox here came in a bundle. */
  rowOf(outbox: number): TakenRow | undefined {
    return this.#ofOutbox.get(outbox);
  }

  bill(bundle: number, operations: number): void {
    this.#db.prepare('UPDATE taken_bundle SET operations = operations + ? WHERE id = ?').run(operations, bundle);
  }

  done(outbox: number, receipt: string): void {
    this.#settle.run('done', receipt, outbox);
  }

  park(outbox: number, reason: ErrorData): void {
    this.#settle.run('parked', JSON.stringify(reason), outbox);
  }

  giveBack(outbox: number): void {
    this.#settle.run('returned', null, outbox);
  }

  /** Rows that will not be sent from here: they come after one of their bundle that was parked or given back. */
  stuck(): number[] {
    const rows = this.#db.prepare<[], { outbox: number }>(
      `SELECT r.outbox FROM taken_row r JOIN outbox o ON o.id = r.outbox WHERE r.result = 'open' AND o.state = 'queued' AND EXISTS (
         SELECT 1 FROM taken_row t JOIN outbox e ON e.id = t.outbox WHERE t.bundle = r.bundle AND t.result IN ('parked', 'returned')
           AND (e.id = o.after OR (e.target = o.target AND e.registration = o.registration AND e.version < o.version)))`,
    );
    return rows.all().map(({ outbox }) => outbox);
  }

  /** Rows of bundles that expired, which nobody sends any more. */
  late(now: number): number[] {
    const rows = this.#db.prepare<[number], { outbox: number }>(
      `SELECT r.outbox FROM taken_row r JOIN taken_bundle b ON b.id = r.bundle JOIN outbox o ON o.id = r.outbox
       WHERE r.result = 'open' AND b.expires_ms <= ? AND o.state = 'queued'`,
    );
    return rows.all(now).map(({ outbox }) => outbox);
  }

  /** Parked rows of an ID: they stand in the way of what the station sends for it next. */
  parkedOf(target: string, registration: number): number[] {
    const rows = this.#db.prepare<[string, number], { id: number }>(
      `SELECT id FROM outbox WHERE target = ? AND registration = ? AND state = 'parked'`,
    );
    return rows.all(target, registration).map(({ id }) => id);
  }

  results(bundle: number): RowResult[] {
    return this.#db
      .prepare<[number], ResultRow>('SELECT row, result, said FROM taken_row WHERE bundle = ? ORDER BY row')
      .all(bundle)
      .map(resultOf);
  }

  /** Receipts were made; once they speak of every row, they are kept, and the bundle's bytes with its keys go. */
  noteReceipts(bundle: number, number: number, complete: string | null): void {
    this.#db
      .prepare(
        `UPDATE taken_bundle SET receipts_number = @number, receipts = @complete,
           bytes = CASE WHEN @complete IS NULL THEN bytes ELSE NULL END WHERE id = @bundle`,
      )
      .run({ bundle, number, complete });
  }
}

function resultOf({ row, result, said }: ResultRow): RowResult {
  switch (result) {
    case 'done':
      return { row, result, receipt: said ?? '' };
    case 'parked':
      return { row, result, reason: JSON.parse(said ?? '') as Extract<RowResult, { result: 'parked' }>['reason'] };
    case 'returned':
    case 'open':
      return { row, result };
  }
}
