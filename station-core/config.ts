import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { canonical, type Json } from './contract/canonical.ts';
import { StationError } from './contract/errors.ts';
import { lightsSchema } from './contract/lights.ts';
import { parse } from './contract/parse.ts';
import { programmersSchema } from './contract/programmer.ts';
import {
  budgetSchema,
  deviceEndpoint,
  idleMinutesSchema,
  idScope,
  lanesSchema,
  path,
  placeSchema,
  scannersSchema,
  scanningSchema,
  tokenLabel,
} from './contract/station-file.ts';
import { secretName } from './contract/tpm.ts';
import { labelsSchema } from './labels/config.ts';
import { mesSchema, webhooksSchema } from './mes/settings.ts';

const days = z.exactOptional(z.int().check(z.gte(1), z.lte(36_500)));

/** How many days records that name people and units are kept; what is left out is kept for good (docs/privacy.md). */
const retentionSchema = z.strictObject({ peopleDays: days, unitsDays: days, logsDays: days, backupDays: days });

const hsmSchema = z.discriminatedUnion('kind', [
  /** The practice line's: keys in a file. Refused in production. */
  z.strictObject({ kind: z.literal('soft') }),
  z.strictObject({
    kind: z.literal('pkcs11'),
    module: path,
    tokenLabel,
    /** Another token of the same module, with a PIN of its own, for the audit log's keys alone. */
    auditTokenLabel: z.exactOptional(tokenLabel),
  }),
]);

const hostName = z.string().check(z.regex(/^[a-z0-9]([a-z0-9.-]{1,251})[a-z0-9]$/, 'a host name in lower case'));

/** How the station proves itself to DPS. What is secret of it is asked for at the start. */
const authSchema = z.discriminatedUnion('kind', [
  /** By the key of a shared access policy, out of a connection string, which names the service's host. */
  z.strictObject({ kind: z.literal('sas') }),
  /** By an application of Microsoft Entra ID (F-156). */
  z.strictObject({
    kind: z.literal('entra'),
    /** The DPS instance: NAME.azure-devices-provisioning.net. */
    serviceHost: hostName,
    tenant: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9.-]{1,252}$/, 'a tenant: its ID or a domain')),
    clientId: z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/, "an application's ID")),
    /** Where tokens come from; other clouds have their own. */
    authority: z._default(hostName, 'login.microsoftonline.com'),
    credential: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('secret') }),
      z.strictObject({
        kind: z.literal('certificate'),
        certificateFile: path,
        /** Its RSA key, PEM under a pass phrase. */
        keyFile: path,
        /** PS256, or RS256 for authorities that know no other. */
        assertion: z._default(z.enum(['PS256', 'RS256']), 'PS256'),
      }),
    ]),
  }),
]);

const dpsSchema = z.discriminatedUnion('kind', [
  /** The practice line's, a process of its own. Refused in production. */
  z.strictObject({ kind: z.literal('emulator') }),
  z.strictObject({
    kind: z.literal('azure'),
    idScope,
    deviceEndpoint,
    auth: z._default(authSchema, { kind: 'sas' }),
    /** Where the service is reached instead of by its own name: a private endpoint. */
    serviceEndpoint: z.exactOptional(
      z.strictObject({
        host: z.string().check(z.regex(/^[A-Za-z0-9.:-]{1,253}$/, 'a host name or address')),
        port: z._default(z.int().check(z.gte(1), z.lte(65_535)), 443),
      }),
    ),
    /** PEM of the only CAs that are believed for DPS and its authority, instead of the system's. */
    caFile: z.exactOptional(path),
    /** Whether the service's limit counts a bulk call as one operation, or as its entries (docs/decisions.md). */
    bulkCountsAs: z._default(z.enum(['call', 'items']), 'call'),
  }),
]);
export type AzureDps = Extract<z.output<typeof dpsSchema>, { kind: 'azure' }>;

const hubSchema = z.discriminatedUnion('kind', [
  /** The practice line's, a process of its own. Refused in production. */
  z.strictObject({ kind: z.literal('emulator') }),
  z.strictObject({
    kind: z.literal('azure'),
    host: z.string().check(z.regex(/^[a-z0-9.-]{3,255}$/, 'the host name of an IoT hub')),
    /** The name of the secret with the connection string of a policy that may write the registry (`birthmark secret set`). */
    secret: secretName,
    /** Calls a minute: a unit of the smallest tiers takes 100 (dps-reference 10.4). */
    budgetPerMinute: z._default(z.int().check(z.gte(1), z.lte(100_000)), 100),
  }),
]);

const partsSchema = z.strictObject({
  schema: z.literal(1),
  place: z.exactOptional(placeSchema),
  hsm: hsmSchema,
  lanes: lanesSchema,
  /** Programs that recipes may name to write units' firmware (docs/programmers.md). */
  programmers: z.exactOptional(programmersSchema),
  /** Scanners at serial ports; those that type like a keyboard need no port. */
  scanners: z.exactOptional(scannersSchema),
  scanning: z.exactOptional(scanningSchema),
  /** Stack lights and relays that show what lanes do. */
  lights: z.exactOptional(lightsSchema),
  dps: dpsSchema,
  /** Where copies of the audit trail's heads go beside the token, the cloud and the station's own folder: shares, sticks. */
  audit: z.exactOptional(
    z.strictObject({ anchorFolders: z.exactOptional(z.array(path).check(z.minLength(1), z.maxLength(8))) }),
  ),
  /** The IoT hub whose registry recipes with target: hub write to. */
  hub: z.exactOptional(hubSchema),
  budgetPerMinute: z._default(budgetSchema, 200),
  /** Templates of labels, and the printers (docs/labels.md). */
  labels: z.exactOptional(labelsSchema),
  /** Where backups that are made on a screen go; the folder `backups` beside the database when left out. */
  backupFolder: z.exactOptional(path),
  retention: z.exactOptional(retentionSchema),
  /** After how many minutes that nobody uses a screen its person is signed out; 15, when left out. */
  idleMinutes: z.exactOptional(idleMinutesSchema),
  /** Where factory systems ask, and who is told of results (docs/mes.md). */
  mes: z.exactOptional(mesSchema),
  webhooks: z.exactOptional(webhooksSchema),
});

/** `station.json`: what a station is made of. It names secrets and never holds them. */
export const configSchema = partsSchema.check(
  z.refine(lightsFit, { path: ['lights'], error: 'lanes that are there, and ports that no lane and no scanner has' }),
);

export type Config = z.output<typeof configSchema>;

export const configFile = 'station.json';

/** Reads a station's configuration. Throws `station.no-folder`, or `station.config` with the place and what was expected. */
export function readConfig(folder: string): Config {
  let text: string;
  try {
    text = readFileSync(join(folder, configFile), 'utf8');
  } catch (cause) {
    throw new StationError('station.no-folder', { folder }, { cause });
  }
  return parseConfig(text);
}

export function parseConfig(text: string): Config {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new StationError(
      'station.config',
      { place: 'the file', expected: 'JSON', found: String((cause as Error).message) },
      { cause },
    );
  }
  try {
    return parse(configSchema, json, '');
  } catch (thrown) {
    if (thrown instanceof StationError) throw new StationError('station.config', thrown.details, { cause: thrown });
    throw thrown;
  }
}

/** SHA-256 of the configuration's canonical bytes, in hex: audit entries say which one was in force. */
export function configHash(config: Config): string {
  return createHash('sha256')
    .update(canonical(config as Json), 'utf8')
    .digest('hex');
}

/** Production takes real parts only (docs/design.md, Station folder). Throws `station.mode`. */
export function refuseStandIns(config: Config): void {
  const stands = [
    config.hsm.kind === 'soft' ? 'The soft HSM' : undefined,
    config.dps.kind === 'emulator' ? 'The DPS emulator' : undefined,
    config.hub?.kind === 'emulator' ? 'The IoT hub of the practice line' : undefined,
    config.lanes.some((lane) => lane.kind === 'simulated') ? 'A simulated lane' : undefined,
  ].find((what) => what !== undefined);
  if (stands) throw new StationError('station.mode', { what: stands, mode: 'production' });
}

/** A light of a lane that is not there would stay dark for good, and bytes for a light must never reach a unit. */
function lightsFit({ lights = [], lanes, scanners = [] }: z.output<typeof partsSchema>): boolean {
  const serial = [
    ...lanes.flatMap((lane) => (lane.kind === 'serial' ? [lane.path] : [])),
    ...scanners.map(({ path: port }) => port),
  ];
  return lights.every((light) => {
    const isThere = light.lane === undefined || lanes.some(({ lane }) => lane === light.lane);
    return isThere && (light.kind !== 'serial' || !serial.includes(light.path));
  });
}
