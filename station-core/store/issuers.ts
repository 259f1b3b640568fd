import { StationError } from '../contract/errors.ts';
import type { Db } from './open.ts';

export type IssuerKind = 'intermediate' | 'practice-root';
export type IssuerState = 'waiting' | 'active' | 'retired' | 'destroyed';

export type IssuerRow = {
  readonly id: number;
  readonly name: string;
  readonly kind: IssuerKind;
  readonly state: IssuerState;
  readonly label: string;
  /** CKA_ID in hex. */
  readonly keyId: string;
  /** Base64 of the DER SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly algorithm: string;
  /** The subject as people read it. */
  readonly subject: string;
  readonly csr: Buffer;
  /** From the issuer's own certificate up to the root, DER; empty while its CSR is out. */
  readonly chain: readonly Buffer[];
  /** The ceremony's record, canonical JSON, and its signature by the audit key once the witness confirmed it. */
  readonly record: string;
  readonly signature: Buffer | null;
  readonly quota: number | null;
  readonly issued: number;
  readonly crlNumber: number;
  readonly madeAt: string;
};

type Row = Omit<IssuerRow, 'chain'> & { readonly chain: Buffer | null };
type NewIssuer = Omit<IssuerRow, 'id' | 'issued' | 'crlNumber' | 'chain' | 'state' | 'signature'>;

const columns = `id, name, kind, state, label, key_id AS keyId, public_key AS publicKey, algorithm, subject, csr, chain, record,
  signature, quota, issued, crl_number AS crlNumber, made_at AS madeAt`;

/** CA keys of this station. Every writing method belongs inside a commit. */
export class Issuers {
  readonly #db: Db;
  readonly #byName;
  readonly #byId;

  constructor(db: Db) {
    this.#db = db;
    this.#byName = db.prepare<[string], Row>(`SELECT ${columns} FROM issuer WHERE name = ?`);
    this.#byId = db.prepare<[number], Row>(`SELECT ${columns} FROM issuer WHERE id = ?`);
  }

  /** Throws `ca.unknown`. */
  byName(name: string): IssuerRow {
    const row = this.#byName.get(name);
    if (!row) throw new StationError('ca.unknown', { issuer: name });
    return asIssuer(row);
  }

  has(name: string): boolean {
    return this.#byName.get(name) !== undefined;
  }

  byId(id: number): IssuerRow {
    const row = this.#byId.get(id);
    if (!row) throw new StationError('store.damaged', { what: `issuer ${id}`, reason: 'it is not there' });
    return asIssuer(row);
  }

  all(): IssuerRow[] {
    return this.#db.prepare<[], Row>(`SELECT ${columns} FROM issuer ORDER BY id`).all().map(asIssuer);
  }

  insert(row: NewIssuer): number {
    const insert = this.#db.prepare(
      `INSERT INTO issuer (name, kind, state, label, key_id, public_key, algorithm, subject, csr, record, quota, made_at)
       VALUES (@name, @kind, 'waiting', @label, @keyId, @publicKey, @algorithm, @subject, @csr, @record, @quota, @madeAt)`,
    );
    return Number(insert.run(row).lastInsertRowid);
  }

  /** The witness confirmed the ceremony: its record is signed. */
  witness(id: number, record: string, signature: Buffer): void {
    this.#db.prepare('UPDATE issuer SET record = ?, signature = ? WHERE id = ?').run(record, signature, id);
  }

  /** Its certificate and chain are here: it may sign. */
  activate(id: number, chain: readonly Buffer[]): void {
    const [certificate] = chain;
    this.#db
      .prepare(`UPDATE issuer SET state = 'active', certificate = ?, chain = ? WHERE id = ?`)
      .run(certificate, packed(chain), id);
  }

  setState(id: number, state: IssuerState): void {
    this.#db.prepare('UPDATE issuer SET state = ? WHERE id = ?').run(state, id);
  }

  setQuota(id: number, quota: number | null): void {
    this.#db.prepare('UPDATE issuer SET quota = ? WHERE id = ?').run(quota, id);
  }
}

/** Certificates one after the other, each behind its length (4 bytes, big-endian). */
export function packed(chain: readonly Buffer[]): Buffer {
  return Buffer.concat(
    chain.flatMap((der) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(der.length);
      return [length, der];
    }),
  );
}

export function unpacked(bytes: Buffer): Buffer[] {
  const chain: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    chain.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return chain;
}

const asIssuer = (row: Row): IssuerRow => ({ ...row, chain: row.chain ? unpacked(row.chain) : [] });
