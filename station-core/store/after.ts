import type { Standing } from '../contract/after.ts';
import type { Db } from './open.ts';
import type { UnitState } from './units.ts';

/** A lead's word that lets a unit go on: out of quarantine, or through the line once more. */
export type PassKind = 'release' | 'rework' | 'replace';

/** What became of units after their verdicts. Every writing method belongs inside a commit. */
export class After {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  ship(unit: number, at: string): void {
    this.#db.prepare('INSERT INTO shipped (unit, at) VALUES (?, ?)').run(unit, at);
  }

  /** When a unit left, or nothing. */
  shippedAt(unit: number): string | undefined {
    return this.#db.prepare<[number], string>('SELECT at FROM shipped WHERE unit = ?').pluck().get(unit);
  }

  /**
   * The unit waits for its next run; one that was finished counts among its order's finished units no more. `replaces` is the
   * credential that gives way. A unit without a run has nothing to be let past.
   */
  pass(unit: number, kind: PassKind, at: string, replaces: number | null = null): void {
    this.#db
      .prepare(
        `INSERT INTO unit_pass (unit, kind, run, replaces, at)
         SELECT @unit, @kind, max(id), @replaces, @at FROM run WHERE unit = @unit`,
      )
      .run({ unit, kind, replaces, at });
    this.#db
      .prepare(
        `UPDATE work_order SET finished = finished - 1
         WHERE id = (SELECT work_order FROM unit WHERE id = ? AND state = 'finished')`,
      )
      .run(unit);
    this.#db.prepare(`UPDATE unit SET state = 'waiting', finished_at = NULL WHERE id = ?`).run(unit);
  }

  /** Whether a lead ever let this unit go on. */
  wasLetOn(unit: number): boolean {
    return this.#db.prepare('SELECT 1 FROM unit_pass WHERE unit = ? LIMIT 1').get(unit) !== undefined;
  }

  /** Whether two people let another credential take the place of this one. */
  isReplaced(credential: number): boolean {
    return this.#db.prepare('SELECT 1 FROM unit_pass WHERE replaces = ?').get(credential) !== undefined;
  }

  /** Whether two people ever let this unit have another credential. */
  hasReplaced(unit: number): boolean {
    const row = this.#db.prepare(`SELECT 1 FROM unit_pass WHERE unit = ? AND kind = 'replace' LIMIT 1`);
    return row.get(unit) !== undefined;
  }

  /** Where a unit stands, and since when it is finished, shipped or scrapped. */
  standing(unit: { readonly id: number; readonly state: UnitState; readonly finishedAt: string | null }): {
    readonly standing: Standing;
    readonly at?: string;
  } {
    const scrapped = this.#db.prepare<[number], string>('SELECT at FROM scrapped WHERE unit = ?').pluck().get(unit.id);
    if (scrapped !== undefined) return { standing: 'scrapped', at: scrapped };
    const shipped = this.shippedAt(unit.id);
    if (shipped !== undefined) return { standing: 'shipped', at: shipped };
    return { standing: unit.state, ...(unit.finishedAt === null ? {} : { at: unit.finishedAt }) };
  }
}
