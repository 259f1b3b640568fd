import { type Issuer, issuerOf, keyHash } from './ca/issuer.ts';
import { StationError } from './contract/errors.ts';
import type { Issuers as IssuerRows } from './store/issuers.ts';

/** The issuers of this station, read from their rows once. */
export class IssuerBook {
  readonly #rows: IssuerRows;
  readonly #read = new Map<number, Issuer>();

  constructor(rows: IssuerRows) {
    this.#rows = rows;
  }

  /**
   * The issuer that a recipe names and pins. Throws `ca.unknown`, `ca.not-ready` (no certificate yet, retired, destroyed),
   * `hsm.key-differs` when its key is not the pinned one.
   */
  ready({ name, publicKey }: { readonly name: string; readonly publicKey?: string }): Issuer {
    const row = this.#rows.byName(name);
    const pinned = keyHash(Buffer.from(row.publicKey, 'base64')).toString('hex');
    if (publicKey !== undefined && publicKey !== pinned)
      throw new StationError('hsm.key-differs', { label: row.label });
    if (row.state !== 'active') {
      throw new StationError('ca.not-ready', { issuer: name, reason: reasons[row.state] });
    }
    return this.byId(row.id);
  }

  byId(id: number): Issuer {
    const known = this.#read.get(id);
    if (known) return known;
    const { name, label, keyId, publicKey, chain } = this.#rows.byId(id);
    const issuer = issuerOf({ id, name, key: { label, id: keyId, publicKey }, chain });
    this.#read.set(id, issuer);
    return issuer;
  }

  /** Its row changed: it is read anew. */
  forget(id: number): void {
    this.#read.delete(id);
  }
}

const reasons = {
  waiting: 'its certificate was not imported yet',
  retired: 'it is retired and signs CRLs only',
  destroyed: 'its key was destroyed',
} as const;
