import type { EkListView } from '../contract/tpm.ts';
import type { Db } from './open.ts';

export type EndorsementKey = {
  readonly id: number;
  /** SHA-256 of the TPM2B_PUBLIC. */
  readonly sha256: Buffer;
  /** TPM2B_PUBLIC with its size prefix. */
  readonly public: Buffer;
  /** DER. */
  readonly certificate: Buffer | null;
  /** The TPM maker's list that it came in, or none. */
  readonly list: string | null;
  /** Its disclosure's id. */
  readonly registration: number | null;
  readonly unit: number | null;
};

export type NewEndorsementKey = Omit<EndorsementKey, 'id'> & {
  readonly addedAt: string;
  readonly seenAt: string | null;
};

/** Rows of endorsement keys. Every writing method belongs inside a commit. */
export class Endorsements {
  readonly #bySha256;
  readonly #ofUnit;
  readonly #ofRegistration;
  readonly #insert;
  readonly #claim;
  readonly #lists;

  constructor(db: Db) {
    const columns = 'id, sha256, public, certificate, list, registration, unit';
    this.#bySha256 = db.prepare<[Buffer], EndorsementKey>(`SELECT ${columns} FROM endorsement_key WHERE sha256 = ?`);
    this.#ofUnit = db.prepare<[number], EndorsementKey>(`SELECT ${columns} FROM endorsement_key WHERE unit = ?`);
    this.#ofRegistration = db.prepare<[string], EndorsementKey>(
      `SELECT ${columns
        .split(', ')
        .map((column) => `e.${column}`)
        .join(', ')} FROM disclosure d JOIN endorsement_key e ON e.registration = d.id
       WHERE d.label = 'registrationId' AND d.value = ?`,
    );
    this.#insert = db.prepare(
      `INSERT INTO endorsement_key (sha256, public, certificate, list, registration, unit, added_at, seen_at)
       VALUES (@sha256, @public, @certificate, @list, @registration, @unit, @addedAt, @seenAt)`,
    );
    this.#claim = db.prepare(
      `UPDATE endorsement_key SET unit = @unit, registration = @registration, seen_at = @seenAt,
         certificate = coalesce(@certificate, certificate) WHERE id = @id`,
    );
    this.#lists = db.prepare<[], EkListView>(
      `SELECT list, count(*) AS keys, count(unit) AS seen FROM endorsement_key WHERE list IS NOT NULL GROUP BY list`,
    );
  }

  bySha256(sha256: Buffer): EndorsementKey | undefined {
    return this.#bySha256.get(sha256);
  }

  ofUnit(unit: number): EndorsementKey | undefined {
    return this.#ofUnit.get(unit);
  }

  /** The key that the cloud knows under this registration ID. */
  ofRegistration(registrationId: string): EndorsementKey | undefined {
    return this.#ofRegistration.get(registrationId);
  }

  insert(row: NewEndorsementKey): void {
    this.#insert.run(row);
  }

  /** A key of a list was seen in this unit, and is its for good. */
  claim(
    id: number,
    seen: {
      readonly unit: number;
      readonly registration: number | null;
      readonly certificate: Buffer | null;
      readonly seenAt: string;
    },
  ): void {
    this.#claim.run({ id, ...seen });
  }

  lists(): readonly EkListView[] {
    return this.#lists.all();
  }
}
