import * as z from 'zod/mini';

export const rights = [
  'ServiceConfig',
  'EnrollmentRead',
  'EnrollmentWrite',
  'RegistrationStatusRead',
  'RegistrationStatusWrite',
  'DeviceConnect',
] as const;

/** A right of a shared access policy, as the resource provider names them. */
export type Right = (typeof rights)[number];

const count = z.int().check(z.gte(0), z.lte(1_000_000));
const limit = z.nullable(z.int().check(z.gte(1), z.lte(1_000_000)));

const Limits = z.strictObject({
  servicePerMinute: limit,
  registrationsPerMinute: limit,
  pollsPerTenSeconds: limit,
});

const Failure = z.strictObject({
  count,
  status: z.int().check(z.gte(200), z.lte(599)),
  retryAfterSeconds: z.optional(count),
  body: z.optional(z.string().check(z.maxLength(100_000))),
});

/** The schema of the whole table; every member may be changed while the emulator runs. */
export const SwitchesSchema = z.strictObject({
  // Faults.
  /** Destroys every connection that asks for something. */
  offline: z.boolean(),
  /** Waits before acting. */
  latencyMs: z.int().check(z.gte(0), z.lte(60_000)),
  /** Answers the next `count` requests with this status (and body) without acting. */
  failNext: Failure,
  /** Acts on the next n requests and drops their connections instead of answering. */
  loseReplies: count,
  // Limits and pace.
  /** Null is without limit. The documents of 2022 say 200 a minute, those of 2024 say 1,000; 5 polls per 10 s. */
  throttle: Limits,
  retryAfterSeconds: count,
  /** How many polls answer `assigning` before the result. */
  assigningPolls: count,
  clockSkewSeconds: count,
  pageSize: z.int().check(z.gte(1), z.lte(1000)),
  linkedHubs: z.array(z.string().check(z.regex(/^[A-Za-z0-9.-]{3,255}$/))).check(z.minLength(1), z.maxLength(50)),
  // Readings: where the documents are silent or disagree (README, Open points).
  missingRight: z.union([z.literal(401), z.literal(403)]),
  attestationMechanismRight: z.enum(rights),
  ifMatchOnAbsent: z.union([z.literal(404), z.literal(412)]),
  bulkUpdateOfAbsent: z.enum(['creates', 'fails']),
  bulkCountsAs: z.enum(['call', 'items']),
  disabledGroup: z.enum(['decides', 'skipped']),
  disabledCertificate: z.enum(['nearestDecides', 'blocks']),
  verifiedCertificate: z.enum(['sent', 'known']),
  leafUsage: z.enum(['checked', 'ignored']),
  derivation: z.enum(['asPresented', 'folded']),
  omittedKeysOnUpdate: z.enum(['generated', 'kept']),
  eccTpmKeys: z.enum(['refused', 'accepted']),
});

/** Everything about the emulator that can be changed while it runs, in one flat table. */
export type Switches = z.infer<typeof SwitchesSchema>;

/** What an admin may send: any members of the table. */
export const SwitchesChange = z.partial(SwitchesSchema);

/** A fresh table: no faults, the limits of the 2022 documents, the default readings. */
export function defaultSwitches(): Switches {
  return {
    offline: false,
    latencyMs: 0,
    failNext: { count: 0, status: 503 },
    loseReplies: 0,
    throttle: { servicePerMinute: 200, registrationsPerMinute: 200, pollsPerTenSeconds: 5 },
    retryAfterSeconds: 3,
    assigningPolls: 0,
    clockSkewSeconds: 300,
    pageSize: 100,
    linkedHubs: ['practice-hub-1.azure-devices.net', 'practice-hub-2.azure-devices.net'],
    missingRight: 401,
    attestationMechanismRight: 'EnrollmentRead',
    ifMatchOnAbsent: 412,
    bulkUpdateOfAbsent: 'creates',
    bulkCountsAs: 'call',
    disabledGroup: 'decides',
    disabledCertificate: 'nearestDecides',
    verifiedCertificate: 'sent',
    leafUsage: 'checked',
    derivation: 'asPresented',
    omittedKeysOnUpdate: 'generated',
    eccTpmKeys: 'refused',
  };
}

/** One line of the request log: never a body, a header or a query, since those may hold keys. */
export type RequestLine = { at: string; method: string; path: string; status: number | 'dropped' };

const KEPT_LINES = 10_000;

/** The newest requests, oldest first; the list forgets what is older than its last ten thousand lines. */
export class RequestLog {
  #lines: RequestLine[] = [];

  add(line: RequestLine): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * KEPT_LINES) this.#lines = this.#lines.slice(-KEPT_LINES);
  }

  lines(): RequestLine[] {
    return this.#lines.slice(-KEPT_LINES);
  }
}
