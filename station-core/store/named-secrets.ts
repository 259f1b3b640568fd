import type { Db } from './open.ts';

/** Secrets that recipes name, sealed. Every writing method belongs inside a commit. */
export class NamedSecrets {
  readonly #of;
  readonly #put;
  readonly #list;

  constructor(db: Db) {
    this.#of = db.prepare<[string], { sealed: Buffer }>('SELECT sealed FROM named_secret WHERE name = ?');
    this.#put = db.prepare(
      `INSERT INTO named_secret (name, sealed, set_at) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at`,
    );
    this.#list = db.prepare<[], { name: string; setAt: string }>(
      'SELECT name, set_at AS setAt FROM named_secret ORDER BY name',
    );
  }

  /** The sealed secret, or none of that name. */
  of(name: string): Buffer | undefined {
    return this.#of.get(name)?.sealed;
  }

  /** In place of what had the name before. */
  put(name: string, sealed: Buffer, setAt: string): void {
    this.#put.run(name, sealed, setAt);
  }

  list(): readonly { readonly name: string; readonly setAt: string }[] {
    return this.#list.all();
  }
}
