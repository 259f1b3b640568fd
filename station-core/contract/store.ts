import * as z from 'zod/mini';
import { storeName } from './profile.ts';

// Stores of certificates that others made ahead (F-69, F-70). Private keys have no field here: they come beside the call.

/** The CA certificates that an import's paths must reach, PEM; those between them and the leaves may stand here, too. */
const anchors = z.string().check(z.minLength(1), z.maxLength(262_144));
const fileName = z.string().check(z.minLength(1), z.maxLength(256));

/**
 * What two people agree to: exactly these bytes. The files themselves come beside the call, from a caller in the station's
 * process, packed by `packSecret` behind their pass phrase.
 */
export const importSchema = z.strictObject({
  store: storeName,
  anchors,
  files: z
    .array(
      z.strictObject({
        name: fileName,
        sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'SHA-256 of the file in lower-case hex')),
      }),
    )
    .check(z.minLength(1), z.maxLength(20_000)),
});

/** A vendor's list: CSV with a column `certificate`, or PEM. */
export const importListSchema = z.strictObject({
  store: storeName,
  anchors,
  name: fileName,
  list: z.string().check(z.minLength(1), z.maxLength(64 * 1024 * 1024)),
});

export type ImportedView = { readonly store: string; readonly entries: number };

/** A store and how much of it is left. */
export type StoreView = {
  readonly store: string;
  /** `pki`: certificates with their keys; `vendor`: a list of certificates whose keys are in the units. */
  readonly origin: 'pki' | 'vendor' | 'unit';
  readonly free: number;
  readonly drawn: number;
  /** Drawn, and the key was destroyed after the unit proved it. */
  readonly spent: number;
  /** Of the free ones. */
  readonly expired: number;
  readonly expiring: number;
  readonly warnings: readonly string[];
};
