import type { SyncState } from './contract/record.ts';
import { carriedOf } from './credential-keys.ts';
import type { Station } from './station.ts';
import { labelOf, type OutboxRow } from './store/outbox.ts';
import { Pump } from './sync/pump.ts';
import { targets } from './sync/targets/registry.ts';
import type { Fate } from './sync/targets/target.ts';

/** The station's pump: its targets, what goes into their requests, and what the audit says of each row's end. */
export function makePump(station: Station, tell: (sync: SyncState) => void): Pump {
  const { records, parts, keys } = station;
  const { client, hsm, clock, log } = parts;
  const carried = carriedOf({ hsm, records, sealing: keys.sealing });
  return new Pump({
    records,
    clock,
    targets: client ? [targets.dps({ client, carriedOf: carried })] : [],
    random: Math.random,
    record: (row, fate) => record(station, row, fate),
    tell,
    incident: log.incident,
  });
}

function record({ records, audit }: Station, row: OutboxRow, fate: Fate): void {
  if ('retry' in fate) return; // a try that waits for the next changes nothing anywhere
  const { commitment } = records.disclosures.put(labelOf(row.action), row.registrationId);
  const done = 'done' in fate;
  const details = { target: row.target, action: row.action, version: row.version, registrationId: commitment };
  const answer = done ? { details: { ...details, receipt: fate.done } } : { details, reason: fate.park.code };
  audit.append({ action: done ? 'upload.received' : 'upload.parked', result: done ? 'ok' : 'failed', ...answer });
}
