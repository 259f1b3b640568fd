import * as z from 'zod/mini';

/**
 * IoT Central's export of devices, compared with the station's records. The file holds keys: its bytes come beside the call, from a
 * caller in the station's process, and its name and SHA-256 are what the audit keeps.
 */
export const compareCentralSchema = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(256)),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex')),
});

/** How the credentials of the units that are there compare, by registration ID where they differ. */
export type Compared = {
  readonly same: number;
  readonly different: readonly string[];
  /** Shown by none of the file's columns. */
  readonly notShown: number;
};

/** Nothing is changed by looking. */
export type CentralReport = {
  /** Devices in the file. */
  readonly devices: number;
  /** Finished units of this station whose recipe names IoT Central, scrapped ones not among them. */
  readonly units: number;
  readonly there: number;
  /** Units that the file does not have, by registration ID. */
  readonly missing: readonly string[];
  /** Devices that no record of this station has. */
  readonly foreign: readonly string[];
  readonly keys: Compared;
  readonly thumbprints: Compared;
};
