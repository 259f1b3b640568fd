import { createHash } from 'node:crypto';
import { type Check, type Ground, reportRows } from '../check.ts';

/** Endorsement keys: their bytes, the units that have them, and what the audit trail says of both. */
export const endorsements: Check = {
  about: 'every endorsement key',
  run(ground) {
    ownBytes(ground);
    reportRows(
      ground,
      'damage',
      `WITH claimed AS (SELECT seq, bytes ->> '$.run' AS run, bytes ->> '$.details.endorsementKey' AS commitment
         FROM audit_entry WHERE bytes ->> '$.action' = 'endorsement.claimed')
       SELECT 'endorsement key ' || e.id AS what, 'a unit has it and the audit trail does not say so' AS says
       FROM endorsement_key e WHERE e.unit IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM claimed JOIN disclosure d ON d.commitment = claimed.commitment JOIN run ON run.id = claimed.run
         WHERE run.unit = e.unit AND (d.value IS NULL OR d.value = lower(hex(e.sha256))))
       UNION ALL SELECT 'audit entry ' || claimed.seq, 'it gives an endorsement key to a unit that does not have it'
       FROM claimed JOIN run ON run.id = claimed.run WHERE NOT EXISTS (
         SELECT 1 FROM endorsement_key e WHERE e.unit = run.unit)
       UNION ALL SELECT 'endorsement key ' || e.id, 'the cloud knows it by another registration ID than its unit has'
       FROM endorsement_key e JOIN unit ON unit.id = e.unit WHERE unit.registration IS NOT e.registration
       UNION ALL SELECT 'unit ' || unit.id, 'it is finished by attestation tpm and has no endorsement key'
       FROM unit JOIN work_order ON work_order.id = unit.work_order JOIN recipe ON recipe.hash = work_order.recipe
       WHERE unit.state = 'finished' AND recipe.bytes ->> '$.attestation.type' = 'tpm'
         AND NOT EXISTS (SELECT 1 FROM endorsement_key e WHERE e.unit = unit.id)`,
    );
    lists(ground);
  },
};

function ownBytes({ db, report }: Ground): void {
  // The key of a unit that was erased has no bytes any more, and its claim speaks of a value that is gone.
  const rows = db.prepare<[], { id: number; public: Buffer; sha256: Buffer }>(
    `SELECT id, public, sha256 FROM endorsement_key e WHERE NOT (length(public) = 0 AND EXISTS (
       SELECT 1 FROM unit JOIN disclosure d ON d.id = unit.serial WHERE unit.id = e.unit AND d.value IS NULL))`,
  );
  for (const { id, public: bytes, sha256 } of rows.iterate()) {
    const same = createHash('sha256').update(bytes).digest().equals(sha256);
    if (!same) report('damage', `endorsement key ${id}`, 'its digest is not that of its bytes');
  }
}

/** As many keys were listed as the entries of the imports say. */
function lists(ground: Ground): void {
  reportRows(
    ground,
    'damage',
    `WITH told AS (SELECT bytes ->> '$.details.list' AS list, sum(bytes ->> '$.details.keys') AS n
       FROM audit_entry WHERE bytes ->> '$.action' = 'endorsement.listed' GROUP BY 1),
     held AS (SELECT list, count(*) AS n FROM endorsement_key WHERE list IS NOT NULL GROUP BY 1)
     SELECT 'list ' || coalesce(held.list, told.list) AS what, 'it holds ' || coalesce(held.n, 0)
       || ' endorsement keys and the audit trail tells of ' || coalesce(told.n, 0) AS says
     FROM held FULL JOIN told ON held.list = told.list WHERE held.n IS NOT told.n`,
  );
}
