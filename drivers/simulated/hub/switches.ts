import * as z from 'zod/mini';

export const rights = ['RegistryRead', 'RegistryWrite'] as const;

/** A right of a shared access policy, as far as the registry asks for one. */
export type Right = (typeof rights)[number];

const count = z.int().check(z.gte(0), z.lte(1_000_000));

/** The schema of the whole table; every member may be changed while the stub runs. */
export const SwitchesSchema = z.strictObject({
  /** Destroys every connection that asks for something. */
  offline: z.boolean(),
  /** Waits before acting. */
  latencyMs: z.int().check(z.gte(0), z.lte(60_000)),
  /** Answers the next `count` requests with this status (and body) without acting. */
  failNext: z.strictObject({
    count,
    status: z.int().check(z.gte(200), z.lte(599)),
    retryAfterSeconds: z.optional(count),
    body: z.optional(z.string().check(z.maxLength(100_000))),
  }),
  /** Acts on the next n requests and drops their connections instead of answering. */
  loseReplies: count,
  /** 100 a minute and unit (S1, S2); null is without limit. */
  registryPerMinute: z.nullable(z.int().check(z.gte(1), z.lte(1_000_000))),
  clockSkewSeconds: count,
  pageSize: z.int().check(z.gte(1), z.lte(1_000)),
  // Readings: where the documents are silent or disagree (README, Open points).
  /** The status of a bulk call of which an item failed: the description has a result for both. */
  bulkFailure: z.union([z.literal(200), z.literal(400)]),
  /** How an item's error is told. */
  errorCodes: z.enum(['names', 'numbers']),
});

/** Everything about the stub that can be changed while it runs, in one flat table. */
export type Switches = z.infer<typeof SwitchesSchema>;

/** A fresh table: no faults, the limits of the smallest hub, the readings that are harder on a client. */
export function defaultSwitches(): Switches {
  return {
    offline: false,
    latencyMs: 0,
    failNext: { count: 0, status: 503 },
    loseReplies: 0,
    registryPerMinute: 100,
    clockSkewSeconds: 300,
    pageSize: 1_000,
    bulkFailure: 400,
    errorCodes: 'names',
  };
}

/** One line of the request log: never a body, a header or a query, since those may hold keys. */
export type RequestLine = { readonly method: string; readonly path: string; readonly status: number | 'dropped' };
