import type { CredentialEnd } from '../contract/after.ts';
import type { Db } from './open.ts';

export type CredentialState = 'made' | 'released' | 'committed' | 'proven' | 'destroyed';

export type CredentialKind = 'symmetric-key' | 'x509';
/**
 * Where its secret comes from: derived again when needed, random, made by the unit, made here, brought by the unit, out of an
 * imported store, or made where its CSR came from.
 */
export type CredentialSource = 'derived' | 'random' | 'unit' | 'station' | 'own' | 'stored' | 'csr';

export type Credential = {
  readonly id: number;
  readonly unit: number;
  /** 16 bytes; what the unit knows the credential by. */
  readonly operation: Buffer;
  readonly kind: CredentialKind;
  readonly source: CredentialSource;
  /** SHA-256 of the secret; for a certificate's key, of the public key. */
  readonly fingerprint: Buffer;
  /** The secret, sealed under the HSM's sealing key; none for a derived key, a unit's own, and after it was destroyed. */
  readonly sealed: Buffer | null;
  /** The newest certificate of this key. */
  readonly certificate: number | null;
  readonly state: CredentialState;
  /** How it ended; none while it is open (F-214). */
  readonly ended: CredentialEnd | null;
  /** The credential of its unit that it took the place of. */
  readonly replaces: number | null;
};

/** Another unit's key: in force, in a certificate that was or may have been signed, or in one that others made. */
export const keyTakenSql = `SELECT 1 AS one FROM credential WHERE fingerprint = @key AND unit IS NOT @unit
  UNION ALL SELECT 1 FROM certificate WHERE key_hash = @key AND state <> 'unsigned' AND unit IS NOT @unit
  UNION ALL SELECT 1 FROM stored_certificate WHERE key_hash = @key AND unit IS NOT @unit AND id IS NOT @entry LIMIT 1`;

/** Rows of credentials. Every writing method belongs inside a commit. */
export class Credentials {
  readonly #db: Db;
  readonly #ofUnit;
  readonly #byId;
  readonly #insert;
  readonly #advance;
  readonly #destroy;
  readonly #certify;
  readonly #forget;
  readonly #keyTaken;
  readonly #end;

  constructor(db: Db) {
    this.#db = db;
    const columns = 'id, unit, operation, kind, source, fingerprint, sealed, certificate, state, ended, replaces';
    this.#ofUnit = db.prepare<[number], Credential>(
      `SELECT ${columns} FROM credential WHERE unit = ? ORDER BY id DESC LIMIT 1`,
    );
    this.#byId = db.prepare<[number], Credential>(`SELECT ${columns} FROM credential WHERE id = ?`);
    this.#insert = db.prepare(
      `INSERT INTO credential (unit, operation, kind, source, fingerprint, sealed, certificate, state, made_at, replaces)
       VALUES (@unit, @operation, @kind, @source, @fingerprint, @sealed, @certificate, @state, @madeAt, @replaces)`,
    );
    this.#advance = db.prepare(`UPDATE credential SET state = ? WHERE id = ? AND state <> 'destroyed'`);
    this.#end = db.prepare('UPDATE credential SET ended = ? WHERE unit = ? AND id <> ? AND ended IS NULL');
    this.#certify = db.prepare('UPDATE credential SET certificate = ? WHERE id = ?');
    this.#forget = db.prepare('UPDATE credential SET sealed = NULL WHERE id = ?');
    this.#keyTaken = db.prepare<{ key: Buffer; unit: number | null; entry: number | null }, { one: number }>(
      keyTakenSql,
    );
    this.#destroy = db.prepare(
      `UPDATE credential SET sealed = NULL, state = 'destroyed' WHERE id = ? AND kind = 'symmetric-key'`,
    );
  }

  /** The unit's newest credential. */
  ofUnit(unit: number): Credential | undefined {
    return this.#ofUnit.get(unit);
  }

  /** Whether this operation is one of the unit's own credentials, in force or not. */
  isOfUnit(unit: number, operation: Buffer): boolean {
    return (
      this.#db.prepare('SELECT 1 FROM credential WHERE operation = ? AND unit = ?').get(operation, unit) !== undefined
    );
  }

  byId(id: number): Credential | undefined {
    return this.#byId.get(id);
  }

  /**
   * Whether a public key (its SHA-256) is already another unit's, in whatever way it came to it (F-72). `entry` is the stored
   * certificate that the unit is about to draw.
   */
  keyTaken(key: Buffer, unit: number | null, entry: number | null = null): boolean {
    return this.#keyTaken.get({ key, unit, entry }) !== undefined;
  }

  /**
   * In the place of the unit's credential before, if there is one, which ends as re-issued. A UNIQUE constraint refuses a secret that
   * another unit already has (F-28).
   */
  insert(row: Omit<Credential, 'id' | 'ended' | 'replaces'> & { readonly madeAt: string }): number {
    const replaces = this.#ofUnit.get(row.unit)?.id ?? null;
    const id = Number(this.#insert.run({ ...row, replaces }).lastInsertRowid);
    this.#end.run('re-issued', row.unit, id);
    return id;
  }

  /** The unit's open credential ends; at scrapping one that was shipped does, too. */
  end(unit: number, how: 'shipped' | 'void'): void {
    const also = how === 'void' ? `IS NULL OR ended = 'shipped'` : 'IS NULL';
    for (const table of ['credential', 'endorsement_key']) {
      this.#db.prepare(`UPDATE ${table} SET ended = ? WHERE unit = ? AND (ended ${also})`).run(how, unit);
    }
  }

  /** A secret that was destroyed stays so, whatever a run that still had it in hand says. */
  advance(id: number, state: CredentialState): void {
    this.#advance.run(state, id);
  }

  /** Names the newest certificate of this credential's key. */
  certify(id: number, certificate: number): void {
    this.#certify.run(certificate, id);
  }

  /** Forgets the sealed private key of a unit that proved it: nobody needs it any more. */
  forget(id: number): void {
    this.#forget.run(id);
  }

  /**
   * Forgets a symmetric key that its target has received; secure_delete overwrites its bytes in the database. What a
   * certificate's receipt leaves is no secret (see `forget`).
   */
  destroy(id: number): void {
    this.#destroy.run(id);
  }
}
