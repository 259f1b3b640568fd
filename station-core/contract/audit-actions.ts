import * as z from 'zod/mini';
import * as is from './audit-values.ts';
import { labelFormats } from './label.ts';
import { keyScopes } from './mes.ts';
import { languages } from './people.ts';
import { roles } from './record.ts';
import { hows, outcomes } from './run.ts';

// Every action of the audit trail and what its entries say in `details`. The compiler refuses an action that has no row here; a
// test holds the entries of whole lines against it; docs/audit-schema.json and the table of station-core/audit/README.md say the same.

const { text, count, flag, sha256, time, commitment } = is;
const maybe = z.exactOptional;
const of = <S extends z.core.$ZodLooseShape>(shape: S) => z.strictObject(shape);
const nothing = of({});

const hashes = { before: text, after: text };
const issuer = { issuer: text };
const aCertificate = { certificate: count, ...issuer, serialNumber: is.serialNumber };
/** A certificate that goes to a unit or came with it: by whom it is known to others. */
const leaf = { sha256, serialNumber: is.serialNumber };
const aCredential = { operation: is.operation, kind: text, source: text, fingerprint: sha256 };
const aRow = { target: text, action: text, version: count, registrationId: commitment };
/** A key of the log: its public halves, and what the HSM knows them by. */
const aKey = {
  n: count,
  p256: is.publicKey,
  id: text,
  ed25519: maybe(is.publicKey),
  edLabel: maybe(text),
  edId: maybe(text),
};

/** One step of a run: when it began, milliseconds after the run was opened, how long it took, and the error that it broke with. */
const step = of({
  step: text,
  began: is.whole,
  ms: maybe(is.whole),
  broke: maybe(text),
});

const ofStation = {
  'station.founded': of({ mode: z.enum(['practice', 'production']), madeAt: time }),
  'software.started': of({
    lastStop: z.enum(['none', 'clean', 'unclean']),
    node: text,
    platform: text,
    before: maybe(text),
  }),
  'software.stopped': nothing,
  'config.changed': of(hashes),
  'settings.changed': of({ ...hashes, what: text }),
  'settings.restart-asked': nothing,
  'clock.jumped': of({ before: time, after: time, bySeconds: is.whole, seen: z.enum(['running', 'start']) }),
  'clock.confirmed': of({ at: time, before: time }),
  'connection.refused': of({ connections: count, why: text }),
  'call.refused': of({ method: text }),
} as const;

const ofKeys = {
  'hsm.found': of({ state: text, hsm: text, kind: text, label: text, model: text, firmware: text, module: text }),
  'hsm.state': of({ state: text, reason: text, hsm: text }),
  'hsm.unlocked': of({ hsm: text }),
  'key.made': of({ purpose: text }),
  'key.make-begun': of({ label: text }),
  'key.make-done': nothing,
  'key.import-begun': of({ label: text }),
  'key.import-done': nothing,
  'key.unwrap-begun': of({ label: text }),
  'key.unwrap-done': nothing,
  'secret.set': of({ name: text, again: flag }),
  'audit.key-made': of({ ...aKey, origin: text }),
  'audit.key-rotated': of(aKey),
  'audit.origin-begun': of({
    ...aKey,
    origin: text,
    why: z.enum(['key-lost', 'reconciled']),
    quotes: maybe(of({ origin: text, size: count, root: is.base64Hash })),
  }),
  'audit.stopped': of({ place: text, reason: text }),
  'audit.compared': of({ what: text, size: count, verdict: text }),
  'audit.rollback-found': of({ anchor: text, ourSize: count, itsSize: count, itsRoot: text }),
  'audit.reconciled': of({ size: count, root: text, anchor: text, origin: text }),
  'audit.exported': of({
    kind: text,
    manifest: sha256,
    entries: count,
    size: count,
    filter: of({ from: maybe(text), to: maybe(text), order: maybe(text), unit: maybe(commitment) }),
    named: flag,
  }),
} as const;

const ofPeople = {
  'operator.added': of({ person: commitment, role: z.enum(roles), invited: maybe(is.yes) }),
  'operator.signed-in': nothing,
  'operator.signed-out': of({ why: maybe(z.enum(['asked', 'idle', 'left', 'locked', 'changed'])) }),
  'operator.pin-chosen': nothing,
  'operator.locked': nothing,
  'operator.unlocked': of({ person: commitment, by: maybe(z.literal('hsm-pin')) }),
  'operator.reset': of({ person: commitment, by: maybe(z.literal('hsm-pin')) }),
  'operator.left': of({ person: commitment }),
  'operator.role-changed': of({ person: commitment, before: z.enum(roles), role: z.enum(roles) }),
  'operator.badge-given': of({ person: commitment, badge: commitment }),
  'operator.preferred': of({ language: z.enum(languages) }),
  'approval.granted': of({ method: text, operation: sha256 }),
  'approval.used': of({ method: text, operation: sha256 }),
  'recipe.saved': of({ recipe: sha256, name: text, version: count, before: maybe(sha256) }),
  'recipe.approved': of({ recipe: sha256, name: text, version: count, before: maybe(sha256) }),
  'recipe.first-approved': of({ recipe: sha256, name: text, version: count }),
  'order.created': of({ recipe: sha256, quantity: count, units: count, before: maybe(sha256) }),
  // A factory system sent it; `order.created` is beside it, and nobody's.
  'mes.order-taken': of({ key: text, sha256 }),
  'mes.key-added': of({ name: text, scopes: z.array(z.enum(keyScopes)) }),
  'mes.key-revoked': of({ name: text }),
  'order.armed': of({ armed: z.enum(['proven', 'accepted']), slot: maybe(z.enum(['primary', 'secondary'])) }),
  'order.closed': of({ finished: count, quantity: count }),
  'order.reopened': of({ finished: count, quantity: count }),
} as const;

const ofRuns = {
  'lane.armed': of({ how: z.enum(hows) }),
  'lane.disarmed': of({ why: z.enum(['asked', 'idle', 'signed-out']) }),
  'run.opened': of({ recipe: sha256, how: maybe(z.enum(hows)) }),
  'run.abort-asked': nothing,
  'run.closed': of({
    outcome: z.enum(outcomes),
    steps: z.array(step),
    journal: sha256,
    output: maybe(sha256),
    recovered: maybe(is.yes),
  }),
  'lane.stopped': nothing,
  'lane.released': nothing,
  'label.printed': of({ template: text, printer: text, copy: count }),
  'label.parked': of({ template: text }),
  'label.reprinted': of({ template: text, printer: maybe(text), file: maybe(z.enum(labelFormats)), copy: count }),
  'label.tested': of({ template: text, printer: text }),
  'credential.released': of({
    ...aCredential,
    replaces: maybe(is.operation),
    delivery: text,
    storage: maybe(text),
    slot: maybe(z.enum(['primary', 'secondary'])),
    sha256: maybe(sha256),
    serialNumber: maybe(is.serialNumber),
    issuer: maybe(text),
    file: maybe(text),
  }),
  'credential.adopted': of({ ...aCredential, ...leaf, store: maybe(text), storage: maybe(text) }),
  'stored.drawn': of({ operation: is.operation, fingerprint: sha256, ...leaf, store: text }),
  'endorsement.claimed': of({
    endorsementKey: commitment,
    kind: text,
    origin: text,
    template: text,
    genuine: text,
    manufacturer: text,
    owned: flag,
    simulated: flag,
    certificate: maybe(sha256),
    list: maybe(text),
  }),
  'tpm.ownership-begun': of({ secret: text }),
  'unit.lock-begun': nothing,
} as const;

const ofCertificates = {
  'certificate.intended': of({
    ...aCertificate,
    tbs: sha256,
    purpose: text,
    operation: maybe(is.operation),
    subjectOverridden: maybe(is.yes),
    code: maybe(text),
    module: maybe(text),
    renews: maybe(count),
  }),
  'certificate.issued': of({ ...aCertificate, sha256 }),
  'certificate.unsigned': of(aCertificate),
  'certificate.possible': of(aCertificate),
  'certificate.revoked': of({ ...aCertificate, why: text }),
  'crl.signed': of({ ...issuer, number: count, revoked: count, sha256, until: time }),
  'ca.ceremony-begun': of({ ...issuer, suffix: text }),
  'ca.key-made': of({ ...issuer, record: sha256, csr: sha256 }),
  'ca.witnessed': of({ ...issuer, record: sha256 }),
  'ca.imported': of({ ...issuer, sha256, levels: count, warnings: z.array(text) }),
  'ca.quota-set': of({ ...issuer, quota: z.nullable(count) }),
  'ca.retired': of(issuer),
  'ca.destroy-begun': of(issuer),
  'ca.destroyed': of(issuer),
  'ca.exported': of({ ...issuer, format: text, rows: count, sha256 }),
  'store.imported': of({ store: text, origin: text, entries: count, anchors: z.array(sha256) }),
  'endorsement.listed': of({ list: text, keys: count, enrolled: count, sha256 }),
} as const;

const ofCloud = {
  'upload.received': of({ ...aRow, receipt: z.record(text, z.json()), secret: maybe(z.literal('destroyed')) }),
  'upload.parked': of({ ...aRow, requestId: maybe(text) }),
  'upload.retried': of(aRow),
  'upload.replacing': of({ ...aRow, etag: text }),
  'upload.discarded': of({ ...aRow, secret: maybe(z.literal('destroyed')) }),
  'sync.asked': nothing,
  'sync.stopped': of({ target: text }),
  'webhook.parked': of({ webhook: text, message: count, result: count }),
  'webhook.retried': of({ webhook: text, messages: count }),
  'webhook.discarded': of({ webhook: text, message: count }),
  'sync.reconciled': z.record(text, count),
  'central.compared': of({
    sha256,
    devices: count,
    units: count,
    there: count,
    missing: count,
    foreign: count,
    differentKeys: count,
    differentThumbprints: count,
  }),
  'hub.lines': of({ order: text, units: count, withKeys: flag, sha256 }),
  'module.released': of({ module: text, fingerprint: sha256 }),
  'unit.scrapped': of({ why: text, certificates: count }),
  'unit.released': of({ why: text }),
  'unit.reworked': of({ operation: maybe(is.operation) }),
  'unit.replaced': of({ operation: is.operation, certificates: count }),
  'unit.shipped': of({ operation: maybe(is.operation), scanned: flag }),
  'unit.disabled': nothing,
  'unit.enabled': nothing,
  'unit.keyRolled': of({ slot: z.enum(['primary', 'secondary']) }),
  'unit.reprovisioned': of({ changed: text }),
  'unit.deprovisioned': nothing,
  'group.disabled': of({ group: text }),
  'group.enabled': of({ group: text }),
  'group.rolled': of({ group: text, ...issuer }),
  'group.deleted': of({ group: text }),
  'applier.pinned': of({ name: text, fingerprint: text, before: maybe(text) }),
  'bundle.made': of({ sequence: count, sha256, rows: count, applier: text, expiresAt: time }),
  'bundle.written-again': of({ sequence: count, sha256 }),
  'bundle.receipts': of({
    sequence: count,
    number: count,
    sha256,
    done: count,
    parked: count,
    returned: count,
    open: count,
    skipped: count,
  }),
  'bundle.expired': of({ sequence: count, rows: count }),
  'bundle.dropped': of({ sequence: count, rows: count }),
} as const;

const erased = {
  kind: z.enum(['person', 'unit']),
  values: count,
  units: count,
  signIns: count,
  texts: count,
  runs: z.array(count),
  endorsementKeys: count,
  commitments: z.array(commitment),
};

const ofRecords = {
  'privacy.exported': of({ kind: z.enum(['person', 'unit']), values: count, commitments: z.array(commitment) }),
  'privacy.erased': of({ ...erased, reason: text }),
  'privacy.erased-again': of(erased),
  'privacy.held': of({
    hold: count,
    scope: z.enum(['person', 'unit', 'order', 'all']),
    name: maybe(text),
    commitment: maybe(commitment),
  }),
  'privacy.released': of({ hold: count }),
  'backup.made': of({ manifest: sha256, bytes: count, entries: count, sealed: count, expires: maybe(time) }),
} as const;

/** Every action with the schema of its details; an action whose schema is empty has no details. */
export const auditActions = {
  ...ofStation,
  ...ofKeys,
  ...ofPeople,
  ...ofRuns,
  ...ofCertificates,
  ...ofCloud,
  ...ofRecords,
} as const;

export type AuditAction = keyof typeof auditActions;

export const isAuditAction = (action: string): action is AuditAction => Object.hasOwn(auditActions, action);
