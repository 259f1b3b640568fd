import * as z from 'zod/mini';
import { type ExportView, exportSchema } from '../audit.ts';
import {
  type AnchorView,
  type AuditView,
  type CheckpointView,
  type Compared,
  checkpointSchema,
  compareSchema,
  reconcileSchema,
} from '../audit-anchors.ts';
import { type EntryView, type FoundEntries, searchSchema, whichEntry } from '../audit-search.ts';
import {
  type Erased,
  type ErasureView,
  type HoldView,
  holdSchema,
  type PersonalRecord,
  reasonSchema,
  subjectSchema,
} from '../privacy.ts';
import type { AuditReport } from '../record.ts';
import { call, id, none } from './call.ts';

/** Calls about the audit trail and privacy. */
export const auditCalls = {
  /** What erasing would take and what it would leave. */
  'privacy.look': call<ErasureView>()(z.strictObject({ subject: subjectSchema })),
  /** Everything that is kept about a person or a unit. */
  'privacy.export': call<PersonalRecord>()(z.strictObject({ subject: subjectSchema })),
  /** Empties what names a person or a unit, for good. The audit trail keeps every byte. */
  'privacy.erase': call<ErasureView & { readonly erased: Erased }>()(
    z.strictObject({ subject: subjectSchema, reason: reasonSchema }),
  ),
  /** From now on nothing that it covers is erased, by nobody. */
  'privacy.hold': call<{ hold: number }>()(holdSchema),
  'privacy.release': call<null>()(z.strictObject({ hold: id })),
  'privacy.holds': call<readonly HoldView[]>()(none),
  'audit.verify': call<AuditReport>()(none),
  /** Writes an export of the audit trail into the station's folder, with proofs (docs/audit.md). */
  'audit.export': call<ExportView>()(exportSchema),
  /** As `audit.export`, with the clear names of people and units. */
  'audit.exportNamed': call<ExportView>()(exportSchema),
  /** Entries that say what is looked for, the newest first. */
  'audit.search': call<FoundEntries>()(searchSchema),
  /** One entry, and what proves it. */
  'audit.entry': call<EntryView>()(whichEntry),
  /** Another key for the log; the one before signs for it and is destroyed. */
  'audit.rotateKey': call<{ n: number; fingerprint: string }>()(none),
  /** The log's key is lost: it goes on under another origin, whose first entry quotes the last head. */
  'audit.beginOrigin': call<{ n: number; origin: string; fingerprint: string }>()(none),
  /** Signs the head of the audit trail now, and tells its code for the shift book. */
  'audit.checkpoint': call<CheckpointView>()(checkpointSchema),
  /** Compares the audit trail with a head that a person shows; one that it does not hold stops the station. */
  'audit.compare': call<Compared>()(compareSchema),
  /** How the audit trail stands: whether it is stopped, its newest head, and where copies of that are. */
  'audit.anchors': call<AuditView & { readonly anchors: readonly AnchorView[] }>()(none),
  /** Two people go on with this log, although an anchor knows another head; under another origin, which quotes that one. */
  'audit.reconcile': call<CheckpointView>()(reconcileSchema),
} as const;
