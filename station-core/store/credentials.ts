import type { Db } from './open.ts';

export type CredentialState = 'made' | 'released' | 'committed' | 'proven' | 'destroyed';

export type Credential = {
  readonly id: number;
  readonly unit: number;
  /** 16 bytes; what the unit knows the credential by. */
  readonly operation: Buffer;
  readonly kind: 'symmetric-key';
  readonly source: 'derived' | 'random';
  /** SHA-256 of the secret. */
  readonly fingerprint: Buffer;
  /** The secret, sealed under the HSM's sealing key; none for a derived key and after it was destroyed. */
  readonly sealed: Buffer | null;
  readonly state: CredentialState;
};

/** Rows of credentials. Every writing method belongs inside a commit. */
export class Credentials {
  readonly #ofUnit;
  readonly #byId;
  readonly #insert;
  readonly #advance;
  readonly #destroy;

  constructor(db: Db) {
    const columns = 'id, unit, operation, kind, source, fingerprint, sealed, state';
    this.#ofUnit = db.prepare<[number], Credential>(
      `SELECT ${columns} FROM credential WHERE unit = ? ORDER BY id DESC LIMIT 1`,
    );
    this.#byId = db.prepare<[number], Credential>(`SELECT ${columns} FROM credential WHERE id = ?`);
    this.#insert = db.prepare(
      `INSERT INTO credential (unit, operation, kind, source, fingerprint, sealed, state, made_at)
       VALUES (@unit, @operation, @kind, @source, @fingerprint, @sealed, @state, @madeAt)`,
    );
    this.#advance = db.prepare('UPDATE credential SET state = ? WHERE id = ?');
    this.#destroy = db.prepare(`UPDATE credential SET sealed = NULL, state = 'destroyed' WHERE id = ?`);
  }

  /** The unit's newest credential. */
  ofUnit(unit: number): Credential | undefined {
    return this.#ofUnit.get(unit);
  }

  byId(id: number): Credential | undefined {
    return this.#byId.get(id);
  }

  /** A UNIQUE constraint refuses a secret that another unit already has (F-28). */
  insert(row: Omit<Credential, 'id'> & { readonly madeAt: string }): number {
    return Number(this.#insert.run(row).lastInsertRowid);
  }

  advance(id: number, state: CredentialState): void {
    this.#advance.run(state, id);
  }

  /** Forgets the sealed secret; secure_delete overwrites its bytes in the database. */
  destroy(id: number): void {
    this.#destroy.run(id);
  }
}
