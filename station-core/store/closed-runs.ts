import type { ErrorCode } from '../contract/errors.ts';
import type { Outcome } from '../contract/run.ts';
import type { Db } from './open.ts';

/** A run that has ended, as figures need it. */
export type ClosedRun = {
  readonly id: number;
  readonly unit: number;
  readonly lane: number;
  readonly openedAt: string;
  readonly closedAt: string;
  readonly outcome: Outcome;
  /** 1 for the unit's first run. */
  readonly first: 0 | 1;
};

/** A time, from its first instant up to the last before `to`, of one order or of all. */
export type Span = { readonly from: string; readonly to: string; readonly order: number | null };

/** Runs and units by when they ended. Reads only. */
export class ClosedRuns {
  readonly #between;
  readonly #finished;
  readonly #error;

  constructor(db: Db) {
    // CROSS JOIN keeps SQLite at the index over times, whatever it believes of an order's size.
    this.#between = db.prepare<[Span & { most: number }], ClosedRun>(
      `SELECT run.id, run.unit, run.lane, run.opened_at AS openedAt, run.closed_at AS closedAt, run.outcome,
         NOT EXISTS (SELECT 1 FROM run e WHERE e.unit = run.unit AND e.id < run.id) AS first
       FROM run CROSS JOIN unit ON unit.id = run.unit
       WHERE run.closed_at >= @from AND run.closed_at < @to AND (@order IS NULL OR unit.work_order = @order)
       ORDER BY run.closed_at, run.id LIMIT @most`,
    );
    this.#finished = db
      .prepare<[Span], number>(
        `SELECT count(*) FROM unit INDEXED BY unit_finished WHERE finished_at >= @from AND finished_at < @to
           AND (@order IS NULL OR work_order = @order)`,
      )
      .pluck();
    this.#error = db
      .prepare<[number], ErrorCode | null>(
        `SELECT body ->> '$.error.code' FROM journal WHERE run = ? ORDER BY n DESC LIMIT 1`,
      )
      .pluck();
  }

  /** In the order in which they closed, at most so many. */
  between(span: Span, most: number): ClosedRun[] {
    return this.#between.all({ ...span, most });
  }

  /** How many units were finished, by a run or without one. */
  finished(span: Span): number {
    return this.#finished.get(span) ?? 0;
  }

  /** The error that a run closed with: its last event tells. */
  codeOf(run: number): ErrorCode | undefined {
    return this.#error.get(run) ?? undefined;
  }
}
