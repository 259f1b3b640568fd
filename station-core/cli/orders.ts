import { basename, extname } from 'node:path';
import { StationError } from '../contract/errors.ts';
import type { Order } from '../contract/record.ts';
import type { OpenStation } from '../open-station.ts';
import { readOrderFile } from '../orders/file.ts';
import { problemLine } from '../orders/file-words.ts';
import { actAs, open } from './folder.ts';
import { callWithSecond, type People } from './people.ts';
import { readBytes, readRecipe } from './recipe-file.ts';
import { note, printJson } from './terminal.ts';

export type ImportOptions = People & {
  readonly recipe: string;
  readonly name?: string | undefined;
  readonly quantity?: number | undefined;
  readonly json: boolean;
};

/** `birthmark orders import`: a whole file or nothing; every problem with its file, line, column and what was expected. */
export async function ordersImport(folder: string, file: string, options: ImportOptions): Promise<number> {
  const bytes = readBytes(file);
  const opened = await open(folder, 'orders import');
  try {
    const recipe = await readRecipe(options.recipe, opened.station);
    const { units, problems } = readOrderFile(bytes, recipe);
    if (problems.length > 0) {
      if (options.json) printJson({ schema: 1, imported: 0, problems });
      for (const problem of problems) note(problemLine(file, problem));
      note(`Nothing was imported: ${problems.length} problem${problems.length === 1 ? '' : 's'}.`);
      return 1;
    }
    const actor = await actAs(opened, 'lead', options.as);
    const { quantity } = options;
    const name = options.name ?? basename(file, extname(file));
    const input = { name, recipe, units: [...units], ...(quantity === undefined ? {} : { quantity }) };
    const made = await opened.station.call('orders.create', input, { actor });
    for (const warning of made.warnings) note(warning);
    const order = made.armed === 'no' ? await tryToArm(opened, made, options) : made;
    tell(order, options.json);
    return 0;
  } finally {
    await opened.close();
  }
}

/** Arms the order when the cloud can be asked; otherwise says how to do it later. */
async function tryToArm(opened: OpenStation, order: Order, people: People): Promise<Order> {
  try {
    return await opened.station.call(
      'orders.arm',
      { order: order.name },
      { actor: await actAs(opened, 'lead', people.as) },
    );
  } catch (thrown) {
    if (!(thrown instanceof StationError)) throw thrown;
    note(
      `${thrown.message} The order is not armed: birthmark orders arm ${order.name} (with --accept: without the proof).`,
    );
    return order;
  }
}

/** `birthmark orders arm`: compares the order's key with the cloud's, or accepts that nobody did. */
export async function ordersArm(
  folder: string,
  order: string,
  options: People & { accept: boolean; json: boolean },
): Promise<number> {
  const opened = await open(folder, 'orders arm');
  try {
    const actor = await actAs(opened, 'lead', options.as);
    tell(await opened.station.call('orders.arm', { order, accept: options.accept }, { actor }), options.json);
    return 0;
  } finally {
    await opened.close();
  }
}

/** `birthmark orders list`: every order with what was made of it, and what the cloud billed for it. */
export async function ordersList(folder: string, options: { as?: string | undefined; json: boolean }): Promise<number> {
  const opened = await open(folder, 'orders list');
  try {
    const orders = await opened.station.call('orders.list', {}, { actor: await actAs(opened, 'lead', options.as) });
    if (options.json) printJson({ schema: 1, orders });
    else if (orders.length === 0) process.stdout.write('There is no order yet: birthmark orders import.\n');
    for (const order of options.json ? [] : orders) {
      const { name, state, finished, quantity, recipe, armed, operations = 0 } = order;
      const made = `${finished} of ${quantity} made with ${recipe}`;
      process.stdout.write(`${name}: ${state}, ${armedWords[armed]}, ${made}, ${operations} cloud operations\n`);
    }
    return 0;
  } finally {
    await opened.close();
  }
}

/** `birthmark recipes approve`: puts a recipe in force in production, by a lead and a security officer. */
export async function recipesApprove(
  folder: string,
  file: string,
  people: People & { json: boolean },
): Promise<number> {
  const opened = await open(folder, 'recipes approve');
  try {
    const recipe = await readRecipe(file, opened.station);
    const roles = { first: 'lead', second: 'security-officer' } as const;
    const { hash, warnings } = await callWithSecond(opened, roles, people, 'recipes.approve', { recipe });
    if (people.json) printJson({ schema: 1, recipe: recipe.name, version: recipe.version, hash, warnings });
    else process.stdout.write(`Recipe ${recipe.name} ${recipe.version} is in force: ${hash}\n`);
    for (const warning of warnings) note(warning);
    return 0;
  } finally {
    await opened.close();
  }
}

function tell(order: Order, json: boolean): void {
  if (json) printJson({ schema: 1, ...order });
  else
    process.stdout.write(
      `Order ${order.name}: ${order.quantity} units with ${order.recipe}, ${armedWords[order.armed]}\n`,
    );
  if (order.uncertified) note(`${order.uncertified} of its units have no certificate yet: birthmark store import.`);
}

const armedWords = { no: 'not armed', proven: 'armed', accepted: 'armed without proof, as a lead accepted' } as const;
