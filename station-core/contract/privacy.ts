import * as z from 'zod/mini';
import { time } from './audit-values.ts';

const person = z.string().check(z.minLength(1), z.maxLength(80));
const unit = z.string().check(z.minLength(1), z.maxLength(128));

/** Whom records are about: a person by name, or a unit by its serial. */
export const subjectSchema = z.union([z.strictObject({ person }), z.strictObject({ unit })]);
export type SubjectName = z.output<typeof subjectSchema>;

/** It stays in the audit trail, or in the record of a hold: no names. */
export const reasonSchema = z.string().check(z.minLength(1), z.maxLength(200));

export const holdSchema = z.union([
  z.strictObject({ scope: z.literal('all'), reason: reasonSchema }),
  z.strictObject({ scope: z.literal('person'), name: person, reason: reasonSchema }),
  z.strictObject({ scope: z.literal('unit'), name: unit, reason: reasonSchema }),
  z.strictObject({ scope: z.literal('order'), name: person, reason: reasonSchema }),
]);

export type HoldScope = z.output<typeof holdSchema>['scope'];

/** A legal hold; `name` is of the person, unit or order. */
export type HoldView = {
  readonly id: number;
  readonly scope: HoldScope;
  readonly name?: string;
  readonly reason: string;
  readonly placedAt: string;
  readonly releasedAt?: string;
};

/** What an erasure leaves, how many of it, and why it may stay. */
export type Kept = { readonly what: string; readonly rows: number; readonly why: string };

/** What the cloud may have of a unit, as the station last knew it: to be asked for, or deleted, there. */
export type AtCloud = { readonly target: string; readonly registrationId: string; readonly what: string };

/** What would be erased, and what would stay. */
export type ErasureView = {
  readonly kind: 'person' | 'unit';
  /** Clear values that go, by what they are. */
  readonly values: { readonly [label: string]: number };
  readonly units: number;
  /** Lines of the station's log that name it: they go. */
  readonly logLines: number;
  readonly kept: readonly Kept[];
  readonly cloud: readonly AtCloud[];
  /** Files for others that name it and lie in the station's folder: theirs to delete. What was carried away, nobody here knows. */
  readonly files: readonly string[];
};

/** How many rows of each kind an erasure emptied. */
export type Erased = {
  readonly values: number;
  readonly units: number;
  readonly signIns: number;
  /** Free texts of journal, outbox, stopped lanes and holds that lost a name. */
  readonly texts: number;
  /** Runs whose journal is among those texts. */
  readonly runs: readonly number[];
  readonly endorsementKeys: number;
};

/** A row of a table, in clear; bytes in base64. */
export type RecordRow = { readonly [column: string]: unknown };

/** Everything that is kept about a person or a unit, but no secret and no sign-in. */
export type PersonalRecord = {
  readonly schema: 1;
  readonly kind: 'person' | 'unit';
  readonly madeAt: string;
  readonly station: string;
  /** Clear values, each with the salt (base64) that opens its commitment. */
  readonly disclosures: readonly RecordRow[];
  /** Rows of each table that are about the subject. */
  readonly tables: { readonly [table: string]: readonly RecordRow[] };
  /** Entries of the audit trail that name one of the commitments, byte for byte. */
  readonly entries: readonly { readonly seq: number; readonly bytes: string }[];
  readonly logs: readonly string[];
  readonly files: readonly string[];
  readonly cloud: readonly AtCloud[];
};

/** What a backup is known by. */
export const madeBackupSchema = z.strictObject({
  /** SHA-256 of its manifest, in hex. */
  manifest: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'SHA-256 in hex')),
  bytes: z.int().check(z.gte(1)),
  entries: z.int().check(z.gte(0)),
  sealed: z.int().check(z.gte(0)),
  expires: z.exactOptional(time),
});
