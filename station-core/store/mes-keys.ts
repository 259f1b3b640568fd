import type { KeyScope, MesKeyView } from '../contract/mes.ts';
import type { Db } from './open.ts';

/** A key that is in force. */
export type MesKey = {
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  /** SHA-256 of the key. */
  readonly hash: Buffer;
};

/** The most keys in force: each request is compared with all of them. */
export const mostKeys = 32;
const mostListed = 500;

type Row = Omit<MesKey, 'scopes'> & { readonly scopes: string };
type ListedRow = Omit<MesKeyView, 'scopes'> & { readonly scopes: string };
const scopesOf = (text: string) => JSON.parse(text) as KeyScope[];

/** Keys of factory systems, and the orders that came under them. Every writing method belongs inside a commit. */
export class MesKeys {
  readonly #inForce;
  readonly #insert;
  readonly #revoke;
  readonly #list;
  readonly #putOrder;
  readonly #order;

  constructor(db: Db) {
    this.#inForce = db.prepare<[], Row>(
      `SELECT id, name, scopes, hash FROM mes_key INDEXED BY mes_key_name WHERE revoked_at IS NULL LIMIT ${mostKeys}`,
    );
    this.#insert = db.prepare('INSERT INTO mes_key (name, hash, scopes, made_at) VALUES (?, ?, ?, ?)');
    this.#revoke = db.prepare('UPDATE mes_key SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL');
    this.#list = db.prepare<[], ListedRow>(
      `SELECT name, scopes, made_at AS madeAt, revoked_at AS revokedAt FROM mes_key ORDER BY id DESC LIMIT ${mostListed}`,
    );
    this.#putOrder = db.prepare('INSERT INTO mes_order (work_order, key, sha256) VALUES (?, ?, ?)');
    this.#order = db.prepare<[number], Buffer>('SELECT sha256 FROM mes_order WHERE work_order = ?').pluck();
  }

  inForce(): MesKey[] {
    return this.#inForce.all().map(({ scopes, ...row }) => ({ ...row, scopes: scopesOf(scopes) }));
  }

  add(name: string, hash: Buffer, scopes: readonly KeyScope[], madeAt: string): void {
    this.#insert.run(name, hash, JSON.stringify(scopes), madeAt);
  }

  /** Whether there was one in force of this name. */
  revoke(name: string, at: string): boolean {
    return this.#revoke.run(at, name).changes > 0;
  }

  /** The newest first, also those that were revoked. */
  list(): MesKeyView[] {
    return this.#list.all().map(({ scopes, ...row }) => ({ ...row, scopes: scopesOf(scopes) }));
  }

  /** An order came from a factory system, by a request with this SHA-256. */
  noteOrder(order: number, key: number, sha256: Buffer): void {
    this.#putOrder.run(order, key, sha256);
  }

  /** The SHA-256 of the request that an order came from; none when a person made it. */
  requestOf(order: number): Buffer | undefined {
    return this.#order.get(order);
  }
}
