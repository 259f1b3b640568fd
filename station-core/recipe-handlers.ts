import { warningsOf } from './attestation/registry.ts';
import type { Method, Params } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import { parse } from './contract/parse.ts';
import { type Recipe, recipeSchema } from './contract/recipe.ts';
import { type RecipeChecked, type RecipeRow, recipeProblems } from './contract/recipes.ts';
import type { Handlers } from './handlers.ts';
import { recipeBytes } from './orders/orders.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';

type RecipeMethod = Extract<Method, `recipes.${'list' | 'show' | 'check' | 'save'}`>;

/** Recipes as people write them, until two of them put one in force (`recipes.approve`). */
export function recipeHandlers(station: Station): Pick<Handlers, RecipeMethod> {
  const { recipes } = station.records;
  return {
    'recipes.list': async () => recipes.newest().map((row) => withFirst(station, row)),
    'recipes.show': async ({ hash }) => {
      const found = recipes.byHash(hash);
      if (!found) throw new StationError('recipe.unknown', { hash });
      return { ...withFirst(station, found), recipe: found.recipe };
    },
    'recipes.check': async ({ recipe }) => check(station, recipe),
    'recipes.save': ({ recipe }, by) => save(station, recipe, by),
  };
}

/** A recipe's row with the first unit that passed with it, where it wants that looked at. */
function withFirst({ records }: Station, row: RecipeRow): RecipeRow {
  const found = records.firstArticles.of(row.hash);
  if (!found) return row;
  const { unit: _, ...first } = found;
  return { ...row, first };
}

function check({ parts }: Station, given: Params<'recipes.check'>['recipe']): RecipeChecked {
  const problems = recipeProblems(given);
  if (problems.length > 0) return { problems, warnings: [], hash: null };
  const recipe = parse(recipeSchema, given, 'recipe');
  if (!Object.hasOwn(parts.protocols, recipe.protocol)) {
    const expected = `one of ${Object.keys(parts.protocols).join(', ')}`;
    return { problems: [{ path: ['protocol'], expected, found: 'another word' }], warnings: [], hash: null };
  }
  return { problems: [], warnings: warningsOf(recipe), hash: recipeBytes(recipe).hash.toString('hex') };
}

/** A name and a version mean one recipe for good, so that what two people read is what an order says. Throws `recipe.version-taken`. */
async function save(station: Station, recipe: Recipe, by: By): Promise<{ hash: string; warnings: readonly string[] }> {
  const { records, audit, operators } = station;
  const { name, version } = recipe;
  const { bytes, hash } = recipeBytes(recipe);
  await records.commits.commit(() => {
    const taken = records.recipes.ofVersion(name, version);
    if (taken?.equals(hash)) return;
    if (taken) throw new StationError('recipe.version-taken', { recipe: name, version });
    const before = records.units.putRecipe(hash, recipe, bytes);
    const details = { recipe: hash.toString('hex'), name, version, ...before };
    audit.append({ action: 'recipe.saved', result: 'ok', ...people(operators, by), details });
  });
  return { hash: hash.toString('hex'), warnings: warningsOf(recipe) };
}
