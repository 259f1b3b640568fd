import { arm } from './arming.ts';
import { attestationOf, warningsOf } from './attestation/registry.ts';
import type { Method, OrderInput, Params, Result } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import { parse } from './contract/parse.ts';
import { isIssued, type Recipe, recipeSchema } from './contract/recipe.ts';
import type { Mode, Order, OrderState } from './contract/record.ts';
import type { Handlers } from './handlers.ts';
import { requireLabel } from './labels/press.ts';
import { advised } from './orders/advice.ts';
import { readFigures } from './orders/figures.ts';
import { recipeBytes } from './orders/orders.ts';
import { type ReadFile, readInThread } from './orders/reading-file.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import { ClosedRuns } from './store/closed-runs.ts';
import { folderOf } from './store/open.ts';
import { Quarantine } from './store/quarantine.ts';
import { UnitList } from './store/unit-list.ts';
import { withStock } from './store-handlers.ts';
import { requireTarget } from './uploads.ts';

type OrderMethod = Extract<Method, `orders.${string}`>;

/** Units of a file that a preview shows. */
const shownUnits = 20;
/** Units that a look-up by serial shows. */
const foundUnits = 50;
const shiftMs = 8 * 3_600_000;

/** The calls about orders. */
export function orderHandlers(station: Station): Pick<Handlers, OrderMethod> {
  const { records } = station;
  const { db, units, disclosures } = records;
  const list = new UnitList(db);
  const quarantine = new Quarantine(db, disclosures);
  return {
    'orders.create': (input, by) => makeOrder(station, input, by),
    'orders.list': async () => units.orders().map((order) => withBill(station, order)),
    'orders.arm': async ({ order, accept = false }, by) =>
      withStock(station, await arm(station, units.order(order), accept, by)),
    'orders.preview': (asked) => preview(station, asked),
    'orders.import': (asked, by) => importOrder(station, asked, by),
    'orders.figures': (asked) => figures(station, asked),
    'orders.units': async ({ order, state, after = 0, limit }) =>
      pageOf(list.page(units.order(order).id, state, after, limit + 1), limit, ({ unit }) => unit),
    'orders.find': async ({ order, prefix }) => list.find(units.order(order).id, prefix, foundUnits),
    'orders.quarantine': async ({ order, after = 0, limit }) => {
      const which = order === undefined ? null : units.order(order).id;
      const rows = quarantine.units({ order: which, after, most: limit + 1 }).map(advised);
      return pageOf(rows, limit, ({ unit }) => unit);
    },
    'orders.parked': async ({ order, after = 0, limit }) =>
      quarantine.parked(order === undefined ? null : units.order(order).name, after, limit),
    'orders.close': ({ order }, by) => turn(station, order, 'closed', by),
    'orders.reopen': ({ order }, by) => turn(station, order, 'open', by),
  };
}

/** An order with what its store lacks and what the cloud billed for it. */
function withBill(station: Station, order: Order): Order {
  const operations = Math.round(station.records.billed.of(order.id) * 10) / 10;
  return { ...withStock(station, order), operations };
}

/** A page of one row more than was asked for, which says whether there is another page. */
function pageOf<T>(rows: readonly T[], limit: number, idOf: (row: T) => number) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last ? idOf(last) : null };
}

async function turn(station: Station, name: string, state: OrderState, by: By): Promise<Order> {
  const { orders, records, operators } = station;
  return withStock(station, await orders.turn(records.units.order(name), state, people(operators, by)));
}

async function makeOrder(station: Station, input: OrderInput, by: By): Promise<Result<'orders.create'>> {
  const { orders, operators, pump } = station;
  requireMakeable(station, input.recipe);
  const order = await orders.create(input, people(operators, by), () => queueOrder(station, input.recipe));
  pump.wake();
  return { ...withStock(station, order), warnings: warningsOf(input.recipe) };
}

/** What this station could never make is told before an order of it is there. */
function requireMakeable(station: Station, recipe: Recipe): void {
  const { row, orders, parts } = station;
  if (row.mode === 'production') orders.requireApproved(recipe);
  if (!Object.hasOwn(parts.protocols, recipe.protocol)) {
    throw new StationError('recipe.unsupported', { what: `protocol ${recipe.protocol}` });
  }
  for (const plan of [recipe.programmer, recipe.image?.programmer]) {
    if (!plan || Object.hasOwn(parts.programmers ?? {}, plan.name)) continue;
    throw new StationError('programmer.unknown', { name: plan.name });
  }
  // A station without DPS makes units all the same: they wait. A hub's host is what units are told.
  if (recipe.target === 'hub') requireTarget(station, 'hub');
  if (recipe.label) requireLabel(station.printing.press, recipe.label);
}

async function preview(station: Station, asked: Params<'orders.preview'>): Promise<Result<'orders.preview'>> {
  const recipe = recipeFor(station, asked.recipe);
  const { units, count, problems, more } = await readFile(station, asked, recipe, shownUnits);
  const { name, version } = recipe;
  const hash = recipeBytes(recipe).hash.toString('hex');
  return { recipe: { name, version, hash }, units: count, first: units, problems, moreProblems: more };
}

async function importOrder(station: Station, asked: Params<'orders.import'>, by: By): Promise<Result<'orders.import'>> {
  const recipe = recipeFor(station, asked.recipe);
  const { units, problems, more } = await readFile(station, asked, recipe, Number.POSITIVE_INFINITY);
  const [first] = problems;
  if (first) {
    const count = problems.length + more;
    throw new StationError('order.file-refused', { file: asked.file, problems: count, line: first.line });
  }
  const quantity = asked.quantity === undefined ? {} : { quantity: asked.quantity };
  return makeOrder(station, { name: asked.name, recipe, units: [...units], ...quantity }, by);
}

/** Reads the units of an order file in a thread of its own. */
export function readFile(
  { records, stopping }: Station,
  { text }: Params<'orders.preview'>,
  recipe: Recipe,
  most: number,
): Promise<ReadFile> {
  return readInThread({ folder: folderOf(records.db), text, recipe, most }, stopping);
}

/** The recipe that an order is to have, as far as this station can make it. */
export function recipeFor(station: Station, which: Params<'orders.preview'>['recipe']): Recipe {
  const recipe = 'hash' in which ? knownRecipe(station, which.hash) : recipeIn(which);
  requireMakeable(station, recipe);
  return recipe;
}

function knownRecipe({ records }: Station, hash: string): Recipe {
  const known = records.recipes.byHash(hash);
  if (!known) throw new StationError('recipe.unknown', { hash });
  return known.recipe;
}

function recipeIn({ file, text }: { readonly file: string; readonly text: string }): Recipe {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new StationError('input.invalid', { place: file, expected: 'JSON', found: 'something else' }, { cause });
  }
  return parse(recipeSchema, json, file);
}

async function figures(station: Station, asked: Params<'orders.figures'>): Promise<Result<'orders.figures'>> {
  const { records, parts, stopping } = station;
  const to = asked.to === undefined ? parts.clock.now() : Date.parse(asked.to);
  const from = asked.from === undefined ? to - shiftMs : Date.parse(asked.from);
  if (Number.isNaN(from) || Number.isNaN(to)) {
    throw new StationError('input.invalid', {
      place: 'orders.figures',
      expected: 'a day that there is',
      found: 'none',
    });
  }
  const order = asked.order === undefined ? null : records.units.order(asked.order);
  const told = await readFigures(new ClosedRuns(records.db), { from, to, order: order?.id ?? null }, stopping);
  // Read afterwards, so that progress is not older than the figures.
  const now = order && records.units.order(order.name);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    order: now && { ...withBill(station, now), remaining: Math.max(0, now.quantity - now.finished) },
    ...told,
  };
}

/** F-78: for development alone. */
function refuseSelfSigned(mode: Mode, { attestation }: Recipe): void {
  const key = attestation.type === 'x509' ? attestation.key : undefined;
  if (mode === 'production' && key?.source === 'own' && 'selfSigned' in key.trust) {
    throw new StationError('station.mode', { what: 'A self-signed certificate', mode });
  }
}

/** Inside the order's commit: what its attestation wants the cloud to be asked, once. */
export function queueOrder({ records, parts, issuers, row: { mode } }: Station, recipe: Recipe): void {
  const { attestation } = recipe;
  refuseSelfSigned(mode, recipe);
  const signed = attestation.type === 'x509' && isIssued(attestation);
  const issuer = signed ? issuers.ready(attestation.issuer) : undefined;
  const upload = attestationOf(recipe).ofOrder(recipe, issuer);
  if (!upload) return;
  const { credential: _, ...row } = upload;
  records.outbox.queue({ ...row, target: recipe.target, credential: null, dueMs: parts.clock.now() });
}
