import type { Outcome } from '../contract/run.ts';
import { erasedMark } from './disclosure.ts';
import type { Db } from './open.ts';

/** A run that has ended, as factory systems are told of it. */
export type ResultRow = {
  /** Its place in the sequence of all ends. */
  readonly n: number;
  readonly run: number;
  readonly unit: number;
  readonly order: string;
  readonly recipe: string;
  readonly serial: string;
  readonly registrationId: string | null;
  readonly lane: number;
  readonly openedAt: string;
  readonly closedAt: string;
  readonly outcome: Outcome;
  /** The code of the error that it ended with. */
  readonly code: string | null;
};

/** A certificate that a unit has: whose, until when, and whether that still holds. */
export type Thumbprint = { readonly sha256: string; readonly notAfter: string; readonly revoked: boolean };
type ThumbprintRow = { readonly sha256: string; readonly notAfterMs: number; readonly revoked: 0 | 1 };

/** More certificates of one unit than this are not told. */
const mostThumbprints = 16;

const columns = `mes_result.n, run.id AS run, run.unit, w.name AS "order", recipe.name AS recipe,
  coalesce(s.value, '${erasedMark}') AS serial, r.value AS registrationId, run.lane,
  run.opened_at AS openedAt, run.closed_at AS closedAt, run.outcome,
  (SELECT body ->> '$.error.code' FROM journal WHERE journal.run = run.id ORDER BY journal.n DESC LIMIT 1) AS code`;
const joins = `JOIN unit ON unit.id = run.unit JOIN work_order w ON w.id = unit.work_order JOIN recipe ON recipe.hash = w.recipe
  JOIN disclosure s ON s.id = unit.serial LEFT JOIN disclosure r ON r.id = unit.registration`;
/** CROSS JOIN keeps SQLite at the sequence, whatever it believes of the sizes of the tables. */
const inSequence = `SELECT ${columns} FROM mes_result CROSS JOIN run ON run.id = mes_result.run ${joins}`;
const byUnit = `SELECT ${columns} FROM run INDEXED BY run_of_unit CROSS JOIN mes_result ON mes_result.run = run.id ${joins}`;

/** Results as factory systems read them. Reads only. */
export class MesResults {
  readonly #since;
  readonly #byNumber;
  readonly #newest;
  readonly #ofUnit;
  readonly #thumbprints;

  constructor(db: Db) {
    this.#since = db.prepare<[number, number], ResultRow>(
      `${inSequence} WHERE mes_result.n > ? ORDER BY mes_result.n LIMIT ?`,
    );
    this.#byNumber = db.prepare<[number], ResultRow>(`${inSequence} WHERE mes_result.n = ?`);
    this.#newest = db.prepare<[], number | null>('SELECT max(n) FROM mes_result').pluck();
    this.#ofUnit = db.prepare<[number, number], ResultRow>(`${byUnit} WHERE run.unit = ? ORDER BY run.id DESC LIMIT ?`);
    this.#thumbprints = db.prepare<[{ unit: number }], ThumbprintRow>(
      `SELECT lower(hex(c.fingerprint)) AS sha256, c.not_after_ms AS notAfterMs, r.certificate IS NOT NULL AS revoked
         FROM certificate c LEFT JOIN revocation r ON r.certificate = c.id
         WHERE c.unit = @unit AND c.state = 'issued' AND c.purpose = 'leaf'
       UNION ALL SELECT lower(hex(fingerprint)), not_after_ms, 0 FROM stored_certificate WHERE unit = @unit
       LIMIT ${mostThumbprints}`,
    );
  }

  /** Those after number `n`, in their sequence. */
  since(n: number, most: number): ResultRow[] {
    return this.#since.all(n, most);
  }

  byNumber(n: number): ResultRow | undefined {
    return this.#byNumber.get(n);
  }

  /** The number of the newest, 0 when there is none. */
  newest(): number {
    return this.#newest.get() ?? 0;
  }

  /** Of one unit, the newest first. */
  ofUnit(unit: number, most: number): ResultRow[] {
    return this.#ofUnit.all(unit, most);
  }

  /** The certificates of a unit as they are now: issued here, or drawn from a store. */
  thumbprints(unit: number): Thumbprint[] {
    return this.#thumbprints.all({ unit }).map(({ sha256, notAfterMs, revoked }) => ({
      sha256,
      notAfter: new Date(notAfterMs).toISOString(),
      revoked: revoked === 1,
    }));
  }
}
