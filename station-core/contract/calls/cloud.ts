import * as z from 'zod/mini';
import type { HubLines } from '../api.ts';
import {
  applierFileSchema,
  type BundleView,
  carriedText,
  daysSchema,
  type MadeBundle,
  type StationFile,
  sequenceSchema,
  type TakenReceipts,
} from '../bundle.ts';
import { type CentralReport, compareCentralSchema } from '../central.ts';
import type { CloudCheck } from '../cloud.ts';
import { addKeySchema, type MesLook, whichKey, whichMessage, whichWebhook } from '../mes.ts';
import type { Reconciled } from '../reconcile.ts';
import type { Backlog, ParkedRow } from '../record.ts';
import type { Comparison, SyncLook } from '../sync-look.ts';
import { call, id, moduleId, name, none } from './call.ts';

/** Calls about the cloud, what is carried there, and factory systems. */
export const cloudCalls = {
  'sync.run': call<Backlog>()(none),
  /** What IoT Central has, out of its export, against what was made. Nothing is changed. */
  'sync.compareCentral': call<CentralReport>()(compareCentralSchema),
  /** Lines of an import job (devices.txt) for the units of an order that have no secret: certificates alone. */
  'hub.lines': call<HubLines & { readonly text: string }>()(z.strictObject({ order: name })),
  /** As `hub.lines`, with the keys of units whose keys are still kept. The bytes go beside the answer, to a caller in the station's process. */
  'hub.keyLines': call<HubLines>()(z.strictObject({ order: name })),
  /** A module of a unit with a key of its own, which goes beside the answer, to a caller in the station's process. */
  'hub.module': call<{ host: string; deviceId: string; module: string }>()(
    z.strictObject({ registrationId: z.string().check(z.minLength(1), z.maxLength(128)), module: moduleId }),
  ),
  'sync.parked': call<readonly ParkedRow[]>()(none),
  /** What was asked of the cloud against what is there, and, on request, to which hub each device was assigned. Changes nothing. */
  'sync.reconcile': call<Reconciled>()(
    z.strictObject({ order: z.exactOptional(name), registrations: z.exactOptional(z.boolean()) }),
  ),
  /** A row that waits for a person goes out once more. */
  'sync.retry': call<null>()(z.strictObject({ row: id })),
  /** Over the foreign entry with this etag, which both people looked at; any other version of it stays. */
  'sync.replace': call<null>()(z.strictObject({ row: id, etag: z.string().check(z.minLength(1), z.maxLength(400)) })),
  /** It is never sent; its secret is destroyed. */
  'sync.discard': call<null>()(z.strictObject({ row: id })),
  /** How it stands with the cloud: targets, what waits, what came back, what it cost. */
  'sync.look': call<SyncLook>()(none),
  /** What is in the cloud under a parked row's ID, beside what was wanted. Changes nothing. */
  'sync.compare': call<Comparison>()(z.strictObject({ row: id })),
  /** Whether the cloud can be reached, and what the station may do there; without an effect. */
  'sync.check': call<CloudCheck>()(none),
  /** Pins the machine that bundles are encrypted to, in place of the one before. */
  'bundle.pinApplier': call<{ fingerprint: string }>()(applierFileSchema),
  /** What a machine needs to trust this station's bundles. */
  'bundle.identity': call<{ file: StationFile; fingerprint: string }>()(none),
  /** Puts queued rows into a bundle for the pinned applier; nobody else sends them until its receipts are here or it expired. */
  'bundle.make': call<MadeBundle>()(z.strictObject({ days: daysSchema })),
  /** The very same bundle once more, whose file was lost. */
  'bundle.again': call<MadeBundle>()(z.strictObject({ sequence: sequenceSchema })),
  /** Receipts that came back: only what the pinned applier signed over this bundle's hash ends rows and destroys keys. */
  'bundle.receipts': call<TakenReceipts>()(z.strictObject({ text: carriedText })),
  'bundle.list': call<readonly BundleView[]>()(none),
  /** A new key for a factory system. It is in this answer and nowhere else. */
  'mes.addKey': call<{ key: string }>()(addKeySchema),
  /** The key is worth nothing from the next request on. */
  'mes.revokeKey': call<null>()(whichKey),
  /** Keys of factory systems, and how it stands with webhooks. */
  'mes.look': call<MesLook>()(none),
  /** Everything that waits for this webhook goes out now, also what waited for a person. */
  'mes.retry': call<{ messages: number }>()(whichWebhook),
  /** A message that waits for a person is never sent. */
  'mes.discard': call<null>()(whichMessage),
} as const;
