import type { Db } from '../store/open.ts';

/**
 * Something that does not fit. `open`: a start of the station closes it, as after a power cut. `damage`: the records
 * contradict each other, which no fault of power or process explains.
 */
export type Finding = {
  readonly check: string;
  readonly kind: 'open' | 'damage';
  /** What it is about, without any clear personal value: `run 7`, `credential 3`. */
  readonly what: string;
  /** What was found and what was expected, for a person. */
  readonly says: string;
};

/** What a check works with: one consistent view of the database, and whether a station runs on it right now. */
export type Ground = {
  readonly db: Db;
  /** A station holds the folder: what goes on right now is no finding. */
  readonly owned: boolean;
  report(kind: Finding['kind'], what: string, says: string): void;
};

/** One question to the records. One file each, one line in registry.ts. */
export interface Check {
  readonly about: string;
  run(ground: Ground): void | Promise<void>;
}

/** Reports every row that a query finds; the query names it by `what` and explains it by `says`. */
export function reportRows(ground: Ground, kind: Finding['kind'], sql: string): void {
  const rows = ground.db.prepare<[], { what: string; says: string }>(sql);
  for (const { what, says } of rows.all()) ground.report(kind, what, says);
}
