import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import { type ApplierFile, type StationFile, sequenceSchema } from '../contract/bundle.ts';
import { canonical, type Json } from '../contract/canonical.ts';
import { type ErrorCode, isErrorCode, StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import { outboxActions } from '../store/outbox.ts';

// What is carried over the air gap, and its limits. README.md says why it is built so.

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower-case hex'));
const fingerprint = z.string().check(z.regex(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){7}$/, 'a fingerprint'));
const time = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'a time in UTC'));
const origin = z.string().check(z.minLength(1), z.maxLength(160));
/** A signed head of the station's audit trail (C2SP tlog-checkpoint). */
const checkpoint = z.string().check(z.minLength(1), z.maxLength(4_096));

/** The most rows and bytes of bodies in one bundle: its file stays below 32 MiB, and an applier of modest memory opens it. */
export const mostOfBundle: { readonly rows: number; readonly bytes: number } = {
  rows: 10_000,
  bytes: 12 * 1024 * 1024,
};

/** Everything that is checked before a bundle is opened. It stands signed outside, and authenticated inside as well. */
export const manifestSchema = z.strictObject({
  v: z.literal(1),
  station: z.string().check(z.minLength(1), z.maxLength(80)),
  origin,
  mode: z.enum(['practice', 'production']),
  sequence: sequenceSchema,
  /** The bundle before it for the same applier. */
  previous: z.nullable(z.strictObject({ sequence: sequenceSchema, sha256 })),
  /** Whom it is for. */
  applier: fingerprint,
  rows: z.int().check(z.gte(1), z.lte(mostOfBundle.rows)),
  /** The newest when it was made; bundles of before there were heads have none. */
  checkpoint: z.exactOptional(checkpoint),
  madeAt: time,
  expiresAt: time,
});

export const signedHeaderSchema = z.strictObject({
  alg: z.literal('ES256'),
  typ: z.literal('birthmark-bundle'),
  cty: z.literal('JWE'),
  kid: fingerprint,
  bundle: manifestSchema,
});

export const encryptedHeaderSchema = z.strictObject({
  alg: z.literal('ECDH-ES'),
  enc: z.literal('A256GCM'),
  typ: z.literal('birthmark-rows'),
  kid: fingerprint,
  epk: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
  bundle: manifestSchema,
});

const id = z.int().check(z.gte(1));
const keyLength = z.int().check(z.gte(16), z.lte(64));
const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'base64'), z.maxLength(65_536));

/** What a row's credential puts into its request. Keys stand behind the JSON as bytes; here are only their lengths. */
const carriedSchema = z.union([
  z.strictObject({ keys: z.strictObject({ primary: keyLength, secondary: keyLength }) }),
  z.strictObject({
    certificates: z.strictObject({ primary: base64, secondary: z.exactOptional(base64) }),
    known: z.array(base64).check(z.maxLength(100)),
  }),
  z.strictObject({ endorsementKey: base64 }),
]);

export const rowsSchema = z
  .array(
    z.strictObject({
      id,
      registrationId: z.string().check(z.minLength(1), z.maxLength(128)),
      action: z.enum(outboxActions).check(z.refine((action) => action !== 'anchor', 'an action for a unit or a group')),
      body: z.record(z.string(), z.json()),
      after: z.nullable(id),
      replaces: z.nullable(z.string().check(z.minLength(1), z.maxLength(400))),
      carried: z.nullable(carriedSchema),
    }),
  )
  .check(z.minLength(1), z.maxLength(mostOfBundle.rows));

const errorSchema = z.strictObject({
  code: z.string().check(z.refine(isErrorCode, 'an error code')),
  details: z.record(
    z.string().check(z.maxLength(64)),
    z.union([z.string().check(z.maxLength(1_000)), z.number(), z.boolean()]),
  ),
});

/** How one row fared. `returned`: it was not sent and will not be; `open`: it was not sent yet. */
const resultSchema = z.discriminatedUnion('result', [
  z.strictObject({ row: id, result: z.literal('done'), receipt: z.string().check(z.minLength(2), z.maxLength(2_000)) }),
  z.strictObject({ row: id, result: z.literal('parked'), reason: errorSchema }),
  z.strictObject({ row: id, result: z.enum(['returned', 'open']) }),
]);

export const receiptsHeaderSchema = z.strictObject({
  alg: z.literal('ES256'),
  typ: z.literal('birthmark-receipts'),
  kid: fingerprint,
});

export const receiptsSchema = z.strictObject({
  v: z.literal(1),
  /** SHA-256 of the bundle, as `bundleHash` makes it. */
  bundle: sha256,
  origin,
  sequence: sequenceSchema,
  applier: fingerprint,
  /** Grows with all receipts for this bundle. */
  number: z.int().check(z.gte(1), z.lte(1_000_000_000)),
  madeAt: time,
  /** The newest that ever came from the station with a bundle which was taken. */
  checkpoint: z.exactOptional(checkpoint),
  /** What the service billed for the bundle so far. */
  operations: z.number().check(z.gte(0), z.lte(1_000_000_000)),
  rows: z.array(resultSchema).check(z.minLength(1), z.maxLength(mostOfBundle.rows)),
});

export type Manifest = z.output<typeof manifestSchema>;
export type CarriedRow = z.output<typeof rowsSchema>[number];
export type RowResult =
  | Exclude<z.output<typeof resultSchema>, { result: 'parked' }>
  | { row: number; result: 'parked'; reason: { code: ErrorCode; details: Record<string, string | number | boolean> } };
export type Receipts = Omit<z.output<typeof receiptsSchema>, 'rows'> & { readonly rows: readonly RowResult[] };

/**
 * What people compare of a public file: SHA-256 over its canonical bytes, cut to 160 bits, in base32 (RFC 4648 section 6) in groups of
 * four. Whoever looks for another file with the same one has to search through 2^160.
 */
export function fingerprintOf(file: ApplierFile | StationFile): string {
  const bytes = createHash('sha256')
    .update(canonical(file as Json), 'utf8')
    .digest();
  return base32(bytes.subarray(0, 20)).replace(/.{4}(?=.)/g, '$&-');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)] ?? '').join('');
}

/** Throws `bundle.fingerprint` unless a person typed this file's fingerprint; case, spaces and dashes do not count. */
export function requireFingerprint(file: ApplierFile | StationFile, typed: string, place: string): void {
  const plain = (text: string) => text.replace(/[\s-]/g, '').toUpperCase();
  if (plain(typed) !== plain(fingerprintOf(file))) throw new StationError('bundle.fingerprint', { file: place });
}

/** Reads a P-256 public key, base64 of its DER. Throws `input.invalid`. */
export function readKey(spki: string, place: string): KeyObject {
  const expected = 'a public key on P-256';
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki, 'base64'), type: 'spki', format: 'der' });
  } catch (cause) {
    throw new StationError('input.invalid', { place, expected, found: 'something else' }, { cause });
  }
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  const found = `a key of another kind (${key.asymmetricKeyType ?? '?'})`;
  throw new StationError('input.invalid', { place, expected, found });
}

/** Parses JSON that must be canonical, and its schema. Throws `input.invalid` with the place. */
export function parseCanonical<S extends z.core.$ZodType>(schema: S, bytes: Uint8Array, place: string): z.output<S> {
  let json: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (cause) {
    throw new StationError('input.invalid', { place, expected: 'JSON', found: 'something else' }, { cause });
  }
  const parsed = parse(schema, json, place);
  if (canonical(json as Json) === text) return parsed;
  throw new StationError('input.invalid', { place, expected: 'canonical JSON', found: 'another spelling' });
}
