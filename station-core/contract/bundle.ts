import * as z from 'zod/mini';

// The air gap: files that are carried between a station without a network and a machine with one (docs/air-gap.md). Private
// keys have no field here.

const name = z.string().check(z.minLength(1), z.maxLength(80));
const spki = z.string().check(z.regex(/^[A-Za-z0-9+/]{100,200}={0,2}$/, 'a P-256 public key, base64 of its DER'));

/** The public half of a machine that applies bundles. Its fingerprint is compared by people. */
export const applierFileSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal('birthmark-applier'),
  name,
  /** What bundles are encrypted to. */
  encryption: spki,
  /** What its receipts are signed with. */
  receipts: spki,
});

/** The public half of a station. */
export const stationFileSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal('birthmark-station'),
  station: name,
  origin: z.string().check(z.minLength(1), z.maxLength(160)),
  /** Its audit key, which bundles are signed with. */
  key: spki,
});

export type ApplierFile = z.output<typeof applierFileSchema>;
export type StationFile = z.output<typeof stationFileSchema>;

/** The largest file that is carried: bundles are cut far below it. */
export const largestCarried: number = 64 * 1024 * 1024;

export const carriedText = z.string().check(z.minLength(1), z.maxLength(largestCarried));
export const sequenceSchema = z.int().check(z.gte(1), z.lte(1_000_000_000));
/** How many days a bundle is good for. */
export const daysSchema = z.int().check(z.gte(1), z.lte(90));

/** A bundle as people see it. */
export type BundleView = {
  readonly sequence: number;
  readonly state: 'making' | 'open' | 'closed' | 'expired' | 'dropped';
  readonly applier: string;
  readonly rows: { readonly held: number; readonly done: number; readonly parked: number; readonly returned: number };
  readonly madeAt: string;
  readonly expiresAt: string;
};

/** A bundle with what goes into its file; how many rows were left for the next one. */
export type MadeBundle = { readonly bundle: BundleView; readonly text: string; readonly left: number };

/** What receipts brought. `skipped` rows had come to their end without this bundle meanwhile. */
export type TakenReceipts = {
  readonly bundle: BundleView;
  readonly done: number;
  readonly parked: number;
  readonly returned: number;
  readonly open: number;
  readonly skipped: number;
};
