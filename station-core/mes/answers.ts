import * as z from 'zod/mini';
import { outcomes } from '../contract/run.ts';

// What factory systems are answered, each with its schema: the description (openapi.ts) is made from these. No secret has a field.

const time = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'a time in UTC'));
const text = z.string();
const number = z.int().check(z.gte(0));
const maybe = z.nullable;

const certificate = z.strictObject({
  /** Of its DER, hex. */
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  notAfter: time,
  revoked: z.boolean(),
});

/** A run that has ended. `certificates` are those that the unit has now. */
export const resultSchema = z.strictObject({
  n: number,
  run: number,
  order: text,
  recipe: text,
  serial: text,
  registrationId: maybe(text),
  lane: number,
  openedAt: time,
  closedAt: time,
  outcome: z.enum(outcomes),
  code: maybe(text),
  certificates: z.array(certificate),
});
export type Result = z.output<typeof resultSchema>;

export const resultsSchema = z.strictObject({
  results: z.array(resultSchema),
  /** What to ask `since` next. */
  next: number,
  /** Whether there are later ones already. */
  more: z.boolean(),
});

export const orderSchema = z.strictObject({
  name: text,
  recipe: text,
  recipeHash: text,
  state: z.enum(['open', 'closed']),
  armed: z.enum(['no', 'proven', 'accepted']),
  quantity: number,
  finished: number,
});
export type OrderAnswer = z.output<typeof orderSchema>;

export const ordersSchema = z.strictObject({ orders: z.array(orderSchema) });

const unitStates = ['waiting', 'finished', 'quarantined'] as const;

export const unitSchema = z.strictObject({
  serial: text,
  order: text,
  registrationId: maybe(text),
  state: z.enum(unitStates),
  finishedAt: maybe(time),
  scrappedAt: maybe(time),
  certificates: z.array(certificate),
  /** Its newest run that has ended. */
  last: maybe(resultSchema),
});
export type UnitAnswer = z.output<typeof unitSchema>;

export const unitPageSchema = z.strictObject({
  units: z.array(unitSchema),
  /** What to ask `after` for the next page; null at the end. */
  next: maybe(number),
});

/** A unit of every order that has the serial, each with its runs, the newest first. */
export const foundUnitsSchema = z.strictObject({
  units: z.array(z.extend(unitSchema, { results: z.array(resultSchema) })),
});

export const problemSchema = z.looseObject({
  type: z.literal('about:blank'),
  title: text,
  status: z.int(),
  detail: text,
  code: text,
});
