import type { OpenUnit } from '../contract/after.ts';
import { erasedMark } from './disclosure.ts';
import type { Db } from './open.ts';

type Asked = { readonly after: number; readonly most: number };

/** Units with a credential, or a TPM's endorsement key, that came to no end yet. Reads only. */
export class OpenUnits {
  readonly #page;

  constructor(db: Db) {
    const ofTable = (table: 'credential' | 'endorsement_key', since: string) =>
      `SELECT * FROM (SELECT unit, ${since} AS since FROM ${table} INDEXED BY ${table}_open
         WHERE ended IS NULL AND unit IS NOT NULL AND unit > @after ORDER BY unit LIMIT @most)`;
    this.#page = db.prepare<[Asked], OpenUnit>(
      `SELECT unit.id AS unit, coalesce(s.value, '${erasedMark}') AS serial, o.name AS "order", min(since) AS since,
         CASE WHEN EXISTS (SELECT 1 FROM scrapped WHERE scrapped.unit = unit.id) THEN 'scrapped' ELSE unit.state END AS standing
       FROM (${ofTable('credential', 'made_at')} UNION ALL ${ofTable('endorsement_key', 'seen_at')}) e
         JOIN unit ON unit.id = e.unit JOIN work_order o ON o.id = unit.work_order JOIN disclosure s ON s.id = unit.serial
       GROUP BY unit.id ORDER BY unit.id LIMIT @most`,
    );
  }

  /** Units after the one with this id. */
  page(asked: Asked): OpenUnit[] {
    return this.#page.all(asked);
  }
}
