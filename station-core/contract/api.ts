import * as z from 'zod/mini';
import {
  firstArticleSchema,
  lookUnitSchema,
  type OpenUnit,
  openUnitsSchema,
  releaseUnitSchema,
  shipSchema,
  type UnitLook,
  whichOne,
} from './after.ts';
import { type ExportView, exportSchema } from './audit.ts';
import {
  type AnchorView,
  type AuditView,
  type CheckpointView,
  type Compared,
  checkpointSchema,
  compareSchema,
  reconcileSchema,
} from './audit-anchors.ts';
import { type EntryView, type FoundEntries, searchSchema, whichEntry } from './audit-search.ts';
import type { Backups, BackupView } from './backup.ts';
import {
  applierFileSchema,
  type BundleView,
  carriedText,
  daysSchema,
  type MadeBundle,
  type StationFile,
  sequenceSchema,
  type TakenReceipts,
} from './bundle.ts';
import {
  beginSchema,
  type CeremonyRecord,
  type CeremonyView,
  type CertificateView,
  type ExpiringPage,
  expiringSchema,
  exportFormats,
  findSchema,
  type IssuedView,
  type IssuerView,
  issuerName,
  quotaSchema,
  revocationReasons,
} from './ca.ts';
import { type CentralReport, compareCentralSchema } from './central.ts';
import type { ClockView } from './clock.ts';
import type { CloudCheck } from './cloud.ts';
import { reprovisionSchema } from './enrollment.ts';
import type { HsmReport } from './hsm.ts';
import {
  type AskedLabel,
  type LabelFile,
  type LabelsView,
  labelFileSchema,
  type PrintingView,
  previewLabelSchema,
  reprintSchema,
  testLabelSchema,
} from './label.ts';
import { type ArmedLane, laneNumber as lane, scanSchema } from './lanes.ts';
import type { LightView } from './lights.ts';
import { addKeySchema, type MesLook, whichKey, whichMessage, whichWebhook } from './mes.ts';
import {
  figuresSchema,
  findUnitsSchema,
  importOrderSchema,
  type ListedUnit,
  type OrderFigures,
  type OrderPreview,
  type Page,
  type ParkedUnit,
  parkedUnitsSchema,
  previewSchema,
  type QuarantinedUnit,
  quarantineSchema,
  unitsSchema,
  whichOrder,
} from './orders.ts';
import {
  addSchema,
  badgeSchema,
  type Invited,
  type Language,
  type PersonView,
  personSchema,
  preferSchema,
  signInSchema,
} from './people.ts';
import {
  type Erased,
  type ErasureView,
  type HoldView,
  holdSchema,
  madeBackupSchema,
  type PersonalRecord,
  reasonSchema,
  subjectSchema,
} from './privacy.ts';
import { type PrintedRun, whichOutput } from './programmer.ts';
import { groupId, recipeSchema } from './recipe.ts';
import { type RecipeChecked, type RecipeRow, type RecipeView, recipeHash } from './recipes.ts';
import type { Reconciled } from './reconcile.ts';
import type { AuditReport, Backlog, HsmView, LaneView, Mode, Order, ParkedRow, Role, SyncState } from './record.ts';
import type { Run } from './run.ts';
import type { MissedScans, ScannerView, Scanning } from './scanners.ts';
import { type SettingsView, settingsSchema } from './settings.ts';
import {
  createSchema,
  lookSchema,
  type PortFound,
  type Reach,
  reachSchema,
  type SetUp,
  type SetupLook,
  tokenSchema,
} from './setup.ts';
import { type ImportedView, importListSchema, importSchema, type StoreView } from './store.ts';
import type { Comparison, SyncLook } from './sync-look.ts';
import { isTime } from './time.ts';
import { type EkListView, type ImportedEkList, importEkListSchema, secretName } from './tpm.ts';
import type { UnitStory } from './unit-story.ts';

// Every call of the station: its name, the schema of its parameters, the type of its result. Who may make it stands in
// contract/roles.ts, and the compiler asks for a row there, a handler in station.ts, and nothing else.

const none = z.strictObject({});
const name = z.string().check(z.minLength(1), z.maxLength(80));
const serial = z.string().check(z.minLength(1), z.maxLength(128));
const id = z.int().check(z.gte(1));
const label = z.string().check(z.minLength(1), z.maxLength(64));
const mac = z.string().check(z.regex(/^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/, 'a MAC like A1:B2:C3:D4:E5:F6'));

const unitSchema = z.strictObject({
  serial,
  mac: z.exactOptional(mac),
  /** What else the order says of this unit; templates may use it. */
  facts: z.exactOptional(
    z.record(z.string().check(z.regex(/^[a-z][a-z0-9_]{0,31}$/, 'a fact name')), z.string().check(z.maxLength(256))),
  ),
});

const orderSchema = z.strictObject({
  name,
  recipe: recipeSchema,
  units: z.array(unitSchema).check(z.minLength(1), z.maxLength(100_000)),
  /** How many of them may be made; all, when left out. */
  quantity: z.exactOptional(z.int().check(z.gte(1))),
});

const whichUnit = z.strictObject({ serial, order: z.exactOptional(name) });
const moduleId = z.string().check(z.regex(/^[A-Za-z0-9._:-]{0,62}[A-Za-z0-9-]$/, 'a module ID'));

const whichGroup = z.strictObject({ group: groupId });

/** An operation as two people see it: exactly this call with exactly these parameters. */
const operationSchema = z.strictObject({ method: name, params: z.json() });

export const api = {
  /** By name or badge. With a one-time code, or to change it, the person's new PIN comes with it. */
  'operators.signIn': call<SignedIn>()(signInSchema),
  'operators.signOut': call<null>()(none),
  /** Somebody uses the screen's keys or pointer: the session does not end for idleness. */
  'operators.active': call<null>()(none),
  /** Answers a one-time code, or takes a PIN beside the call from a caller in the station's process. Who left comes back by it. */
  'operators.add': call<Invited>()(addSchema),
  /** A new one-time code in the place of a PIN that was forgotten. */
  'operators.reset': call<Invited>()(personSchema),
  'operators.unlock': call<null>()(personSchema),
  'operators.leave': call<null>()(personSchema),
  'operators.changeRole': call<null>()(addSchema),
  /** A badge that others made names this person from now on. */
  'operators.badge': call<null>()(badgeSchema),
  /** In which language the screens speak to whoever asks for it. */
  'operators.prefer': call<null>()(preferSchema),
  'operators.list': call<readonly PersonView[]>()(none),
  'approvals.approve': call<{ approval: string }>()(operationSchema),
  'station.describe': call<StationDescription>()(none),
  'station.view': call<StationView>()(none),
  'events.follow': call<{ next: number }>()(z.strictObject({ since: z.int().check(z.gte(0)) })),
  'recipes.approve': call<{ hash: string; warnings: readonly string[] }>()(z.strictObject({ recipe: recipeSchema })),
  'recipes.list': call<readonly RecipeRow[]>()(none),
  'recipes.show': call<RecipeView>()(z.strictObject({ hash: recipeHash })),
  /** What is wrong with a recipe that somebody writes, every place of it, and what to think of. */
  'recipes.check': call<RecipeChecked>()(z.strictObject({ recipe: z.json() })),
  /** Keeps a recipe, not yet in force, for two people to look at. */
  'recipes.save': call<{ hash: string; warnings: readonly string[] }>()(z.strictObject({ recipe: recipeSchema })),
  /** A lead looked at the first unit that passed with this version: others may be made. */
  'recipes.approveFirst': call<null>()(firstArticleSchema),
  'orders.create': call<Order & { readonly warnings: readonly string[] }>()(orderSchema),
  'orders.list': call<readonly Order[]>()(none),
  'orders.arm': call<Order>()(z.strictObject({ order: name, accept: z.exactOptional(z.boolean()) })),
  /** What an order file would make and all that is wrong with it, also against the units that are there. Without an effect. */
  'orders.preview': call<OrderPreview>()(previewSchema),
  /** Makes the order of a file, whole or not at all. */
  'orders.import': call<Order & { readonly warnings: readonly string[] }>()(importOrderSchema),
  /** Yield, takt, run times and failures of a shift. */
  'orders.figures': call<OrderFigures>()(figuresSchema),
  'orders.units': call<Page<ListedUnit>>()(unitsSchema),
  /** Units whose serial begins so, at most fifty; `more` says that there may be others. */
  'orders.find': call<{ readonly rows: readonly ListedUnit[]; readonly more: boolean }>()(findUnitsSchema),
  /** Units that may not ship, and what to do about each. */
  'orders.quarantine': call<Page<QuarantinedUnit>>()(quarantineSchema),
  /** Units whose upload waits for a person. */
  'orders.parked': call<Page<ParkedUnit>>()(parkedUnitsSchema),
  /** No further run of its units begins; those that go on end as they would. */
  'orders.close': call<Order>()(whichOrder),
  'orders.reopen': call<Order>()(whichOrder),
  'run.start': call<{ run: number }>()(scanSchema),
  'run.abort': call<null>()(z.strictObject({ run: id })),
  'run.show': call<Run>()(z.strictObject({ run: id })),
  /** A run, and what an external programmer printed during it. */
  'run.output': call<PrintedRun>()(whichOutput),
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
  /** A backup was made and checked: the audit trail tells of it. */
  'backup.note': call<null>()(madeBackupSchema),
  /** Makes a backup in the station's folder for them, checks it, and tells the audit trail. */
  'backup.make': call<BackupView>()(none),
  'backup.list': call<Backups>()(none),
  'audit.verify': call<AuditReport>()(none),
  /** Writes an export of the audit trail into the station's folder, with proofs (docs/audit.md). */
  'audit.export': call<ExportView>()(exportSchema),
  /** As `audit.export`, with the clear names of people and units. */
  'audit.exportNamed': call<ExportView>()(exportSchema),
  /** Entries that say what is looked for, the newest first. */
  'audit.search': call<FoundEntries>()(searchSchema),
  /** One entry, and what proves it. */
  'audit.entry': call<EntryView>()(whichEntry),
  /** Everything that is kept of the units with this serial, and no secret. */
  'unit.story': call<readonly UnitStory[]>()(z.strictObject({ serial })),
  /** Another key for the log; the one before signs for it and is destroyed. */
  'audit.rotateKey': call<{ n: number; fingerprint: string }>()(none),
  /** The log's key is lost: it goes on under another origin, whose first entry quotes the last head. */
  'audit.beginOrigin': call<{ n: number; origin: string; fingerprint: string }>()(none),
  /** The station's token, or the one with the audit log's keys. */
  'hsm.unlock': call<HsmView>()(
    z.strictObject({
      pin: z.string().check(z.minLength(1), z.maxLength(64)),
      token: z._default(z.enum(['station', 'audit']), 'station'),
    }),
  ),
  /** Signs the head of the audit trail now, and tells its code for the shift book. */
  'audit.checkpoint': call<CheckpointView>()(checkpointSchema),
  /** Compares the audit trail with a head that a person shows; one that it does not hold stops the station. */
  'audit.compare': call<Compared>()(compareSchema),
  /** How the audit trail stands: whether it is stopped, its newest head, and where copies of that are. */
  'audit.anchors': call<AuditView & { readonly anchors: readonly AnchorView[] }>()(none),
  /** Two people go on with this log, although an anchor knows another head; under another origin, which quotes that one. */
  'audit.reconcile': call<CheckpointView>()(reconcileSchema),
  'hsm.inspect': call<HsmReport>()(none),
  'hsm.importGroupKey': call<{ label: string; id: string; checkValue: string }>()(z.strictObject({ label })),
  'hsm.makeUnwrappingKey': call<{ label: string; id: string; publicKey: string }>()(z.strictObject({ label })),
  'hsm.unwrapGroupKey': call<{ label: string; id: string; checkValue: string }>()(
    z.strictObject({
      label,
      /** The key pair that `hsm.makeUnwrappingKey` made. */
      key: z.strictObject({
        label,
        id: z.string().check(z.maxLength(64)),
        publicKey: z.string().check(z.maxLength(2_048)),
      }),
      /** What the group key's owner wrapped with its public key: base64. */
      wrapped: z.string().check(z.regex(/^[A-Za-z0-9+/]{4,2048}={0,2}$/, 'base64')),
    }),
  ),
  /** Makes an intermediate's key in the HSM and its CSR for the root: two custodians; a third person witnesses. */
  'ca.begin': call<IssuerView>()(beginSchema),
  /** A witness, who is neither custodian, confirms the ceremony; its record is signed with the audit key. */
  'ca.witness': call<CeremonyRecord>()(z.strictObject({ name: issuerName })),
  /** The signed certificate and everything above it, PEM in any order. */
  'ca.import': call<IssuerView>()(z.strictObject({ name: issuerName, chain: z.string().check(z.maxLength(65_536)) })),
  /** Practice only: a root in the HSM signs the CSR, as its owner would offline. */
  'ca.practiceSign': call<{ chain: string }>()(z.strictObject({ name: issuerName })),
  /** Proof of possession: the certificate whose CN is the code that DPS or IoT Central shows. */
  'ca.verify': call<{ certificate: string }>()(
    z.strictObject({ name: issuerName, code: z.string().check(z.maxLength(128)) }),
  ),
  /** Certificates for the CSRs of an order's units, many at a time; each fares alone, and one that has its own gets it again. */
  'ca.issue': call<readonly IssuedView[]>()(
    z.strictObject({
      order: name,
      csrs: z
        .array(z.strictObject({ name: z.string().check(z.maxLength(256)), csr: z.string().check(z.maxLength(20_000)) }))
        .check(z.minLength(1), z.maxLength(1_000)),
    }),
  ),
  /** Two people read the time from a watch that they trust: the clock is right now, although a later time was written before. */
  'clock.confirm': call<{ at: string; before: string }>()(
    z.strictObject({
      at: z
        .string()
        .check(
          z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/, 'a time like 2026-11-20T21:59Z'),
          z.refine(isTime, 'a time that there is'),
        ),
    }),
  ),
  /** What the clock says, and why nothing is issued where it cannot be right. */
  'clock.show': call<ClockView>()(none),
  'ca.find': call<readonly CertificateView[]>()(findSchema),
  /** Certificates that end within so many days and have no successor of the same key, those that end first before the others. */
  'ca.expiring': call<ExpiringPage>()(expiringSchema),
  /** How far an intermediate's ceremony came: who made its key when, and how that is kept; who witnessed it. */
  'ca.ceremony': call<CeremonyView>()(z.strictObject({ name: issuerName })),
  /** A certificate for a module of a unit, CN=<deviceid>/<moduleid> (F-12), from its CSR, PEM or base64. */
  'ca.module': call<{ certificate: CertificateView; chain: string }>()(
    z.strictObject({
      registrationId: z.string().check(z.minLength(1), z.maxLength(64)),
      module: moduleId,
      csr: z.string().check(z.maxLength(20_000)),
    }),
  ),
  /** A new certificate for the same key, from the request that was kept; an individual enrollment gets it in its other slot. */
  'ca.renew': call<{ certificate: CertificateView; chain: string }>()(z.strictObject({ certificate: id })),
  'ca.revoke': call<CertificateView>()(z.strictObject({ certificate: id, reason: z.enum(revocationReasons) })),
  /** The unit is thrown away: its certificates are revoked, its cloud entry is disabled, it is never made again. */
  'unit.scrap': call<null>()(
    z.strictObject({ serial, order: z.exactOptional(name), reason: z.enum(revocationReasons) }),
  ),
  /** The units that a label means, where each stands, and what may be done with it now. */
  'unit.look': call<readonly UnitLook[]>()(lookUnitSchema),
  /** Out of quarantine: a lead looked at the unit, which may be made again. */
  'unit.release': call<null>()(releaseUnitSchema),
  /** Through the line once more, with the same operation id and credential. */
  'unit.rework': call<null>()(whichOne),
  /** Through the line once more, where its key is kept no more: another credential, which names the one before. */
  'unit.replace': call<null>()(whichOne),
  /** The unit leaves, once it is all that its recipe asks of a unit that is packed. */
  'unit.ship': call<null>()(shipSchema),
  /** Units whose credential was neither shipped, nor made void, nor re-issued, in the order of their orders. */
  'unit.open': call<Page<OpenUnit>>()(openUnitsSchema),
  /** The unit may not register until it is enabled again. */
  'unit.disable': call<null>()(whichUnit),
  'unit.enable': call<null>()(whichUnit),
  /** A new random key in one slot of a symmetric enrollment. With the primary one the unit is out until it is made again. */
  'unit.rollKey': call<null>()(z.extend(whichUnit, { slot: z.enum(['primary', 'secondary']) })),
  /** Another policy, hub or twin for the next time that the unit registers. */
  'unit.reprovision': call<null>()(z.extend(whichUnit, { changes: reprovisionSchema })),
  /** The unit leaves the cloud: its entry is deleted, or disabled where a group could let it in again, then its registration record. */
  'unit.deprovision': call<null>()(whichUnit),
  /** An enrollment group of X.509 units; one with symmetric keys is its owner's alone. */
  'group.disable': call<null>()(whichGroup),
  'group.enable': call<null>()(whichGroup),
  /** Another intermediate of this station in the group's secondary slot, before the one in force ends. */
  'group.roll': call<null>()(z.extend(whichGroup, { issuer: issuerName })),
  /** Its registration records, then the group: its units cannot register any more. */
  'group.delete': call<null>()(whichGroup),
  /** Signs the list of what this issuer revoked. */
  'ca.crl': call<{ crl: string; number: number }>()(
    z.strictObject({ name: issuerName, days: z._default(z.int().check(z.gte(1), z.lte(3_650)), 30) }),
  ),
  'ca.quota': call<IssuerView>()(z.strictObject({ name: issuerName, quota: z.nullable(quotaSchema) })),
  /** From now on it signs CRLs only. */
  'ca.retire': call<IssuerView>()(z.strictObject({ name: issuerName })),
  /** Signs a final CRL, good until its certificate ends, and destroys the key; without a certificate there is no CRL. */
  'ca.destroy': call<{ crl?: string; number?: number }>()(z.strictObject({ name: issuerName })),
  /** The newest CRL that was signed, once more. */
  'ca.lastCrl': call<{ crl: string; number: number }>()(z.strictObject({ name: issuerName })),
  'ca.record': call<CeremonyRecord>()(z.strictObject({ name: issuerName })),
  /** Certificates of an issuer: OpenSSL's index.txt, CSV, or PEM of the leaves. Public parts only (F-65). */
  'ca.export': call<{ text: string; rows: number }>()(
    z.strictObject({ name: issuerName, format: z.enum(exportFormats) }),
  ),
  'ca.list': call<readonly IssuerView[]>()(none),
  /** Certificates with their keys, made ahead by others: all files or nothing (F-70). */
  'store.import': call<ImportedView>()(importSchema),
  /** A vendor's list of certificates whose keys are in the units already (F-69). */
  'store.importList': call<ImportedView>()(importListSchema),
  'store.list': call<readonly StoreView[]>()(none),
  /** A TPM maker's list of endorsement keys: whole or not at all, enrolled early by a recipe, and matched when units are seen. */
  'tpm.importList': call<ImportedEkList>()(importEkListSchema(recipeSchema)),
  'tpm.lists': call<readonly EkListView[]>()(none),
  /** A secret that recipes name; its bytes come beside the call, from a caller in the station's process. */
  'secret.set': call<{ name: string }>()(z.strictObject({ name: secretName })),
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
  'secret.list': call<readonly { readonly name: string; readonly setAt: string }[]>()(none),
  /** Set-up, while the folder has no station: tokens, and what is known of this machine. */
  'setup.look': call<SetupLook>()(lookSchema),
  /** Chooses the token that `hsm.unlock` then logs in to. */
  'setup.useToken': call<HsmView>()(tokenSchema),
  'setup.checkCloud': call<Reach>()(reachSchema),
  /** Makes the station, whole or not at all, and opens it: from then on every call is the station's. */
  'setup.create': call<SetUp>()(createSchema),
  /** Serial ports that are plugged in right now. */
  'ports.list': call<readonly PortFound[]>()(none),
  'settings.show': call<SettingsView>()(none),
  'settings.change': call<SettingsView>()(settingsSchema),
  /** Ends the station in order, so that whoever watches over it starts it again. */
  'settings.restart': call<null>()(none),
  /** A lane that stopped since two units claim to be one goes on. */
  'lane.release': call<null>()(z.strictObject({ lane })),
  /** A scan for a fixture that takes both hands: the run starts when the unit is plugged in. In place of a scan before. */
  'lane.arm': call<ArmedLane>()(scanSchema),
  'lane.disarm': call<null>()(z.strictObject({ lane })),
  /** Printers, templates, and labels that did not come out yet. */
  'labels.look': call<LabelsView>()(none),
  /** A template with values that are nobody's, as a file. */
  'label.preview': call<LabelFile>()(previewLabelSchema),
  /** The same on a printer. */
  'label.test': call<null>()(testLabelSchema),
  /** The label of a unit that passed, once more; one that waits is not printed twice for it. */
  'label.reprint': call<AskedLabel>()(reprintSchema),
  /** The same as a file, which counts like a label that was printed. */
  'label.file': call<LabelFile & { readonly label: number; readonly copy: number }>()(labelFileSchema),
  /** From now on what serial scanners read goes to whoever asks, and to nobody else. */
  'scanners.take': call<MissedScans>()(none),
} as const;

export type Method = keyof typeof api;
export type Params<M extends Method> = z.output<(typeof api)[M]['params']>;
export type Result<M extends Method> = (typeof api)[M] extends Call<infer _, infer R> ? R : never;
export type OrderInput = z.output<typeof orderSchema>;
export type UnitInput = z.output<typeof unitSchema>;
export type Operation = z.output<typeof operationSchema>;

export const isMethod = (method: string): method is Method => Object.hasOwn(api, method);

/** How many units of an order have a line, and how many have none: their keys are not asked for, or are kept no more. */
export type HubLines = { readonly units: number; readonly left: number };

export type SignedIn = {
  readonly session: string;
  readonly name: string;
  readonly role: Role;
  readonly language?: Language;
};

export type StationDescription = {
  /** The folder has no station yet: only set-up answers (contract/setup.ts). */
  readonly toSetUp?: true;
  readonly station: string;
  readonly mode: Mode;
  readonly version: string;
  /** Nobody can sign in while the HSM is locked: somebody has to unlock it first. */
  readonly hsm: 'ready' | 'locked' | 'down';
  /** The ready-made people of practice with their PINs, which are no secret there; none in production. */
  readonly practice: readonly { readonly name: string; readonly pin: string; readonly role: Role }[];
  readonly scanning: Scanning;
  /** Labels to scan on the practice line, the next ones first; none in production. */
  readonly labels: readonly string[];
};

/** Everything that a screen draws, as of event `n`. */
export type StationView = {
  readonly n: number;
  readonly lanes: readonly LaneView[];
  readonly orders: readonly Order[];
  readonly backlog: Backlog;
  readonly sync: SyncState;
  readonly hsm: HsmView;
  readonly audit: AuditView;
  /** Scanners at serial ports; those that type are keyboards to everybody. */
  readonly scanners: readonly ScannerView[];
  /** Stack lights, once each was told something. */
  readonly lights: readonly LightView[];
  /** Labels; left out on a station without printers. */
  readonly printing?: PrintingView;
};

type Call<S extends z.core.$ZodType, R> = { readonly params: S; readonly result?: R };

/** Declares a call: its result's type first, then its parameters' schema. */
function call<R>(): <S extends z.core.$ZodType>(params: S) => Call<S, R> {
  return (params) => ({ params });
}
