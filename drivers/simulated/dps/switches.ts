import { isIPv4 } from 'node:net';
import * as z from 'zod/mini';
import { jsonOf, parsed } from './schemas.ts';

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

const status = z.int().check(z.gte(200), z.lte(599));

const Failure = z.strictObject({
  count,
  status,
  retryAfterSeconds: z.optional(count),
  body: z.optional(z.string().check(z.maxLength(100_000))),
});

const share = z.number().check(z.gte(0), z.lte(1));

const Storm = z.strictObject({
  share,
  statuses: z.array(status).check(z.minLength(1), z.maxLength(20)),
  retryAfterSeconds: z.optional(count),
  seed: z.int().check(z.gte(0), z.lte(0xffff_ffff)),
});

/** Which items of a bulk call: by place, from 0, or by ID. */
const FailingItem = z.strictObject({
  position: z.optional(z.int().check(z.gte(0), z.lte(9))),
  id: z.optional(z.string().check(z.maxLength(128))),
  errorCode: z.int().check(z.gte(0), z.lte(999_999)),
  errorStatus: z.string().check(z.maxLength(1000)),
});

/** The ways in which an answer can be no answer. */
export const malformations = ['html', 'empty', 'truncatedJson', 'cutOff', 'errorIn200', 'wrongTypes'] as const;

export type Malformation = (typeof malformations)[number];

function isIpv4Range(text: string): boolean {
  const [address = '', bits = ''] = text.split('/', 2);
  return isIPv4(address) && /^(?:[12]?\d|3[0-2])$/.test(bits);
}

/** As the resource provider has it (2022-02-05, IpFilterRule). IPv4 alone (DPS docs, IP filter). */
const IpFilterRule = z.strictObject({
  filterName: z.string().check(z.minLength(1), z.maxLength(128)),
  action: z.enum(['Accept', 'Reject']),
  ipMask: z.string().check(z.refine(isIpv4Range, { error: 'expected an IPv4 range in CIDR notation' })),
  target: z.optional(z.enum(['all', 'serviceApi', 'deviceApi'])),
});

export type IpFilterRule = z.infer<typeof IpFilterRule>;

const hostName = z.string().check(z.regex(/^[A-Za-z0-9.-]{3,255}$/));
const quota = z.nullable(z.int().check(z.gte(0), z.lte(10_000_000)));

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
  /** A share of all requests fails without being acted on, by a random sequence that the seed decides. */
  storm: Storm,
  /** Items of the next `calls` bulk calls fail without being acted on; the other items are. */
  failItems: z.strictObject({ calls: count, items: z.array(FailingItem).check(z.maxLength(100)) }),
  /** Acts on the next `count` requests and spoils what it answers. */
  malformNext: z.strictObject({ count, how: z.enum(malformations) }),
  /** As `failNext`, for the token endpoint, which the other faults leave alone. */
  failTokens: Failure,
  /** How far the service's clock is ahead: what it dates, and what it judges tokens and certificates by. */
  dateSkewSeconds: z.int().check(z.gte(-100_000_000), z.lte(100_000_000)),
  // Limits and pace.
  /** Null is without limit. The documents of 2022 say 200 a minute, those of 2024 say 1,000; 5 polls per 10 s. */
  throttle: Limits,
  retryAfterSeconds: count,
  /** How many polls answer `assigning` before the result. */
  assigningPolls: count,
  clockSkewSeconds: count,
  pageSize: z.int().check(z.gte(1), z.lte(1000)),
  linkedHubs: z.array(hostName).check(z.minLength(1), z.maxLength(50)),
  /** For `hashed`; 1 for a hub that is not named. */
  hubWeights: z.record(hostName, z.int().check(z.gte(1), z.lte(1000))),
  /** For `geoLatency`: the lowest wins; a hub that is not named is the farthest. */
  hubLatencyMs: z.record(hostName, z.number().check(z.gte(0), z.lte(1_000_000))),
  /** The first rule that matches decides; without one the call is accepted. */
  ipFilter: z.array(IpFilterRule).check(z.maxLength(100)),
  /** How many the instance may hold; null is without limit. */
  quotas: z.strictObject({
    individualEnrollments: quota,
    x509Groups: quota,
    symmetricKeyGroups: quota,
    registrations: quota,
    caCertificates: quota,
  }),
  tokenLifetimeSeconds: z.int().check(z.gte(1), z.lte(1_000_000)),
  // The custom allocation webhook.
  webhookMethod: z.enum(['POST', 'PUT']),
  webhookTimeoutMs: z.int().check(z.gte(1), z.lte(600_000)),
  /** How often it is asked again, and the pauses before: the first one, and by how much each is longer. */
  webhookRetries: z.strictObject({ count, firstMs: count, stepMs: count }),
  /** A CA certificate, PEM, that its server is trusted by, beside the public ones. */
  webhookCa: z.nullable(z.string().check(z.maxLength(100_000))),
  /** Whether it may be asked over plain HTTP on this machine. */
  webhookPlainLoopback: z.boolean(),
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
  mqttBadCredential: z.enum(['refusedAtRegister', 'refusedAtConnect']),
  overQuota: z.union([z.literal(400), z.literal(403)]),
});

/** Everything about the emulator that can be changed while it runs, in one flat table. */
export type Switches = z.infer<typeof SwitchesSchema>;

/** What an admin may send: any members of the table. */
export const SwitchesChange = z.partial(SwitchesSchema);

/**
 * Reads members of the table, as JSON. Throws a DpsError that names the place. A member that is not there is left out, so
 * that it does not hide its default.
 */
export function readSwitches(text: string): Partial<Switches> {
  const there = Object.entries(parsed(SwitchesChange, jsonOf(text))).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there);
}

/** A fresh table: no faults, the limits of the 2022 documents, the default readings. */
export function defaultSwitches(): Switches {
  return {
    offline: false,
    latencyMs: 0,
    failNext: { count: 0, status: 503 },
    loseReplies: 0,
    storm: { share: 0, statuses: [429, 500, 503], seed: 1 },
    failItems: { calls: 0, items: [] },
    malformNext: { count: 0, how: 'html' },
    failTokens: { count: 0, status: 503 },
    dateSkewSeconds: 0,
    throttle: { servicePerMinute: 200, registrationsPerMinute: 200, pollsPerTenSeconds: 5 },
    retryAfterSeconds: 3,
    assigningPolls: 0,
    clockSkewSeconds: 300,
    pageSize: 100,
    linkedHubs: ['practice-hub-1.azure-devices.net', 'practice-hub-2.azure-devices.net'],
    hubWeights: {},
    hubLatencyMs: {},
    ipFilter: [],
    quotas: {
      individualEnrollments: 1_000_000,
      x509Groups: 100,
      symmetricKeyGroups: 100,
      registrations: 1_000_000,
      caCertificates: 25,
    },
    tokenLifetimeSeconds: 3599,
    webhookMethod: 'POST',
    webhookTimeoutMs: 10_000,
    webhookRetries: { count: 10, firstMs: 1000, stepMs: 9000 },
    webhookCa: null,
    webhookPlainLoopback: false,
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
    mqttBadCredential: 'refusedAtRegister',
    overQuota: 400,
  };
}
