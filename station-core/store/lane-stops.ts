import type { ErrorData } from '../contract/errors.ts';
import type { Disclosures } from './disclosure.ts';
import type { Db } from './open.ts';

/** Lanes that are stopped, and why. Every writing method belongs inside a commit. */
export class LaneStops {
  readonly #disclosures: Disclosures;
  readonly #of;
  readonly #put;
  readonly #remove;

  constructor(db: Db, disclosures: Disclosures) {
    this.#disclosures = disclosures;
    this.#of = db.prepare<[number], { error: string }>('SELECT error FROM lane_stop WHERE lane = ?');
    this.#put = db.prepare(
      `INSERT INTO lane_stop (lane, error, at) VALUES (?, ?, ?)
       ON CONFLICT (lane) DO UPDATE SET error = excluded.error, at = excluded.at`,
    );
    this.#remove = db.prepare('DELETE FROM lane_stop WHERE lane = ?');
  }

  /** Why the lane is stopped, or nothing. */
  of(lane: number): ErrorData | undefined {
    const row = this.#of.get(lane);
    return row && (this.#disclosures.unveil(JSON.parse(row.error)) as ErrorData);
  }

  stop(lane: number, error: ErrorData, at: string): void {
    this.#put.run(lane, JSON.stringify(this.#disclosures.veil(error)), at);
  }

  release(lane: number): void {
    this.#remove.run(lane);
  }
}
