import { setImmediate } from 'node:timers/promises';
import { StationError } from './contract/errors.ts';
import type { FileProblem } from './contract/orders.ts';
import { orderAnswer } from './mes/reading.ts';
import { Refusal } from './mes/refusals.ts';
import { fileOf, type NewOrder, requestHash } from './mes/requests.ts';
import type { Desk } from './mes/routes.ts';
import { queueOrder, readFile, recipeFor } from './order-handlers.ts';
import type { Station } from './station.ts';
import type { MesKey } from './store/mes-keys.ts';

/**
 * An order of a factory system. It is read by the same reader as an order file, made whole or not at all, and closed until a lead opens
 * it: a key alone makes no unit. The same request once more is answered with the order that it made. Throws the refusal
 * `http.order-differs`, or `http.order-refused` with what is wrong, and what making an order throws.
 */
export async function takeOrder(
  station: Station,
  key: MesKey,
  name: string,
  given: NewOrder,
): ReturnType<Desk['takeOrder']> {
  const { records, orders, pump } = station;
  // 100,000 units were parsed in this turn of the event loop; each of what follows takes as long again, with the lanes in between.
  await setImmediate();
  const sha256 = requestHash(name, given);
  const before = madeBefore(station, name, sha256);
  if (before) return { made: false, order: before };
  const recipe = recipeFor(station, whichRecipe(station, given));
  await setImmediate();
  const asked = { file: name, text: fileOf(given), recipe: { hash: '' } };
  const { units, problems, more } = await readFile(station, asked, recipe, Number.POSITIVE_INFINITY);
  if (problems.length > 0) throw wrong(problems, more);
  const quantity = given.quantity === undefined ? {} : { quantity: given.quantity };
  await orders.create({ name, recipe, units: [...units], ...quantity }, {}, () => {
    queueOrder(station, recipe);
    noteTaken(station, key, name, sha256);
  });
  pump.wake();
  return { made: true, order: orderAnswer(records.units.order(name)) };
}

/** Inside the order's commit. */
function noteTaken({ records, audit }: Station, key: MesKey, name: string, sha256: Buffer): void {
  const { id } = records.units.order(name);
  records.units.setOrderState(id, 'closed');
  records.mesKeys.noteOrder(id, key.id, sha256);
  const details = { key: key.name, sha256: sha256.toString('hex') };
  audit.append({ action: 'mes.order-taken', result: 'ok', order: name, details });
}

function madeBefore({ records }: Station, name: string, sha256: Buffer) {
  if (!records.units.hasOrder(name)) return undefined;
  const order = records.units.order(name);
  if (records.mesKeys.requestOf(order.id)?.equals(sha256)) return orderAnswer(order);
  throw new Refusal('http.order-differs');
}

/** By the hash of a recipe that the station has. Throws `recipe.unknown`. */
function whichRecipe({ records }: Station, { recipe }: NewOrder): { readonly hash: string } {
  if ('hash' in recipe) return recipe;
  const hash = records.recipes.ofVersion(recipe.name, recipe.version)?.toString('hex');
  if (hash === undefined) throw new StationError('recipe.unknown');
  return { hash };
}

/** Line 1 of the file is its header, which members of units make. */
function wrong(problems: readonly FileProblem[], more: number): Refusal {
  const errors = problems.map(({ line, column, rule, expected, found }) => ({
    unit: Math.max(0, line - 2),
    member: column,
    rule,
    expected,
    found,
  }));
  return new Refusal('http.order-refused', { problems: problems.length + more, errors });
}
