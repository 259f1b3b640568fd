import type Database from 'better-sqlite3';
import type { LogKey } from './note.ts';

/** Why a head was signed. */
export const headReasons = [
  'start',
  'entries',
  'time',
  'shift',
  'export',
  'stop',
  'rotation',
  'reconciled',
  'asked',
] as const;
export type HeadReason = (typeof headReasons)[number];

/** A signed tree head. `key` counts the keys of the log. */
export type Head = {
  readonly n: number;
  readonly size: number;
  readonly root: Buffer;
  readonly key: number;
  readonly why: HeadReason;
  /** The whole signed checkpoint. */
  readonly note: string;
};

/** A head whose row is durable and whose signature is not. */
export type IntendedHead = Omit<Head, 'note'>;

/** A key of the log as its row has it: how the HSM names the halves, and their public parts in base64. */
export type KeyRow = {
  readonly n: number;
  readonly origin: string;
  readonly label: string;
  readonly id: string;
  readonly publicKey: string;
  readonly edLabel: string | null;
  readonly edId: string | null;
  readonly edPublicKey: string | null;
  /** The entry that names it; null until one does. */
  readonly since: number | null;
};

const keyColumns = `n, origin, label, id, public_key AS publicKey, ed_label AS edLabel, ed_id AS edId,
  ed_public_key AS edPublicKey, since`;
const headColumns = 'n, size, root, key, why, note';

/** The heads of the log and the keys that sign them. Every writing method belongs inside a commit. */
export class Heads {
  readonly #db: Database.Database;
  readonly #newest;
  readonly #intended;
  readonly #sign;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#newest = db.prepare<[], Head>(
      `SELECT ${headColumns} FROM audit_head WHERE note IS NOT NULL ORDER BY n DESC LIMIT 1`,
    );
    this.#intended = db.prepare<[], IntendedHead>(
      'SELECT n, size, root, key, why FROM audit_head WHERE note IS NULL ORDER BY n LIMIT 1',
    );
    this.#sign = db.prepare('UPDATE audit_head SET note = ? WHERE n = ? AND note IS NULL');
  }

  /** The newest signed head, or none. */
  newest(): Head | undefined {
    return this.#newest.get();
  }

  /** The head that was about to be signed, or none: there is one at most. */
  intended(): IntendedHead | undefined {
    return this.#intended.get();
  }

  /** Signed heads from number `from` on, in their order. */
  from(from: number, most: number): Head[] {
    return this.#db
      .prepare<[number, number], Head>(
        `SELECT ${headColumns} FROM audit_head WHERE n >= ? AND note IS NOT NULL ORDER BY n LIMIT ?`,
      )
      .all(from, most);
  }

  /** Writes down what is to be signed; answers the row. */
  intend(head: Omit<IntendedHead, 'n'>): IntendedHead {
    const insert = this.#db.prepare('INSERT INTO audit_head (size, root, key, why) VALUES (@size, @root, @key, @why)');
    return { ...head, n: Number(insert.run(head).lastInsertRowid) };
  }

  /** Forgets a head that was never signed, and cannot be any more: its key is lost. */
  abandon(): void {
    this.#db.exec('DELETE FROM audit_head WHERE note IS NULL');
  }

  signed(n: number, note: string): void {
    this.#sign.run(note, n);
  }

  /** Every key, in the order of their use. */
  keys(): KeyRow[] {
    return this.#db.prepare<[], KeyRow>(`SELECT ${keyColumns} FROM audit_key ORDER BY n`).all();
  }

  /** The newest key, or none before the first was made. */
  newestKey(): KeyRow | undefined {
    return this.#db.prepare<[], KeyRow>(`SELECT ${keyColumns} FROM audit_key ORDER BY n DESC LIMIT 1`).get();
  }

  addKey(row: KeyRow): void {
    this.#db
      .prepare(
        `INSERT INTO audit_key (n, origin, label, id, public_key, ed_label, ed_id, ed_public_key, since)
         VALUES (@n, @origin, @label, @id, @publicKey, @edLabel, @edId, @edPublicKey, @since)`,
      )
      .run(row);
  }

  /** The entry that names a key which was made before entries did. */
  named(n: number, since: number): void {
    this.#db.prepare('UPDATE audit_key SET since = ? WHERE n = ? AND since IS NULL').run(since, n);
  }
}

/** The public halves of a key. */
export function logKeyOf({ origin, publicKey, edPublicKey }: KeyRow): LogKey {
  return {
    origin,
    p256: Buffer.from(publicKey, 'base64'),
    ed25519: edPublicKey === null ? undefined : Buffer.from(edPublicKey, 'base64'),
  };
}
