import type { Outcome } from '../contract/run.ts';
import type { Db } from './open.ts';

/** A run that has no outcome: it goes on right now, or the station died under it. */
export type OpenRun = { readonly id: number; readonly unit: number; readonly lane: number };

/** Rows of runs, for looking up; the journal is the record. Every writing method belongs inside a commit. */
export class Runs {
  readonly #insert;
  readonly #close;
  readonly #open;
  readonly #openOf;
  readonly #lastOfLane;
  readonly #laneOf;

  constructor(db: Db) {
    this.#insert = db.prepare('INSERT INTO run (unit, lane, opened_at) VALUES (?, ?, ?)');
    this.#close = db.prepare('UPDATE run SET outcome = ?, closed_at = ? WHERE id = ?');
    this.#open = db.prepare<[], OpenRun>('SELECT id, unit, lane FROM run WHERE outcome IS NULL');
    this.#openOf = db.prepare<[number], OpenRun>('SELECT id, unit, lane FROM run WHERE unit = ? AND outcome IS NULL');
    this.#lastOfLane = db.prepare<[number], { id: number }>(
      'SELECT id FROM run WHERE lane = ? ORDER BY id DESC LIMIT 1',
    );
    this.#laneOf = db.prepare<[number], { lane: number }>(
      'SELECT lane FROM run WHERE unit = ? ORDER BY id DESC LIMIT 1',
    );
  }

  open(unit: number, lane: number, at: string): number {
    return Number(this.#insert.run(unit, lane, at).lastInsertRowid);
  }

  close(run: number, outcome: Outcome, at: string): void {
    this.#close.run(outcome, at, run);
  }

  withoutOutcome(): OpenRun[] {
    return this.#open.all();
  }

  /** The run that goes on for this unit, or none; there is at most one. */
  openOf(unit: number): OpenRun | undefined {
    return this.#openOf.get(unit);
  }

  lastOfLane(lane: number): number | undefined {
    return this.#lastOfLane.get(lane)?.id;
  }

  /** Where the unit was made last; none for one that was finished without a run. */
  laneOf(unit: number): number | undefined {
    return this.#laneOf.get(unit)?.lane;
  }
}
