import { type Check, reportRows } from '../check.ts';

/** Outbox rows, their receipts, what the audit trail says of them, and the tally of the backlog. */
export const outbox: Check = {
  about: 'the outbox and its receipts',
  run(ground) {
    reportRows(
      ground,
      'damage',
      `SELECT 'outbox row ' || id AS what, 'it is done without a receipt' AS says FROM outbox WHERE state = 'done' AND receipt IS NULL
       UNION ALL SELECT 'outbox row ' || id, 'it is parked without a reason' FROM outbox WHERE state = 'parked' AND reason IS NULL
       UNION ALL SELECT 'outbox row ' || o.id, 'it is done and the secret of its credential is still kept'
       FROM outbox o JOIN credential c ON c.id = o.credential WHERE o.state = 'done' AND c.kind = 'symmetric-key' AND c.state <> 'destroyed'
       UNION ALL SELECT 'outbox row ' || o.id, 'it is ' || o.state || ' and the secret that it needs is gone'
       FROM outbox o JOIN credential c ON c.id = o.credential
       WHERE o.state <> 'done' AND o.action IN ('create', 'reissue') AND c.kind = 'symmetric-key' AND c.sealed IS NULL`,
    );
    // Every receipt has its entry, and every entry its receipt, as many as there are.
    reportRows(
      ground,
      'damage',
      `SELECT 'outbox row ' || o.id AS what, 'it is done and the audit trail does not say so' AS says
       FROM outbox o JOIN disclosure d ON d.id = o.registration WHERE o.state = 'done' AND o.action <> 'anchor' AND NOT EXISTS (
         SELECT 1 FROM said WHERE said.action IN ('upload.received', 'upload.discarded') AND said.target = o.target
           AND said.version = o.version AND said.registration = d.commitment)
       UNION ALL SELECT 'audit entry ' || said.seq, 'it tells of a receipt that the outbox does not have'
       FROM said WHERE said.action IN ('upload.received', 'upload.discarded') AND NOT EXISTS (
         SELECT 1 FROM disclosure d JOIN outbox o ON o.registration = d.id
         WHERE d.commitment = said.registration AND o.target = said.target AND o.version = said.version AND o.state = 'done')`,
    );
    // A finished unit whose recipe enrols each unit has its row.
    reportRows(
      ground,
      'damage',
      `SELECT 'unit ' || unit.id AS what, 'it is finished and nothing tells the cloud of it' AS says
       FROM unit JOIN work_order ON work_order.id = unit.work_order JOIN recipe ON recipe.hash = work_order.recipe
       WHERE unit.state = 'finished' AND (json_extract(recipe.bytes, '$.attestation.scope') = 'individual'
           OR json_extract(recipe.bytes, '$.target') IN ('central', 'hub'))
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.registration = unit.registration)`,
    );
    reportRows(
      ground,
      'damage',
      `SELECT 'backlog' AS what, 'the tally says ' || rows || ' rows ' || state || ' and there are ' || counted AS says
       FROM (SELECT rows, state, (SELECT count(*) FROM outbox o WHERE o.state = t.state
         AND (o.action <> 'anchor' OR o.state = 'parked')) AS counted FROM outbox_tally t) WHERE rows <> counted`,
    );
    if (!ground.owned) {
      reportRows(
        ground,
        'open',
        `SELECT 'outbox row ' || id AS what, 'it was being sent; the next start sends it again' AS says FROM outbox
         WHERE state = 'leased' AND id NOT IN (SELECT row FROM bundle_row WHERE state = 'held')`,
      );
    }
  },
};
