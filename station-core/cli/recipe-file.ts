import { readFileSync } from 'node:fs';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import { type Recipe, recipeSchema } from '../contract/recipe.ts';
import { recipeNames, recipeOf } from '../practice.ts';
import type { Station } from '../station.ts';

/** A recipe from a JSON file; in practice also a ready-made one by its name. Throws `input.invalid` with the place. */
export async function readRecipe(name: string, station: Station): Promise<Recipe> {
  const readyMade = recipeNames.find((one) => one === name);
  if (readyMade && station.row.mode === 'practice') return recipeOf(station, readyMade);
  return parseRecipe(readText(name), name);
}

/** Parses a recipe's JSON; `place` names the file in errors. */
export function parseRecipe(text: string, place: string): Recipe {
  return parse(recipeSchema, jsonOf(text, place), place);
}

/** A file's JSON. Throws `input.invalid` when it is none or cannot be read. */
export const readJson = (file: string): unknown => jsonOf(readText(file), file);

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StationError('input.invalid', { place, expected: 'JSON', found: 'something else' }, { cause });
  }
}

function readText(file: string): string {
  return readBytes(file).toString('utf8');
}

/** A file's bytes. Throws `input.invalid` when it cannot be read. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const found = (cause as NodeJS.ErrnoException).code ?? 'an error';
    throw new StationError('input.invalid', { place: file, expected: 'a file that can be read', found }, { cause });
  }
}
