import { type Check, reportRows } from '../check.ts';

/** Credentials against their release entries, and releases against the runs that they belong to. */
export const credentials: Check = {
  about: 'every credential and its release',
  run(ground) {
    // What came as a CSR had nothing secret to release, and what a unit came with was adopted.
    // No credential without a release entry, and none that was released as another one than it is.
    reportRows(
      ground,
      'damage',
      `SELECT 'credential ' || c.id AS what,
         'it is ' || c.state || ' and the audit trail has no release of its operation and fingerprint' AS says
       FROM credential c WHERE c.state <> 'made' AND c.source <> 'csr' AND NOT EXISTS (
         SELECT 1 FROM said WHERE said.action = CASE c.source WHEN 'own' THEN 'credential.adopted' ELSE 'credential.released' END AND said.operation = lower(hex(c.operation))
           AND said.fingerprint = lower(hex(c.fingerprint)))`,
    );
    reportRows(
      ground,
      'damage',
      `SELECT 'audit entry ' || said.seq AS what, 'it releases a credential that the store does not have' AS says
       FROM said WHERE said.action IN ('credential.released', 'credential.adopted') AND NOT EXISTS (
         SELECT 1 FROM credential c WHERE lower(hex(c.operation)) = said.operation)`,
    );
    // A release without an outcome: the run that made it was never closed.
    if (!ground.owned) {
      reportRows(
        ground,
        'open',
        `SELECT 'audit entry ' || said.seq AS what, 'it releases a credential in run ' || said.run || ', which has no outcome yet' AS says
         FROM said JOIN run ON run.id = said.run WHERE said.action = 'credential.released' AND run.outcome IS NULL`,
      );
    }
    reportRows(
      ground,
      'damage',
      `SELECT 'credential ' || id AS what, 'its secret is kept although it is destroyed' AS says
       FROM credential WHERE state = 'destroyed' AND sealed IS NOT NULL
       UNION ALL SELECT 'credential ' || id, 'it is derived and yet a secret is kept'
       FROM credential WHERE source = 'derived' AND sealed IS NOT NULL
       UNION ALL SELECT 'credential ' || id, 'it is random and not destroyed, and its secret is not kept'
       FROM credential WHERE source = 'random' AND sealed IS NULL AND state <> 'destroyed'`,
    );
  },
};
