import { createHash } from 'node:crypto';
import { type Check, type Ground, reportRows } from '../check.ts';

/** Certificates that others made: their bytes, the units that have them, and what the audit trail says of both. */
export const stored: Check = {
  about: 'every certificate that others made',
  run(ground) {
    ownBytes(ground);
    reportRows(
      ground,
      'damage',
      `SELECT 'credential ' || c.id AS what, 'it is ' || c.source || ' and its unit has no such certificate' AS says
       FROM credential c WHERE c.source IN ('own', 'stored') AND NOT EXISTS (
         SELECT 1 FROM stored_certificate s WHERE s.unit = c.unit AND s.key_hash = c.fingerprint)
       UNION ALL SELECT 'stored certificate ' || s.id, 'it is ' || s.state || ' and its unit has no credential of its key'
       FROM stored_certificate s WHERE s.unit IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM credential c WHERE c.unit = s.unit AND c.fingerprint = s.key_hash)
       UNION ALL SELECT 'stored certificate ' || s.id, 'it is made out to another registration ID than its unit has'
       FROM stored_certificate s JOIN unit ON unit.id = s.unit WHERE unit.registration <> s.registration
       UNION ALL SELECT 'stored certificate ' || s.id, 'its unit proved its key, which is still kept'
       FROM stored_certificate s JOIN credential c ON c.unit = s.unit AND c.fingerprint = s.key_hash
       WHERE c.state = 'proven' AND s.sealed IS NOT NULL
       UNION ALL SELECT 'stored certificate ' || s.id, 'its key is gone and no unit proved it'
       FROM stored_certificate s JOIN credential c ON c.unit = s.unit AND c.fingerprint = s.key_hash
       WHERE c.state <> 'proven' AND s.state = 'spent'`,
    );
    reportRows(
      ground,
      'damage',
      `SELECT 'stored certificate ' || s.id AS what, 'it is drawn and the audit trail does not say so' AS says
       FROM stored_certificate s WHERE s.unit IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM said WHERE said.sha256 = lower(hex(s.fingerprint))
           AND said.action = CASE s.origin WHEN 'pki' THEN 'stored.drawn' ELSE 'credential.adopted' END)
       UNION ALL SELECT 'audit entry ' || said.seq, 'it draws a certificate that the store does not have as drawn'
       FROM said WHERE said.action IN ('stored.drawn', 'credential.adopted') AND NOT EXISTS (
         SELECT 1 FROM stored_certificate s WHERE s.unit IS NOT NULL AND lower(hex(s.fingerprint)) = said.sha256)`,
    );
    imports(ground);
  },
};

function ownBytes({ db, report }: Ground): void {
  const rows = db.prepare<[], { id: number; leaf: Buffer; fingerprint: Buffer }>(
    'SELECT id, leaf, fingerprint FROM stored_certificate',
  );
  for (const { id, leaf, fingerprint } of rows.iterate()) {
    const same = createHash('sha256').update(leaf).digest().equals(fingerprint);
    if (!same) report('damage', `stored certificate ${id}`, 'its fingerprint is not that of its bytes');
  }
}

/** As many were stored as the entries of the imports say. */
function imports(ground: Ground): void {
  reportRows(
    ground,
    'damage',
    `WITH told AS (SELECT bytes ->> '$.details.store' AS store, sum(bytes ->> '$.details.entries') AS n
       FROM audit_entry WHERE bytes ->> '$.action' = 'store.imported' GROUP BY 1),
     held AS (SELECT store, count(*) AS n FROM stored_certificate WHERE store IS NOT NULL GROUP BY 1)
     SELECT 'store ' || coalesce(held.store, told.store) AS what, 'it holds ' || coalesce(held.n, 0)
       || ' certificates and the audit trail tells of ' || coalesce(told.n, 0) AS says
     FROM held FULL JOIN told ON held.store = told.store WHERE held.n IS NOT told.n`,
  );
}
