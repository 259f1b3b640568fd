import * as z from 'zod/mini';
import type { ErrorData } from './errors.ts';

// Copies of signed heads outside of the database, and what people do with them.

const size = z.int().check(z.gte(1), z.lte(Number.MAX_SAFE_INTEGER));

/** A checkpoint as a file has it, or the code of one as it stands in the shift book. */
export const compareSchema = z.union([
  z.strictObject({ note: z.string().check(z.minLength(1), z.maxLength(8_192)) }),
  z.strictObject({ code: z.string().check(z.minLength(1), z.maxLength(100)) }),
]);

export const checkpointSchema = z.strictObject({ shiftEnd: z.exactOptional(z.boolean()) });

/** The head that the log is to be reconciled with, exactly as the stop names it. */
export const reconcileSchema = z.strictObject({
  size,
  /** Base64: 32 bytes, or the 10 that a code tells. */
  root: z.string().check(z.regex(/^[A-Za-z0-9+/]{14,43}={1,2}$/, 'a root in base64')),
});

/** An anchor, and why it does not hold the newest head, if it does not. */
export type AnchorView = { readonly name: string; readonly problem?: string };

export type CheckpointView = {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** For the shift book. */
  readonly code: string;
  /** SHA-256 of the log's P-256 key in hex, as ceremonies' records name it. */
  readonly key: string;
  readonly note: string;
  readonly anchors: readonly AnchorView[];
};

/** `left`: the head is of a log that two people left behind, or may be. */
export type Compared = { readonly verdict: 'same' | 'left'; readonly size: number; readonly entries: number };

/** The audit trail as a screen shows it. */
export type AuditView = {
  /** Why nothing is made and nothing is signed. */
  readonly stopped?: ErrorData;
  readonly head?: { readonly size: number; readonly root: string };
  /** Entries that no signed head covers yet. */
  readonly unsealed: number;
};
