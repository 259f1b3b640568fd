import { isoTime } from './clock.ts';
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
  const { client, handOver, hsm, clock, log } = parts;
  const carried = carriedOf({ hsm, records, sealing: keys.sealing });
  return new Pump({
    records,
    clock,
    targets: [
      ...(client ? [targets.dps({ client, carriedOf: carried })] : []),
      ...(handOver === undefined ? [] : [targets.folder({ folder: handOver, carriedOf: carried })]),
    ],
    random: Math.random,
    settled: (row, fate) => settled(station, row, fate),
    billed: (rows, operations) => bill(records, rows, operations),
    counted: () => noteBacklog(records, isoTime(clock)),
    tell,
    incident: log.incident,
  });
}

/** Inside the commit that settles a row: its audit entry and, with the receipt, the end of its secret. */
export function settled({ records, audit }: Station, row: OutboxRow, fate: Fate): void {
  if ('retry' in fate) return; // a try that waits for the next changes nothing anywhere
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
