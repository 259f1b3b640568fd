import type { ListedUnit } from '../contract/orders.ts';
import type { Outcome } from '../contract/run.ts';
import { erasedMark } from './disclosure.ts';
import type { Db } from './open.ts';
import type { UnitState } from './units.ts';

type Row = Omit<ListedUnit, 'last'> & {
  readonly run: number | null;
  readonly lane: number;
  readonly at: string;
  readonly outcome: Outcome | null;
};

/** Serials of other orders that begin alike may stand in between: beyond so many a person has to type more of it. */
const mostLookedAt = 20_000;
const lastCharacter = '\u{10ffff}';

const columns = `unit.id AS unit, coalesce(s.value, '${erasedMark}') AS serial, r.value AS registrationId, unit.state,
  unit.finished_at AS finishedAt, scrapped.at AS scrappedAt,
  run.id AS run, run.lane, coalesce(run.closed_at, run.opened_at) AS at, run.outcome`;
const joins = `disclosure s ON s.id = unit.serial LEFT JOIN disclosure r ON r.id = unit.registration
  LEFT JOIN scrapped ON scrapped.unit = unit.id
  LEFT JOIN run ON run.id = (SELECT max(id) FROM run WHERE run.unit = unit.id)`;

const ends = (['waiting', 'finished', 'quarantined'] as const).flatMap((state) =>
  ['min', 'max'].map((end) => `SELECT ${end}(id) AS id FROM unit WHERE work_order = @order AND state = '${state}'`),
);

type Ends = { readonly first: number | null; readonly last: number | null };

/** The units of an order, a page at a time, each with its newest run. Reads only. */
export class UnitList {
  readonly #ends;
  readonly #all;
  readonly #inState;
  readonly #find;
  readonly #beyond;

  constructor(db: Db) {
    this.#ends = db.prepare<[{ order: number }], Ends>(
      `SELECT min(id) AS first, max(id) AS last FROM (${ends.join(' UNION ALL ')})`,
    );
    // Units of an order are written in one go, so their ids lie together: between its ends nearly every row is one of its own.
    this.#all = db.prepare<[{ order: number; after: number; last: number; most: number }], Row>(
      `SELECT ${columns} FROM unit NOT INDEXED CROSS JOIN ${joins}
       WHERE unit.id > @after AND unit.id <= @last AND unit.work_order = @order ORDER BY unit.id LIMIT @most`,
    );
    this.#inState = db.prepare<[{ order: number; state: UnitState; after: number; most: number }], Row>(
      `SELECT ${columns} FROM unit INDEXED BY unit_state CROSS JOIN ${joins}
       WHERE unit.work_order = @order AND unit.state = @state AND unit.id > @after ORDER BY unit.id LIMIT @most`,
    );
    const begins = `FROM disclosure WHERE label = 'serial' AND value >= @from AND value < @to ORDER BY value`;
    this.#find = db.prepare<[{ order: number; from: string; to: string; most: number }], Row>(
      `SELECT ${columns} FROM (SELECT id, value ${begins} LIMIT ${mostLookedAt}) d
         CROSS JOIN unit ON unit.serial = d.id AND unit.work_order = @order CROSS JOIN ${joins} ORDER BY d.value LIMIT @most`,
    );
    this.#beyond = db.prepare<[{ from: string; to: string }]>(`SELECT 1 ${begins} LIMIT 1 OFFSET ${mostLookedAt}`);
  }

  /** Units after the one with this id, in the order's sequence. */
  page(order: number, state: UnitState | undefined, after: number, most: number): ListedUnit[] {
    if (state !== undefined) return this.#inState.all({ order, state, after, most }).map(listed);
    const { first, last } = this.#ends.get({ order }) ?? {};
    if (first == null || last == null) return [];
    return this.#all.all({ order, after: Math.max(after, first - 1), last, most }).map(listed);
  }

  /** Units whose serial begins so, by serial; `more` where there may be others than these. */
  find(order: number, prefix: string, most: number): { readonly rows: readonly ListedUnit[]; readonly more: boolean } {
    const range = { from: prefix, to: prefix + lastCharacter };
    const rows = this.#find.all({ order, ...range, most: most + 1 }).map(listed);
    return { rows: rows.slice(0, most), more: rows.length > most || this.#beyond.get(range) !== undefined };
  }
}

function listed({ run, lane, at, outcome, ...unit }: Row): ListedUnit {
  return { ...unit, last: run === null ? null : { run, lane, at, outcome } };
}
