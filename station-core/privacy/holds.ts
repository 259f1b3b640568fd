import { StationError } from '../contract/errors.ts';
import type { HoldScope, HoldView } from '../contract/privacy.ts';
import type { Db } from '../store/open.ts';
import type { Subject } from './subject.ts';

type Row = Omit<HoldView, 'name' | 'releasedAt'> & { readonly name: string | null; readonly releasedAt: string | null };

/** What keeps records whatever period ends. Every writing method belongs inside a commit. */
export class LegalHolds {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  place(hold: {
    readonly scope: HoldScope;
    readonly subject: number | null;
    readonly order: number | null;
    readonly reason: string;
    readonly at: string;
  }): number {
    const insert = this.#db.prepare(
      `INSERT INTO legal_hold (scope, subject, work_order, reason, placed_at) VALUES (@scope, @subject, @order, @reason, @at)`,
    );
    return Number(insert.run(hold).lastInsertRowid);
  }

  /** Throws `privacy.no-hold`. */
  release(id: number, at: string): void {
    const { changes } = this.#db
      .prepare('UPDATE legal_hold SET released_at = ? WHERE id = ? AND released_at IS NULL')
      .run(at, id);
    if (changes === 0) throw new StationError('privacy.no-hold', { hold: id });
  }

  /** Every hold there ever was, the newest first. */
  all(): HoldView[] {
    const rows = this.#db.prepare<[], Row>(
      `SELECT h.id, h.scope, coalesce(d.value, o.name) AS name, h.reason, h.placed_at AS placedAt, h.released_at AS releasedAt
       FROM legal_hold h LEFT JOIN disclosure d ON d.id = h.subject LEFT JOIN work_order o ON o.id = h.work_order
       ORDER BY h.id DESC LIMIT 10000`,
    );
    return rows.all().map(({ name, releasedAt, ...hold }) => ({
      ...hold,
      ...(name === null ? {} : { name }),
      ...(releasedAt === null ? {} : { releasedAt }),
    }));
  }

  /** Throws `privacy.held` when a hold is in force over the subject: its own, its order's, or one over everything. */
  require({ values, units }: Subject): void {
    const held = this.#db
      .prepare<{ values: string; units: string }, number>(
        `SELECT id FROM legal_hold WHERE released_at IS NULL AND (scope = 'all'
           OR subject IN (SELECT value FROM json_each(@values))
           OR work_order IN (SELECT work_order FROM unit WHERE id IN (SELECT value FROM json_each(@units)))) LIMIT 1`,
      )
      .pluck()
      .get({ values: JSON.stringify(values.map(({ id }) => id)), units: JSON.stringify(units) });
    if (held !== undefined) throw new StationError('privacy.held', { hold: held });
  }
}
