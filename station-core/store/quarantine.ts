import type { ErrorData } from '../contract/errors.ts';
import type { ParkedUnit } from '../contract/orders.ts';
import type { OrderState } from '../contract/record.ts';
import { type Disclosures, erasedMark } from './disclosure.ts';
import type { Db } from './open.ts';

/** A unit of which nobody knows whether it took its credential, and the newest run that ended so. */
export type Quarantined = {
  readonly unit: number;
  readonly serial: string;
  readonly order: string;
  readonly orderState: OrderState;
  readonly run: number;
  readonly lane: number;
  readonly at: string;
  readonly error: ErrorData | null;
  /** Its runs that have ended since the first that ended so. */
  readonly tries: number;
};
type QuarantinedRow = Omit<Quarantined, 'error'> & { readonly body: string };

type ParkedRow = Omit<ParkedUnit, 'reason' | 'serial' | 'order'> & {
  readonly serial: string | null;
  readonly order: string | null;
  readonly reason: string;
};

/** Rows of other orders are passed over, at most so many in one page. */
const mostLookedAt = 10_000;

type Asked = { readonly order: number | null; readonly after: number; readonly most: number };

/** What waits for a person: units that may not ship, and finished ones whose upload is parked. Reads only. */
export class Quarantine {
  readonly #disclosures: Disclosures;
  readonly #ofOrder;
  readonly #ofAll;
  readonly #parked;

  constructor(db: Db, disclosures: Disclosures) {
    this.#disclosures = disclosures;
    const of = (index: string, where: string) =>
      db.prepare<[Asked], QuarantinedRow>(
        `SELECT unit.id AS unit, coalesce(s.value, '${erasedMark}') AS serial, o.name AS "order", o.state AS orderState,
           run.id AS run, run.lane, run.closed_at AS at,
           (SELECT body FROM journal WHERE journal.run = run.id ORDER BY n DESC LIMIT 1) AS body,
           (SELECT count(*) FROM run t WHERE t.unit = unit.id AND t.outcome IS NOT NULL AND t.id > (
              SELECT min(id) FROM run f WHERE f.unit = unit.id AND f.outcome = 'indeterminate')) AS tries
         FROM unit INDEXED BY ${index} CROSS JOIN work_order o ON o.id = unit.work_order CROSS JOIN disclosure s ON s.id = unit.serial
           CROSS JOIN run ON run.id = (SELECT max(id) FROM run l WHERE l.unit = unit.id AND l.outcome = 'indeterminate')
         WHERE ${where} AND unit.state = 'quarantined' AND unit.id > @after ORDER BY unit.id LIMIT @most`,
      );
    this.#ofOrder = of('unit_state', 'unit.work_order = @order');
    this.#ofAll = of('unit_quarantined', '@order IS NULL');
    this.#parked = db.prepare<[{ after: number; most: number }], ParkedRow>(
      `SELECT o.id AS row, o.target, o.reason, r.value AS registrationId, s.value AS serial, work_order.name AS "order"
       FROM outbox o INDEXED BY outbox_parked CROSS JOIN disclosure r ON r.id = o.registration
         LEFT JOIN unit ON unit.registration = o.registration LEFT JOIN disclosure s ON s.id = unit.serial
         LEFT JOIN work_order ON work_order.id = unit.work_order
       WHERE o.state = 'parked' AND o.id > @after ORDER BY o.id LIMIT @most`,
    );
  }

  /** Units in quarantine after the one with this id. */
  units(asked: Asked): Quarantined[] {
    const statement = asked.order === null ? this.#ofAll : this.#ofOrder;
    return statement.all(asked).map(({ body, ...row }) => ({ ...row, error: this.#errorIn(body) }));
  }

  /** Parked uploads of units after the row with this id, and where to go on; null at the end. */
  parked(order: string | null, after: number, most: number): { rows: ParkedUnit[]; next: number | null } {
    const looked = this.#parked.all({ after, most: mostLookedAt });
    const rows: ParkedUnit[] = [];
    for (const { reason, registrationId, serial, order: name, ...row } of looked) {
      if (name === null || (order !== null && name !== order)) continue;
      if (rows.length === most) return { rows, next: rows.at(-1)?.row ?? null };
      const clear = { serial: serial ?? erasedMark, registrationId: registrationId ?? erasedMark };
      rows.push({ ...row, ...clear, order: name, reason: this.#disclosures.unveil(JSON.parse(reason)) as ErrorData });
    }
    return { rows, next: looked.length === mostLookedAt ? (looked.at(-1)?.row ?? null) : null };
  }

  #errorIn(body: string): ErrorData | null {
    const { error } = this.#disclosures.unveil(JSON.parse(body)) as { readonly error?: ErrorData };
    return error ?? null;
  }
}
