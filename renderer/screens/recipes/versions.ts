import type { RecipeRow } from '../../../station-core/contract/recipes.ts';

/** The version before a recipe's own, of the same name. Pure. */
export function hashBefore(hash: string, rows: readonly RecipeRow[]): string | undefined {
  const mine = rows.find((row) => row.hash === hash);
  const older = rows.filter((row) => mine && row.name === mine.name && row.version < mine.version);
  return older.sort((a, b) => b.version - a.version)[0]?.hash;
}

/** The same recipe with the next version that is free. Pure. */
export function nextVersion(recipe: object, rows: readonly RecipeRow[]): object {
  const { name } = recipe as { readonly name: string };
  const versions = rows.filter((row) => row.name === name).map(({ version }) => version);
  return { ...recipe, version: Math.max(0, ...versions) + 1 };
}
