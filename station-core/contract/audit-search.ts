import * as z from 'zod/mini';
import { type AuditAction, auditActions } from './audit-actions.ts';
import type { Role } from './record.ts';
import { askedTime } from './time.ts';

// Looking things up in the audit trail, and one entry with what proves it.

const number = z.int().check(z.gte(0), z.lte(Number.MAX_SAFE_INTEGER));

/** The most entries of one answer. */
export const mostFound = 200;

/** What is looked for: all of it must hold. A unit is named by its serial, a person by name. */
export const searchSchema = z.strictObject({
  unit: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(128))),
  person: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(80))),
  order: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(80))),
  action: z.exactOptional(z.enum(Object.keys(auditActions) as [AuditAction, ...AuditAction[]])),
  /** Written at this time or later. */
  from: z.exactOptional(askedTime),
  /** Written before this time. */
  to: z.exactOptional(askedTime),
  /** Entries below this number, where the answer before went on. */
  before: z.exactOptional(number),
  limit: z.int().check(z.gte(1), z.lte(mostFound)),
});
export type SearchRequest = z.output<typeof searchSchema>;

export const whichEntry = z.strictObject({ seq: number });

/** A commitment of an entry, and what it stands for where that is kept and the asking person may see it. */
export type Named = { readonly commitment: string; readonly name?: string };

/** An entry in a list. One whose bytes are no entry any more says its number alone. */
export type FoundEntry =
  | { readonly seq: number; readonly damaged: true }
  | {
      readonly seq: number;
      readonly at: string;
      readonly action: string;
      readonly result: string;
      readonly reason?: string;
      readonly lane?: number;
      readonly order?: string;
      readonly run?: number;
      readonly unit?: Named;
      readonly actor?: Named;
      readonly approver?: Named;
      readonly role?: Role;
    };

/** Entries, the newest first. `next`: there may be more, to be asked for with `before`; so far was looked. */
export type FoundEntries = { readonly entries: readonly FoundEntry[]; readonly next?: number };

/** One entry with what proves it: everything that a page needs to check it for itself (docs/audit.md). */
export type EntryView = {
  readonly seq: number;
  /** The bytes that were hashed, in base64: damaged ones stay what they are. */
  readonly bytes: string;
  /** The leaf hash as the database has it, base64. */
  readonly leaf: string;
  /** What commitments of the entry stand for, as far as that is kept and the asking person may see it. */
  readonly names: Readonly<Record<string, string>>;
  /** How many entries the log has. */
  readonly entries: number;
  /** Why the entry is under no head, or the newest head and the way to it (RFC 9162 2.1.3), hashes in base64. */
  readonly proof?: { readonly hashes: readonly string[]; readonly head: HeadView };
};

export type HeadView = {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Why it was signed. */
  readonly why: string;
  /** The whole signed checkpoint. */
  readonly note: string;
  /** SubjectPublicKeyInfo of the log's P-256 key, base64, and its SHA-256 in hex, as ceremonies' records name it. */
  readonly publicKey: string;
  readonly fingerprint: string;
};
