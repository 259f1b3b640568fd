import { createHash } from 'node:crypto';
import { isoTime } from './clock.ts';
import { cloudAnchor } from './cloud-anchor.ts';
import type { Json } from './contract/canonical.ts';
import { StationError } from './contract/errors.ts';
import { type Recipe, targetNames } from './contract/recipe.ts';
import type { SyncState } from './contract/record.ts';
import { carriedOf } from './credential-keys.ts';
import type { Station } from './station.ts';
import { dayOf } from './store/billed.ts';
import { labelOf, type OutboxRow } from './store/outbox.ts';
import { noteBacklog, type Records } from './store/records.ts';
import { Pump } from './sync/pump.ts';
import { targets } from './sync/targets/registry.ts';
import type { Fate } from './sync/targets/target.ts';

/** The station's pump: its targets, what goes into their requests, and what the audit says of each row's end. */
export function makePump(station: Station, tell: (sync: SyncState) => void): Pump {
  const { records, parts, keys } = station;
  const { client, handOver, hub, centralFolder, hsm, clock, log } = parts;
  const carried = carriedOf({ hsm, records, sealing: keys.sealing });
  return new Pump({
    records,
    clock,
    targets: [
      ...(client ? [targets.dps({ client, carriedOf: carried, anchor: cloudAnchor(station) })] : []),
      ...(handOver === undefined ? [] : [targets.folder({ folder: handOver, carriedOf: carried })]),
      ...(hub ? [targets.hub({ client: hub, carriedOf: carried })] : []),
      ...(centralFolder === undefined ? [] : [targets.central({ folder: centralFolder })]),
    ],
    random: Math.random,
    settled: (row, fate) => settled(station, row, fate),
    billed: (rows, operations) => bill(records, rows, operations, clock.now()),
    counted: () => noteBacklog(records, isoTime(clock)),
    stopped: (target, { code }) => {
      station.audit.append({ action: 'sync.stopped', result: 'failed', reason: code, details: { target } });
    },
    tell,
    incident: log.incident,
  });
}

/** What a station lacks that its waiting rows need, in words. */
const lacking = {
  dps: ({ client }: Station['parts']) => (client ? undefined : 'no DPS connection string was given'),
  folder: ({ handOver }: Station['parts']) => (handOver === undefined ? 'no folder for who enrols by hand' : undefined),
  hub: ({ hub }: Station['parts']) => (hub ? undefined : 'no IoT hub'),
  central: ({ centralFolder }: Station['parts']) =>
    centralFolder === undefined ? 'no folder for IoT Central' : undefined,
} as const satisfies Record<Recipe['target'], (parts: Station['parts']) => string | undefined>;

/** What this station lacks to send to a target, in words; nothing when it can. */
export const lacksTarget = (parts: Station['parts'], target: Recipe['target']): string | undefined =>
  lacking[target](parts);

/** Throws `cloud.not-configured` when units of this target can never be told to the cloud by this station. */
export function requireTarget({ parts }: Station, target: Recipe['target']): void {
  const what = lacksTarget(parts, target);
  if (what !== undefined) throw new StationError('cloud.not-configured', { what });
}

/** Throws `cloud.not-configured` when a row waits that this station has no way for. */
export function requireTargets(station: Station): void {
  for (const target of targetNames) if (station.records.outbox.waits(target)) requireTarget(station, target);
}

/** Inside the commit that settles a row: its audit entry and, with the receipt, the end of its secret. */
export function settled({ records, audit }: Station, row: OutboxRow, fate: Fate): void {
  if ('retry' in fate) return; // a try that waits for the next changes nothing anywhere
  // An entry for a head that arrived would ask for another head, for ever.
  if (row.action === 'anchor' && 'done' in fate) return;
  const said = rowSaid(records, row);
  const about = records.units.said(row.registrationId);
  if ('park' in fate) {
    const { code, details } = fate.park;
    const asked = typeof details.requestId === 'string' ? { requestId: details.requestId } : {};
    audit.append({ action: 'upload.parked', result: 'failed', reason: code, ...about, details: { ...said, ...asked } });
    return;
  }
  const receipt = receiptSaid(records, fate.done);
  // Storing the receipt and destroying the secret is one transaction (docs/design.md, Credentials).
  const details = { ...said, receipt, ...destroySecret(records, row.credential) };
  audit.append({ action: 'upload.received', result: 'ok', ...about, details });
}

/** Inside a commit: how the audit names a row, which goes to the cloud under the ID of a unit or of a group. */
export function rowSaid(
  { disclosures }: Pick<Records, 'disclosures'>,
  { target, action, version, registrationId }: Pick<OutboxRow, 'target' | 'action' | 'version' | 'registrationId'>,
) {
  const { commitment } = disclosures.put(labelOf(action), registrationId);
  return { target, action, version, registrationId: commitment };
}

/** Inside a commit: the secret of a row that has come to its end is kept no more. Answers what the audit says of it. */
export function destroySecret(
  { credentials }: Pick<Records, 'credentials'>,
  credential: number | null,
): { readonly secret?: 'destroyed' } {
  if (credential === null) return {};
  const { kind, sealed } = credentials.byId(credential) ?? {};
  credentials.destroy(credential);
  return kind === 'symmetric-key' && sealed ? { secret: 'destroyed' } : {};
}

/** Inside a commit: a receipt with commitments where it names a device. One that is no JSON object is another program's: its hash. */
function receiptSaid(
  { disclosures }: Pick<Records, 'disclosures'>,
  receipt: string,
): { readonly [name: string]: Json } {
  const read = jsonObject(receipt);
  if (read) return disclosures.committed(read) as { readonly [name: string]: Json };
  return { sha256: createHash('sha256').update(receipt, 'utf8').digest('hex') };
}

function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // a receipt that an applier signed may be any text
  }
}

/** Inside the commit: what a call was billed for, shared among the orders of its units by their number. */
export function bill({ units, billed }: Records, rows: readonly OutboxRow[], operations: number, at: number): void {
  const shares = new Map<number | undefined, number>();
  for (const { registrationId } of rows) {
    const order = units.orderOf(registrationId);
    shares.set(order, (shares.get(order) ?? 0) + 1);
  }
  billed.addOn(dayOf(at), operations);
  for (const [order, share] of shares) billed.add(order, (operations * share) / rows.length);
}
