import * as z from 'zod/mini';
import type { ErrorData } from './errors.ts';

// Stack lights and relays: what they show, and how each is told.

/** What a light can show of a lane, or of the worst lane of the station. */
export const lightStates = ['ready', 'busy', 'passed', 'failed', 'errored', 'person-needed', 'off'] as const;
export type LightState = (typeof lightStates)[number];

const states = z.enum(lightStates);
const lane = z.exactOptional(z.int().check(z.gte(1), z.lte(64)));

const bytes = z.string().check(z.regex(/^([0-9A-Fa-f]{2}){1,64}$/, '1 to 64 bytes in hex'));

/**
 * A device on this machine or in its own network, by a private address or a local name; no user name and no password, which would stand
 * in a file. RFC 1918, RFC 3927, RFC 4193, RFC 6762.
 */
const privateHost =
  /^(localhost|127(\.\d{1,3}){3}|10(\.\d{1,3}){3}|192\.168(\.\d{1,3}){2}|172\.(1[6-9]|2\d|3[01])(\.\d{1,3}){2}|169\.254(\.\d{1,3}){2}|\[(::1|f[cd][0-9a-f]{2}:[0-9a-f:]+|fe80:[0-9a-f:]+)\]|[a-z0-9-]{1,63}(\.local|\.lan|\.internal|\.home\.arpa)?)$/i;
const address = /^https?:\/\/([^/?#@\\\s:]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?([/?][\x21-\x7e]*)?$/;

function isNear(url: string): boolean {
  const host = address.exec(url)?.[1];
  // A name of digits alone would be an address in another spelling.
  return host !== undefined && privateHost.test(host) && !/^(\d+|0x[0-9a-f]+)$/i.test(host);
}

const request = z.strictObject({
  method: z.enum(['GET', 'PUT', 'POST']),
  url: z
    .string()
    .check(
      z.maxLength(2_048),
      z.refine(isNear, 'a URL with http or https of a host on this machine or in its network'),
    ),
});

const lightSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('serial'),
    /** The lane that it shows; the worst lane of the station when left out. */
    lane,
    /** By its place, as those of lanes. Lights of one board have the same. */
    path: z.string().check(z.minLength(1), z.maxLength(4_096)),
    baud: z._default(z.int().check(z.gte(9_600), z.lte(3_000_000)), 9_600),
    /** What the board is sent for each state. */
    states: z.record(states, bytes),
  }),
  z.strictObject({
    kind: z.literal('http'),
    lane,
    timeoutMs: z._default(z.int().check(z.gte(100), z.lte(10_000)), 2_000),
    states: z.record(states, request),
  }),
]);
export type LightSetting = z.output<typeof lightSchema>;

/** `lights` of station.json: one for each lane and some for the station. */
export const lightsSchema = z
  .array(lightSchema)
  .check(z.maxLength(72), z.refine(atOneSpeed, 'one speed for each port'));

function atOneSpeed(lights: readonly LightSetting[]): boolean {
  const serial = lights.flatMap((light) => (light.kind === 'serial' ? [light] : []));
  return serial.every(({ path, baud }) => serial.every((other) => other.path !== path || other.baud === baud));
}

/** A light by its number in the configuration. */
export type LightView = {
  readonly light: number;
  readonly lane?: number;
  /** Why it does not show what it should; it is tried again by itself. */
  readonly error?: ErrorData;
};
