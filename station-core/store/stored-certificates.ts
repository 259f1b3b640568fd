import { createHash } from 'node:crypto';
import { packed, unpacked } from './issuers.ts';
import type { Db } from './open.ts';

/** A third-party PKI's, with its sealed key; a vendor's, whose key is in the unit; or read from a unit. */
export type StoredOrigin = 'pki' | 'vendor' | 'unit';
export type StoredState = 'free' | 'drawn' | 'spent';

export type StoredCertificate = {
  readonly id: number;
  /** The store that it was imported into; none for a unit's own. */
  readonly store: string | null;
  readonly origin: StoredOrigin;
  /** The disclosure of its CN, folded to lower case: the registration ID that it is for. */
  readonly registration: number;
  readonly leaf: Buffer;
  /** From its issuer up to the root, DER; empty for a self-signed one. */
  readonly above: readonly Buffer[];
  readonly fingerprint: Buffer;
  readonly keyHash: Buffer;
  /** When the first certificate of its path expires. */
  readonly notAfterMs: number;
  readonly sealed: Buffer | null;
  readonly state: StoredState;
  readonly unit: number | null;
};

export type NewStored = Omit<StoredCertificate, 'id' | 'state'> & { readonly addedAt: string };

type Row = Omit<StoredCertificate, 'above'> & { readonly chain: Buffer };

/** How much of a store is left. */
export type Stock = {
  readonly store: string;
  readonly origin: StoredOrigin;
  readonly free: number;
  readonly drawn: number;
  readonly spent: number;
  /** Free ones that have expired, and free ones that will before `soonMs`. */
  readonly expired: number;
  readonly expiring: number;
};

const columns = `stored_certificate.id, store, origin, registration, leaf, chain, fingerprint, key_hash AS keyHash,
  not_after_ms AS notAfterMs, sealed, state, unit`;
const from = 'FROM stored_certificate JOIN issuing_path ON issuing_path.id = stored_certificate.path';

/** Certificates that others made. Every writing method belongs inside a commit. */
export class StoredCertificates {
  readonly #db: Db;
  readonly #insert;
  readonly #path;
  readonly #findPath;
  readonly #ofRegistration;
  readonly #byFingerprint;
  readonly #ofUnit;
  readonly #draw;
  readonly #spend;
  readonly #taken;
  readonly #keyKnown;

  constructor(db: Db) {
    this.#db = db;
    this.#insert = db.prepare(
      `INSERT INTO stored_certificate
         (store, origin, registration, leaf, path, fingerprint, key_hash, not_after_ms, sealed, state, unit, added_at)
       VALUES (@store, @origin, @registration, @leaf, @path, @fingerprint, @keyHash, @notAfterMs, @sealed,
         CASE WHEN @unit IS NULL THEN 'free' ELSE 'drawn' END, @unit, @addedAt)`,
    );
    this.#path = db.prepare('INSERT INTO issuing_path (sha256, chain) VALUES (?, ?)');
    this.#findPath = db.prepare<[Buffer], { id: number }>('SELECT id FROM issuing_path WHERE sha256 = ?');
    const one = <P extends unknown[]>(where: string) => db.prepare<P, Row>(`SELECT ${columns} ${from} WHERE ${where}`);
    this.#ofRegistration = one<[string, string]>(
      `store = ? AND registration = (SELECT id FROM disclosure WHERE label = 'registrationId' AND value = ?)`,
    );
    this.#byFingerprint = one<[Buffer]>('fingerprint = ?');
    this.#ofUnit = one<[number]>('unit = ?');
    this.#draw = db.prepare(`UPDATE stored_certificate SET unit = ?, state = 'drawn' WHERE id = ? AND state = 'free'`);
    this.#spend = db.prepare(
      `UPDATE stored_certificate SET state = 'spent', sealed = NULL WHERE unit = ? AND origin = 'pki' AND state = 'drawn'`,
    );
    this.#keyKnown = db.prepare<[Buffer], { one: number }>(
      'SELECT 1 AS one FROM stored_certificate WHERE key_hash = ?',
    );
    this.#taken = db.prepare<[number], { one: number }>(
      'SELECT 1 AS one FROM stored_certificate WHERE registration = ?',
    );
  }

  /** Whether a public key (its SHA-256) is that of any of them. */
  keyKnown(keyHash: Buffer): boolean {
    return this.#keyKnown.get(keyHash) !== undefined;
  }

  insert({ above, ...row }: NewStored): number {
    return Number(this.#insert.run({ ...row, path: this.#pathOf(above) }).lastInsertRowid);
  }

  /** What a store holds for this registration ID. */
  ofRegistration(store: string, registrationId: string): StoredCertificate | undefined {
    return read(this.#ofRegistration.get(store, registrationId));
  }

  byFingerprint(fingerprint: Buffer): StoredCertificate | undefined {
    return read(this.#byFingerprint.get(fingerprint));
  }

  /** The certificate that a unit has from others. */
  ofUnit(unit: number): StoredCertificate | undefined {
    return read(this.#ofUnit.get(unit));
  }

  /** Whether there is a certificate for a registration ID already; it is a disclosure's id. */
  registrationTaken(disclosure: number): boolean {
    return this.#taken.get(disclosure) !== undefined;
  }

  /** It is this unit's from now on. Answers false when it was drawn before. */
  draw(id: number, unit: number): boolean {
    return this.#draw.run(unit, id).changes === 1;
  }

  /** The unit proved the key of its drawn certificate: it is forgotten here. */
  spend(unit: number): void {
    this.#spend.run(unit);
  }

  /** How many of an order's units, those that are not finished, have nothing in this store. */
  missing(order: number, store: string): number {
    const row = this.#db.prepare<[number, string], { n: number }>(
      `SELECT count(*) AS n FROM unit WHERE work_order = ? AND unit.state <> 'finished' AND NOT EXISTS (
         SELECT 1 FROM stored_certificate c WHERE c.registration = unit.registration AND c.store = ?)`,
    );
    return row.get(order, store)?.n ?? 0;
  }

  /** The paths above what a store holds for an order's units, each once. */
  pathsOf(order: number, store: string): (readonly Buffer[])[] {
    const rows = this.#db.prepare<[number, string], { chain: Buffer }>(
      `SELECT chain FROM issuing_path WHERE id IN (SELECT c.path FROM stored_certificate c
         JOIN unit ON unit.registration = c.registration WHERE unit.work_order = ? AND c.store = ?)`,
    );
    return rows.all(order, store).map(({ chain }) => unpacked(chain));
  }

  /** Every store and how much of it is left at a time. */
  stocks(nowMs: number, soonMs: number): Stock[] {
    const rows = this.#db.prepare<{ now: number; soon: number }, Stock>(
      `SELECT store, origin, sum(state = 'free') AS free, sum(state = 'drawn') AS drawn, sum(state = 'spent') AS spent,
         sum(state = 'free' AND not_after_ms < @now) AS expired,
         sum(state = 'free' AND not_after_ms BETWEEN @now AND @soon) AS expiring
       FROM stored_certificate WHERE store IS NOT NULL GROUP BY store, origin ORDER BY store, origin`,
    );
    return rows.all({ now: nowMs, soon: soonMs });
  }

  #pathOf(above: readonly Buffer[]): number {
    const chain = packed(above);
    const sha256 = createHash('sha256').update(chain).digest();
    return this.#findPath.get(sha256)?.id ?? Number(this.#path.run(sha256, chain).lastInsertRowid);
  }
}

function read(row: Row | undefined): StoredCertificate | undefined {
  if (!row) return undefined;
  const { chain, ...rest } = row;
  return { ...rest, above: unpacked(chain) };
}
