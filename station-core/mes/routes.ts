import * as z from 'zod/mini';
import type { KeyScope } from '../contract/mes.ts';
import { unitStates } from '../contract/orders.ts';
import type { MesKey } from '../store/mes-keys.ts';
import * as answers from './answers.ts';
import type { Reading } from './reading.ts';
import { Refusal } from './refusals.ts';
import { type NewOrder, newOrderSchema, orderName, readNewOrder } from './requests.ts';

/** What the routes need of the station. */
export type Desk = {
  readonly reading: Reading;
  /** Makes an order that waits for a lead, or finds the one that the same request made before. */
  readonly takeOrder: (
    key: MesKey,
    name: string,
    order: NewOrder,
  ) => Promise<{ made: boolean; order: answers.OrderAnswer }>;
  /** Prometheus text. */
  readonly metrics: () => Promise<string>;
  readonly description: () => string;
};

/** A request that found its route, with everything parsed. */
export type Asked = {
  readonly key: MesKey;
  readonly path: Readonly<Record<string, string | number>>;
  readonly query: Readonly<Record<string, string | number>>;
  readonly body: unknown;
};

export const types = {
  json: 'application/json',
  metrics: 'text/plain; version=0.0.4; charset=utf-8',
} as const;
export type Reply = { readonly status: number; readonly type: keyof typeof types; readonly body: string };

type Schemas = Readonly<Record<string, z.core.$ZodType>>;

/** One thing that can be asked. What is not here is not there. */
export type Route = {
  readonly method: 'GET' | 'PUT';
  /** Words in braces are segments of the path. */
  readonly path: string;
  readonly scope: KeyScope | 'any';
  readonly says: string;
  readonly parameters: Schemas;
  readonly query: Schemas;
  readonly body?: z.core.$ZodType;
  /** The schema of each good answer, by its status; none where it is no JSON of ours. */
  readonly answers: Readonly<Record<number, z.core.$ZodType | 'text' | 'any'>>;
  readonly reply: (desk: Desk, asked: Asked) => Reply | Promise<Reply>;
};

const json = (value: object, status = 200): Reply => ({ status, type: 'json', body: JSON.stringify(value) });
const number = z.int().check(z.gte(0));
const limitTo = (most: number) => z._default(z.int().check(z.gte(1), z.lte(most)), Math.min(most, 100));
const serial = z.string().check(z.minLength(1), z.maxLength(128));

export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/results',
    scope: 'results',
    says: 'Runs that have ended, in the sequence in which they did, after result number `since`.',
    parameters: {},
    query: { since: z._default(number, 0), limit: limitTo(500) },
    answers: { 200: answers.resultsSchema },
    reply: ({ reading }, { query }) => json(reading.since(Number(query.since), Number(query.limit))),
  },
  {
    method: 'GET',
    path: '/v1/results/{n}',
    scope: 'results',
    says: 'One run that has ended, by its result number.',
    parameters: { n: number },
    query: {},
    answers: { 200: answers.resultSchema },
    reply: ({ reading }, { path }) => {
      const found = reading.result(Number(path.n));
      if (!found) throw new Refusal('http.unknown-result');
      return json(found);
    },
  },
  {
    method: 'GET',
    path: '/v1/orders',
    scope: 'results',
    says: 'The newest orders.',
    parameters: {},
    query: { limit: limitTo(1_000) },
    answers: { 200: answers.ordersSchema },
    reply: ({ reading }, { query }) => json(reading.orders(Number(query.limit))),
  },
  {
    method: 'GET',
    path: '/v1/orders/{order}',
    scope: 'results',
    says: 'One order.',
    parameters: { order: orderName },
    query: {},
    answers: { 200: answers.orderSchema },
    reply: ({ reading }, { path }) => json(reading.order(String(path.order))),
  },
  {
    method: 'PUT',
    path: '/v1/orders/{order}',
    scope: 'orders',
    says: 'Makes an order, whole or not at all. It is closed until a lead opens it. The same request once more is answered with the order that it made.',
    parameters: { order: orderName },
    query: {},
    body: newOrderSchema,
    answers: { 200: answers.orderSchema, 201: answers.orderSchema },
    reply: async ({ takeOrder }, { key, path, body }) => {
      const { made, order } = await takeOrder(key, String(path.order), readNewOrder(body));
      return json(order, made ? 201 : 200);
    },
  },
  {
    method: 'GET',
    path: '/v1/orders/{order}/units',
    scope: 'results',
    says: 'The units of an order, in its sequence, a page at a time.',
    parameters: { order: orderName },
    query: {
      state: z.exactOptional(z.enum(unitStates)),
      after: z._default(number, 0),
      limit: limitTo(200),
    },
    answers: { 200: answers.unitPageSchema },
    reply: ({ reading }, { path, query }) => {
      const state = unitStates.find((one) => one === query.state);
      const page = { state, after: Number(query.after), limit: Number(query.limit) };
      return json(reading.unitsOf(String(path.order), page));
    },
  },
  {
    method: 'GET',
    path: '/v1/units/{serial}',
    scope: 'results',
    says: 'The unit with this serial, of every order that has one, with its runs.',
    parameters: { serial },
    query: {},
    answers: { 200: answers.foundUnitsSchema },
    reply: ({ reading }, { path }) => json(reading.bySerial(String(path.serial))),
  },
  {
    method: 'GET',
    path: '/metrics',
    scope: 'metrics',
    says: 'Figures of the line for Prometheus, in its text format.',
    parameters: {},
    query: {},
    answers: { 200: 'text' },
    reply: async ({ metrics }) => ({ status: 200, type: 'metrics', body: await metrics() }),
  },
  {
    method: 'GET',
    path: '/openapi.json',
    scope: 'any',
    says: 'This description.',
    parameters: {},
    query: {},
    answers: { 200: 'any' },
    reply: ({ description }) => ({ status: 200, type: 'json', body: description() }),
  },
];
