import type { Db } from '../../station-core/store/open.ts';

/** Shorter values stand by chance in hashes. */
const shortest = 5;

/**
 * Clear values of units and people that stand in entries of the audit trail, whatever their case; names of groups may stand there. Every
 * value that the station ever took for a unit's or a person's has a row among its disclosures.
 */
export function clearValuesIn(db: Db): string[] {
  const found = db.prepare<[number], { label: string; seq: number; action: string }>(
    `SELECT d.label, e.seq, e.bytes ->> '$.action' AS action FROM disclosure d
     JOIN audit_entry e ON instr(lower(e.bytes), lower(d.value)) > 0
     WHERE d.label <> 'enrollmentGroup' AND length(d.value) >= ?`,
  );
  return found.all(shortest).map(({ label, seq, action }) => `a ${label} in entry ${seq}, ${action}`);
}
