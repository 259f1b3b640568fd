import { type Check, reportRows } from '../check.ts';

/** Bundles for the air gap: their rows, their chain, and what the audit trail says of them. */
export const bundles: Check = {
  about: 'bundles and their rows',
  run(ground) {
    reportRows(
      ground,
      'damage',
      `SELECT 'outbox row ' || o.id AS what, 'it lies in bundle ' || r.bundle || ' and is ' || o.state AS says
       FROM bundle_row r JOIN outbox o ON o.id = r.row WHERE r.state = 'held' AND o.state <> 'leased'
       UNION ALL SELECT 'outbox row ' || r.row, 'bundle ' || b.sequence || ' is ' || b.state || ' and still holds it'
       FROM bundle_row r JOIN bundle b ON b.sequence = r.bundle WHERE r.state = 'held' AND b.state NOT IN ('making', 'open')
       UNION ALL SELECT 'outbox row ' || o.id, 'the receipts of bundle ' || r.bundle || ' say that it is done, and it is ' || o.state
       FROM bundle_row r JOIN outbox o ON o.id = r.row WHERE r.state = 'done' AND o.state <> 'done'
       UNION ALL SELECT 'bundle ' || b.sequence, 'it is open and holds no row'
       FROM bundle b WHERE b.state = 'open' AND NOT EXISTS (SELECT 1 FROM bundle_row r WHERE r.bundle = b.sequence AND r.state = 'held')`,
    );
    // Each follows the one before it for the same applier: what never came to bytes is no part of the chain.
    reportRows(
      ground,
      'damage',
      `SELECT 'bundle ' || b.sequence AS what, 'it says that it follows ' || coalesce(b.previous, 'none') || ', and before it is '
         || coalesce(max(e.sequence), 'none') AS says
       FROM bundle b LEFT JOIN bundle e ON e.applier = b.applier AND e.sequence < b.sequence AND e.sha256 IS NOT NULL
       WHERE b.sha256 IS NOT NULL GROUP BY b.sequence HAVING b.previous IS NOT max(e.sequence)`,
    );
    reportRows(
      ground,
      'damage',
      `SELECT 'bundle ' || b.sequence AS what, 'the audit trail does not say that it was made' AS says
       FROM bundle b WHERE b.sha256 IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM said WHERE said.action = 'bundle.made' AND said.sha256 = lower(hex(b.sha256)))
       UNION ALL SELECT 'audit entry ' || said.seq, 'it tells of a bundle that the store does not have'
       FROM said WHERE said.action = 'bundle.made' AND NOT EXISTS (
         SELECT 1 FROM bundle b WHERE lower(hex(b.sha256)) = said.sha256)
       UNION ALL SELECT 'bundle ' || b.sequence, 'receipts were taken for it and the audit trail does not say so'
       FROM bundle b WHERE b.receipts_number > 0 AND NOT EXISTS (
         SELECT 1 FROM said WHERE said.action = 'bundle.receipts' AND said.sha256 = lower(hex(b.sha256)))`,
    );
    if (!ground.owned) {
      reportRows(
        ground,
        'open',
        `SELECT 'bundle ' || sequence AS what, 'its making was cut short; the next start gives its rows back' AS says
         FROM bundle WHERE state = 'making'`,
      );
    }
  },
};
