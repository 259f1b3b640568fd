import * as z from 'zod/mini';
import { checksums, endings } from './scanners.ts';

// The parts of `station.json` that calls speak of, too: set-up and settings.

export const path = z.string().check(z.minLength(1), z.maxLength(4_096));

const placeName = z.string().check(z.minLength(1), z.maxLength(64));

/** Where the station stands: in every audit entry, where somebody may ask which room a unit was made in (F-180). */
export const placeSchema = z.strictObject({ line: z.exactOptional(placeName), room: z.exactOptional(placeName) });
export type Place = z.output<typeof placeSchema>;

export const tokenLabel = z.string().check(z.minLength(1), z.maxLength(32));

/** Where udev keeps a link for each plug (drivers/discover.ts). */
const watched = '/dev/serial/by-path/';

const laneNumber = z.int().check(z.gte(1), z.lte(64));
const laneSchema = z.discriminatedUnion('kind', [
  z.strictObject({ lane: laneNumber, kind: z.literal('simulated') }),
  z.strictObject({
    lane: laneNumber,
    kind: z.literal('serial'),
    /** A port by its place, such as /dev/serial/by-path/…: an adapter's own name is not unique. */
    path,
    baud: z._default(z.int().check(z.gte(9_600), z.lte(3_000_000)), 115_200),
    /** Fixtures that take both hands: a scan arms the lane, plugging the unit in starts it. Without it the scan starts. */
    start: z.exactOptional(z.enum(['scan', 'attach'])),
  }),
]);
export type LanePlace = z.output<typeof laneSchema>;

/** Every lane number once, and every port: two lanes on one port would write on each other's units. */
export const lanesSchema = z
  .array(laneSchema)
  .check(
    z.minLength(1),
    z.maxLength(64),
    z.refine(distinctNumbers, 'every lane number once'),
    z.refine(distinctPorts, 'every port once'),
    z.refine(seesPlugs, `a path in ${watched} for a lane that starts by attaching`),
  );

const scannerSchema = z.strictObject({
  /** By its place, as those of lanes. */
  path,
  baud: z._default(z.int().check(z.gte(9_600), z.lte(3_000_000)), 9_600),
  /** What it sends before every code, such as STX: it keeps half a code from passing for one. */
  prefix: z.exactOptional(
    z.string().check(z.minLength(1), z.maxLength(8), z.refine(isNoEnd, 'a prefix without line end, tab or ETX')),
  ),
  ending: z._default(z.enum(endings), 'line'),
});
export type ScannerSetting = z.output<typeof scannerSchema>;

/** Scanners at serial ports; those that type like a keyboard need no port. */
export const scannersSchema = z.array(scannerSchema).check(z.maxLength(8), z.refine(atOnce, 'every port once'));

export const scanningSchema = z.strictObject({
  prefix: z.exactOptional(z.string().check(z.regex(/^[!-~]{1,8}$/, 'up to 8 characters that keys make'))),
  checksum: z._default(z.enum(checksums), 'none'),
});

export const idScope = z.string().check(z.regex(/^[A-Za-z0-9]{3,64}$/, 'an ID scope such as 0ne000956C5'));

/** The host that units register with; the instance's own when it has a private endpoint (F-115). */
export const deviceEndpoint = z._default(
  z.string().check(z.regex(/^[a-z0-9.-]{3,255}$/, 'a host name')),
  'global.azure-devices-provisioning.net',
);

/** Operations a minute that the station may ask of DPS (docs/decisions.md: 200 is safe everywhere, newer instances take 1,000). */
export const budgetSchema = z.int().check(z.gte(1), z.lte(100_000));

/** Minutes until a screen that nobody uses is signed out; what a configuration says nothing of. */
export const idleMinutesSchema = z.int().check(z.gte(1), z.lte(480));
export const usualIdleMinutes = 15;

/** Only plugs in that folder are watched. */
export function seesPlugs(lanes: readonly LanePlace[]): boolean {
  return lanes.every((lane) => lane.kind !== 'serial' || lane.start !== 'attach' || lane.path.startsWith(watched));
}

function distinctNumbers(lanes: readonly { readonly lane: number }[]): boolean {
  return new Set(lanes.map(({ lane }) => lane)).size === lanes.length;
}

function distinctPorts(lanes: readonly LanePlace[]): boolean {
  const ports = lanes.flatMap((lane) => (lane.kind === 'serial' ? [lane.path] : []));
  return new Set(ports).size === ports.length;
}

/** Whether none of its characters ends a code. */
export function isNoEnd(prefix: string): boolean {
  return ![...'\r\n\t\u0003'].some((end) => prefix.includes(end));
}

function atOnce(scanners: readonly { readonly path: string }[]): boolean {
  return new Set(scanners.map(({ path: port }) => port)).size === scanners.length;
}
