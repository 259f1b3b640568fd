import * as z from 'zod/mini';
import type { FirstArticle } from './after.ts';
import { type Problem, problemsOf } from './parse.ts';
import { type Recipe, recipeSchema } from './recipe.ts';

// Recipes as people write them: what is wrong with one, and what is other than before.

export const recipeHash = z.string().check(z.regex(/^[0-9a-f]{64}$/, "a recipe's hash: SHA-256 in hex"));

/** A recipe among others. */
export type RecipeRow = {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  /** When two people put it in force, ISO 8601; null before. */
  readonly approvedAt: string | null;
  readonly orders: number;
  /** The first unit that passed with it, where the recipe wants it looked at. */
  readonly first?: FirstArticle;
};

export type RecipeView = RecipeRow & { readonly recipe: Recipe };

/** What the station says of a recipe that somebody writes: nothing of it is kept. */
export type RecipeChecked = {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** SHA-256 of its canonical bytes, where there is no problem. */
  readonly hash: string | null;
};

export const recipeProblems = (recipe: unknown): readonly Problem[] => problemsOf(recipeSchema, recipe);

/** A place in a recipe whose value is another one than before; left out where there is none. */
export type Change = { readonly path: string; readonly before?: string; readonly after?: string };

/** What is other in `after`, by its place, in the order of the places. */
export function changesOf(before: unknown, after: unknown): readonly Change[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths.flatMap((path) => {
    const [was, is] = [old.get(path), now.get(path)];
    if (was === is) return [];
    return [{ path, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

/** Every value that holds no others, as JSON, by its path. */
function leavesOf(value: unknown, path = ''): Map<string, string> {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (inner.length === 0) return new Map(value === undefined ? [] : [[path, JSON.stringify(value)]]);
  return new Map(inner.flatMap(([name, one]) => [...leavesOf(one, path === '' ? name : `${path}.${name}`)]));
}
