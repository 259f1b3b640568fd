import * as z from 'zod/mini';
import { firstArticleSchema } from '../after.ts';
import {
  figuresSchema,
  findUnitsSchema,
  importOrderSchema,
  type ListedUnit,
  type OrderFigures,
  type OrderPreview,
  type Page,
  type ParkedUnit,
  parkedUnitsSchema,
  previewSchema,
  type QuarantinedUnit,
  quarantineSchema,
  unitsSchema,
  whichOrder,
} from '../orders.ts';
import { recipeSchema } from '../recipe.ts';
import { type RecipeChecked, type RecipeRow, type RecipeView, recipeHash } from '../recipes.ts';
import type { Order } from '../record.ts';
import { call, name, none, serial } from './call.ts';

const mac = z.string().check(z.regex(/^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/, 'a MAC like A1:B2:C3:D4:E5:F6'));

export const unitSchema = z.strictObject({
  serial,
  mac: z.exactOptional(mac),
  /** What else the order says of this unit; templates may use it. */
  facts: z.exactOptional(
    z.record(z.string().check(z.regex(/^[a-z][a-z0-9_]{0,31}$/, 'a fact name')), z.string().check(z.maxLength(256))),
  ),
});

export const orderSchema = z.strictObject({
  name,
  recipe: recipeSchema,
  units: z.array(unitSchema).check(z.minLength(1), z.maxLength(100_000)),
  /** How many of them may be made; all, when left out. */
  quantity: z.exactOptional(z.int().check(z.gte(1))),
});

/** Calls about orders and recipes. */
export const ordersCalls = {
  'recipes.approve': call<{ hash: string; warnings: readonly string[] }>()(z.strictObject({ recipe: recipeSchema })),
  'recipes.list': call<readonly RecipeRow[]>()(none),
  'recipes.show': call<RecipeView>()(z.strictObject({ hash: recipeHash })),
  /** What is wrong with a recipe that somebody writes, every place of it, and what to think of. */
  'recipes.check': call<RecipeChecked>()(z.strictObject({ recipe: z.json() })),
  /** Keeps a recipe, not yet in force, for two people to look at. */
  'recipes.save': call<{ hash: string; warnings: readonly string[] }>()(z.strictObject({ recipe: recipeSchema })),
  /** A lead looked at the first unit that passed with this version: others may be made. */
  'recipes.approveFirst': call<null>()(firstArticleSchema),
  'orders.create': call<Order & { readonly warnings: readonly string[] }>()(orderSchema),
  'orders.list': call<readonly Order[]>()(none),
  'orders.arm': call<Order>()(z.strictObject({ order: name, accept: z.exactOptional(z.boolean()) })),
  /** What an order file would make and all that is wrong with it, also against the units that are there. Without an effect. */
  'orders.preview': call<OrderPreview>()(previewSchema),
  /** Makes the order of a file, whole or not at all. */
  'orders.import': call<Order & { readonly warnings: readonly string[] }>()(importOrderSchema),
  /** Yield, takt, run times and failures of a shift. */
  'orders.figures': call<OrderFigures>()(figuresSchema),
  'orders.units': call<Page<ListedUnit>>()(unitsSchema),
  /** Units whose serial begins so, at most fifty; `more` says that there may be others. */
  'orders.find': call<{ readonly rows: readonly ListedUnit[]; readonly more: boolean }>()(findUnitsSchema),
  /** Units that may not ship, and what to do about each. */
  'orders.quarantine': call<Page<QuarantinedUnit>>()(quarantineSchema),
  /** Units whose upload waits for a person. */
  'orders.parked': call<Page<ParkedUnit>>()(parkedUnitsSchema),
  /** No further run of its units begins; those that go on end as they would. */
  'orders.close': call<Order>()(whichOrder),
  'orders.reopen': call<Order>()(whichOrder),
} as const;
