import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { canonical, type Json } from './contract/canonical.ts';
import { StationError } from './contract/errors.ts';
import { parse } from './contract/parse.ts';

const path = z.string().check(z.minLength(1), z.maxLength(4_096));

const hsmSchema = z.discriminatedUnion('kind', [
  /** The practice line's: keys in a file. Refused in production. */
  z.strictObject({ kind: z.literal('soft') }),
  z.strictObject({
    kind: z.literal('pkcs11'),
    module: path,
    tokenLabel: z.string().check(z.minLength(1), z.maxLength(32)),
  }),
]);

const laneNumber = z.int().check(z.gte(1), z.lte(64));
const laneSchema = z.discriminatedUnion('kind', [
  z.strictObject({ lane: laneNumber, kind: z.literal('simulated') }),
  z.strictObject({
    lane: laneNumber,
    kind: z.literal('serial'),
    /** A port by its place, such as /dev/serial/by-path/…: an adapter's own name is not unique. */
    path,
    baud: z._default(z.int().check(z.gte(9_600), z.lte(3_000_000)), 115_200),
  }),
]);

const dpsSchema = z.discriminatedUnion('kind', [
  /** The practice line's, a process of its own. Refused in production. */
  z.strictObject({ kind: z.literal('emulator') }),
  z.strictObject({
    kind: z.literal('azure'),
    idScope: z.string().check(z.regex(/^[A-Za-z0-9]{3,64}$/, 'an ID scope such as 0ne000956C5')),
    /** The host that units register with; the instance's own when it has a private endpoint (F-115). */
    deviceEndpoint: z._default(
      z.string().check(z.regex(/^[a-z0-9.-]{3,255}$/, 'a host name')),
      'global.azure-devices-provisioning.net',
    ),
  }),
]);

/** `station.json`: what a station is made of. It names secrets and never holds them. */
export const configSchema = z.strictObject({
  schema: z.literal(1),
  hsm: hsmSchema,
  lanes: z.array(laneSchema).check(z.minLength(1), z.maxLength(64), z.refine(distinct, 'every lane number once')),
  dps: dpsSchema,
  /** Operations a minute that the station may ask of DPS (docs/decisions.md: 200 is safe everywhere, newer instances take 1,000). */
  budgetPerMinute: z._default(z.int().check(z.gte(1), z.lte(100_000)), 200),
});

export type Config = z.output<typeof configSchema>;

const file = 'station.json';

/** Reads a station's configuration. Throws `station.no-folder`, or `station.config` with the place and what was expected. */
export function readConfig(folder: string): Config {
  let text: string;
  try {
    text = readFileSync(join(folder, file), 'utf8');
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
    config.lanes.some((lane) => lane.kind === 'simulated') ? 'A simulated lane' : undefined,
  ].find((what) => what !== undefined);
  if (stands) throw new StationError('station.mode', { what: stands, mode: 'production' });
}

function distinct(lanes: readonly { lane: number }[]): boolean {
  return new Set(lanes.map(({ lane }) => lane)).size === lanes.length;
}
