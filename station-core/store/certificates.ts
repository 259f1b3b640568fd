import { StationError } from '../contract/errors.ts';
import { keyTakenSql } from './credentials.ts';
import type { Db } from './open.ts';

export type CertificatePurpose = 'leaf' | 'module' | 'verification' | 'root' | 'intermediate';
export type CertificateState = 'intended' | 'unsigned' | 'possible' | 'issued';

export type CertificateRow = {
  readonly id: number;
  readonly issuer: number;
  readonly serial: Buffer;
  readonly purpose: CertificatePurpose;
  readonly unit: number | null;
  /** The disclosure of its registration ID, for leaves. */
  readonly registration: number | null;
  /** SHA-256 of the public key (DER). */
  readonly keyHash: Buffer;
  readonly tbs: Buffer;
  readonly csr: Buffer | null;
  readonly notAfterMs: number;
  readonly state: CertificateState;
  readonly der: Buffer | null;
  readonly fingerprint: Buffer | null;
  readonly intendedAt: string;
};

export type Crl = {
  readonly number: number;
  readonly der: Buffer;
  readonly thisUpdate: string;
  readonly nextUpdate: string;
};

export type NewCertificate = Omit<CertificateRow, 'id' | 'state' | 'der' | 'fingerprint'>;

const columns = `id, issuer, serial, purpose, unit, registration, key_hash AS keyHash, tbs, csr, not_after_ms AS notAfterMs,
  state, der, fingerprint, intended_at AS intendedAt`;

/** Every certificate that was ever to be signed. Every writing method belongs inside a commit. */
export class Certificates {
  readonly #db: Db;
  readonly #insert;
  readonly #settle;
  readonly #byId;
  readonly #serial;
  readonly #otherUnit;
  readonly #finished;
  readonly #newest;
  readonly #count;

  constructor(db: Db) {
    this.#db = db;
    this.#insert = db.prepare(
      `INSERT INTO certificate (issuer, serial, purpose, unit, registration, key_hash, tbs, csr, not_after_ms, state, intended_at)
       VALUES (@issuer, @serial, @purpose, @unit, @registration, @keyHash, @tbs, @csr, @notAfterMs, 'intended', @intendedAt)`,
    );
    this.#settle = db.prepare(
      `UPDATE certificate SET state = @state, der = @der, fingerprint = @fingerprint WHERE id = @id AND state = 'intended'`,
    );
    this.#byId = db.prepare<[number], CertificateRow>(`SELECT ${columns} FROM certificate WHERE id = ?`);
    this.#serial = db.prepare<[Buffer], { one: number }>('SELECT 1 AS one FROM certificate WHERE serial = ?');
    this.#otherUnit = db.prepare<{ key: Buffer; unit: number | null; entry: null }, { one: number }>(keyTakenSql);
    this.#finished = db.prepare<[number], { one: number }>(
      `SELECT 1 AS one FROM unit WHERE id = ? AND state = 'finished'`,
    );
    // No ORDER BY: it makes SQLite ten times slower here, and a unit has a certificate or two.
    this.#newest = db.prepare<[number, Buffer], CertificateRow>(
      `SELECT ${columns} FROM certificate WHERE unit = ? AND key_hash = ? AND state = 'issued'
         AND NOT EXISTS (SELECT 1 FROM revocation r WHERE r.certificate = certificate.id)`,
    );
    this.#count = db.prepare(
      'UPDATE issuer SET issued = issued + 1 WHERE id = ? AND (quota IS NULL OR issued < quota)',
    );
  }

  /**
   * Writes the intent: serial number and exact TBS, before anything is signed. Throws `ca.serial-taken`, `ca.key-taken`
   * (F-72: one key, one unit), `ca.quota`, in which case nothing was written: a batch goes on with the next one.
   */
  intend(row: NewCertificate): number {
    if (this.#serial.get(row.serial)) throw new StationError('ca.serial-taken');
    if (this.#otherUnit.get({ key: row.keyHash, unit: row.unit, entry: null })) throw new StationError('ca.key-taken');
    if (row.purpose === 'leaf' || row.purpose === 'module') this.#countIn(row.issuer);
    return Number(this.#insert.run(row).lastInsertRowid);
  }

  /** Whether a unit has all that it is to get. A batch asks it for each intent, and needs nothing else of the unit. */
  isFinished(unit: number): boolean {
    return this.#finished.get(unit) !== undefined;
  }

  /** The outcome of an intent; each has one. */
  issued(id: number, der: Buffer, fingerprint: Buffer): void {
    this.#change(id, 'issued', der, fingerprint);
  }

  unsigned(id: number): void {
    this.#change(id, 'unsigned', null, null);
  }

  possible(id: number): void {
    this.#change(id, 'possible', null, null);
  }

  byId(id: number): CertificateRow | undefined {
    return this.#byId.get(id);
  }

  /** The unit's newest certificate of this key that was issued and not revoked. */
  ofUnit(unit: number, keyHash: Buffer): CertificateRow | undefined {
    return this.#newest.all(unit, keyHash).reduce(newer, undefined);
  }

  /** Every certificate of a unit that was or may have been signed, and not revoked: the newest first. */
  liveOf(unit: number): CertificateRow[] {
    const rows = this.#db.prepare<[number], CertificateRow>(
      `SELECT ${columns} FROM certificate WHERE unit = ? AND state IN ('issued', 'possible')
         AND NOT EXISTS (SELECT 1 FROM revocation r WHERE r.certificate = certificate.id) ORDER BY id DESC`,
    );
    return rows.all(unit);
  }

  /** Every leaf that a unit was given, revoked or not: the newest first. */
  leavesOf(unit: number): Buffer[] {
    const rows = this.#db.prepare<[number], { der: Buffer }>(
      `SELECT der FROM certificate WHERE unit = ? AND purpose = 'leaf' AND der IS NOT NULL ORDER BY id DESC`,
    );
    return rows.all(unit).map(({ der }) => der);
  }

  revoke(id: number, reason: string, at: string): void {
    this.#db.prepare('INSERT INTO revocation (certificate, reason, at) VALUES (?, ?, ?)').run(id, reason, at);
  }

  /** What an issuer revoked, for its CRL. Expired certificates are not listed any more (RFC 5280 section 3.3). */
  revokedBy(issuer: number, now: number): { serial: Buffer; reason: string; at: string }[] {
    const rows = this.#db.prepare<[number, number], { serial: Buffer; reason: string; at: string }>(
      `SELECT c.serial, r.reason, r.at FROM revocation r JOIN certificate c ON c.id = r.certificate
       WHERE c.issuer = ? AND c.not_after_ms >= ? ORDER BY r.at, c.id`,
    );
    return rows.all(issuer, now);
  }

  /** Takes the issuer's next CRL number: a number that was taken and not signed is a gap, never used again. */
  nextCrlNumber(issuer: number): number {
    const taken = this.#db.prepare<[number], { number: number }>(
      'UPDATE issuer SET crl_number = crl_number + 1 WHERE id = ? RETURNING crl_number AS number',
    );
    return taken.get(issuer)?.number ?? 0;
  }

  /** Keeps a CRL under the number that was taken for it. */
  putCrl(issuer: number, number: number, der: Buffer, thisUpdate: string, nextUpdate: string): void {
    this.#db
      .prepare('INSERT INTO crl (issuer, number, der, this_update, next_update) VALUES (?, ?, ?, ?, ?)')
      .run(issuer, number, der, thisUpdate, nextUpdate);
  }

  /** Whether a certificate of this unit is being signed right now: start-up leaves no intent without an outcome. */
  underWay(unit: number): boolean {
    const row = this.#db.prepare<[number]>(`SELECT 1 FROM certificate WHERE unit = ? AND state = 'intended' LIMIT 1`);
    return row.get(unit) !== undefined;
  }

  /** The newest CRL of an issuer, or none. */
  lastCrl(issuer: number): Crl | undefined {
    const rows = this.#db.prepare<[number], Crl>(
      `SELECT number, der, this_update AS thisUpdate, next_update AS nextUpdate FROM crl
       WHERE issuer = ? ORDER BY number DESC LIMIT 1`,
    );
    return rows.get(issuer);
  }

  /** Intents without a result: those of a process that died. */
  intents(): number[] {
    const rows = this.#db.prepare<[], { id: number }>(
      `SELECT id FROM certificate WHERE state = 'intended' ORDER BY id`,
    );
    return rows.all().map(({ id }) => id);
  }

  #countIn(issuer: number): void {
    if (this.#count.run(issuer).changes === 1) return;
    const row = this.#db.prepare<[number], { name: string; quota: number }>(
      'SELECT name, quota FROM issuer WHERE id = ?',
    );
    const { name = '?', quota = 0 } = row.get(issuer) ?? {};
    throw new StationError('ca.quota', { what: `the intermediate CA ${name}`, quota });
  }

  #change(id: number, state: CertificateState, der: Buffer | null, fingerprint: Buffer | null): void {
    if (this.#settle.run({ id, state, der, fingerprint }).changes === 1) return;
    throw new StationError('store.damaged', { what: `certificate ${id}`, reason: 'it has its outcome already' });
  }
}

const newer = (one: CertificateRow | undefined, other: CertificateRow): CertificateRow =>
  one && one.id > other.id ? one : other;
