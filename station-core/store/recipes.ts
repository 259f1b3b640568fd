import type { Recipe } from '../contract/recipe.ts';
import type { RecipeRow, RecipeView } from '../contract/recipes.ts';
import type { Db } from './open.ts';

type Row = Omit<RecipeRow, 'hash'> & { readonly hash: Buffer };

/** More orders than this are not counted one by one for a list. */
const mostOrders = 1_000;
const mostRecipes = 500;

const columns = `recipe.hash, name, version, approved_at AS approvedAt,
  (SELECT count(*) FROM (SELECT 1 FROM work_order WHERE work_order.recipe = recipe.hash LIMIT ${mostOrders})) AS orders`;

/** Recipes as people read them. They are written with orders and approvals (units.ts). */
export class Recipes {
  readonly #newest;
  readonly #byHash;
  readonly #byVersion;

  constructor(db: Db) {
    this.#newest = db.prepare<[], Row>(`SELECT ${columns} FROM recipe ORDER BY recipe.rowid DESC LIMIT ${mostRecipes}`);
    this.#byHash = db.prepare<[Buffer], Row & { readonly bytes: string }>(
      `SELECT ${columns}, bytes FROM recipe WHERE recipe.hash = ?`,
    );
    this.#byVersion = db
      .prepare<[string, number], Buffer>('SELECT hash FROM recipe WHERE name = ? AND version = ? LIMIT 1')
      .pluck();
  }

  /** The newest first. */
  newest(): RecipeRow[] {
    return this.#newest.all().map(asRow);
  }

  /** The recipe with this SHA-256 in hex, or none. */
  byHash(hash: string): RecipeView | undefined {
    const found = this.#byHash.get(Buffer.from(hash, 'hex'));
    if (!found) return undefined;
    const { bytes, ...row } = found;
    return { ...asRow(row), recipe: JSON.parse(bytes) as Recipe };
  }

  /** A recipe of this name and version, by its SHA-256, or none. */
  ofVersion(name: string, version: number): Buffer | undefined {
    return this.#byVersion.get(name, version);
  }
}

const asRow = ({ hash, ...row }: Row): RecipeRow => ({ ...row, hash: hash.toString('hex') });
