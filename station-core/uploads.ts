import { isoTime } from './clock.ts';
import { cloudAnchor } from './cloud-anchor.ts';
import { StationError } from './contract/errors.ts';
import { type Recipe, targetNames } from './contract/recipe.ts';
import type { SyncState } from './contract/record.ts';
import { carriedOf } from './credential-keys.ts';
import type { Station } from './station.ts';
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
    billed: (rows, operations) => bill(records, rows, operations),
    counted: () => noteBacklog(records, isoTime(clock)),
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

/** Throws `cloud.not-configured` when units of this target can never be told to the cloud by this station. */
export function requireTarget({ parts }: Station, target: Recipe['target']): void {
  const what = lacking[target](parts);
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
  const { commitment } = records.disclosures.put(labelOf(row.action), row.registrationId);
  const done = 'done' in fate;
  const details = { target: row.target, action: row.action, version: row.version, registrationId: commitment };
  const answer = done ? { details: { ...details, receipt: fate.done } } : { details, reason: fate.park.code };
  audit.append({ action: done ? 'upload.received' : 'upload.parked', result: done ? 'ok' : 'failed', ...answer });
  // Storing the receipt and destroying the secret is one transaction (docs/design.md, Credentials).
  if (done && row.credential !== null) records.credentials.destroy(row.credential);
}

/** Inside the commit: what a call was billed for, shared among the orders of its units by their number. */
export function bill({ units, billed }: Records, rows: readonly OutboxRow[], operations: number): void {
  const shares = new Map<number | undefined, number>();
  for (const { registrationId } of rows) {
    const order = units.orderOf(registrationId);
    shares.set(order, (shares.get(order) ?? 0) + 1);
  }
  for (const [order, share] of shares) billed.add(order, (operations * share) / rows.length);
}
