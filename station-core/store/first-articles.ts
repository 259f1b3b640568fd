import type { FirstArticle } from '../contract/after.ts';
import { erasedMark } from './disclosure.ts';
import type { Db } from './open.ts';

type Row = FirstArticle & { readonly unit: number; readonly stands: 0 | 1 };

/** First units of recipes that want them looked at. Every writing method belongs inside a commit. */
export class FirstArticles {
  readonly #db: Db;
  readonly #of;

  constructor(db: Db) {
    this.#db = db;
    this.#of = db.prepare<[Buffer], Row>(
      `SELECT f.unit, coalesce(s.value, '${erasedMark}') AS serial, o.name AS "order", passed_at AS passedAt, approved_at AS approvedAt,
         unit.state = 'finished' AND NOT EXISTS (SELECT 1 FROM scrapped WHERE scrapped.unit = unit.id) AS stands
       FROM first_article f JOIN unit ON unit.id = f.unit JOIN work_order o ON o.id = unit.work_order
         JOIN disclosure s ON s.id = unit.serial WHERE f.recipe = ?`,
    );
  }

  /**
   * The first unit of the recipe with this SHA-256 in hex. One that was scrapped or goes through the line once more before it was
   * approved is none: the next one that passes is.
   */
  of(recipe: string): (FirstArticle & { readonly unit: number }) | undefined {
    const found = this.#of.get(Buffer.from(recipe, 'hex'));
    if (!found) return undefined;
    const { stands, ...first } = found;
    return stands === 1 || first.approvedAt !== null ? first : undefined;
  }

  /** A unit passed: it is the first one, where there is none. */
  passed(recipe: string, unit: number, at: string): void {
    if (this.of(recipe)) return;
    this.#db
      .prepare(
        `INSERT INTO first_article (recipe, unit, passed_at) VALUES (@recipe, @unit, @at)
         ON CONFLICT DO UPDATE SET unit = excluded.unit, passed_at = excluded.passed_at`,
      )
      .run({ recipe: Buffer.from(recipe, 'hex'), unit, at });
  }

  approve(recipe: string, at: string): void {
    this.#db.prepare('UPDATE first_article SET approved_at = ? WHERE recipe = ?').run(at, Buffer.from(recipe, 'hex'));
  }
}
