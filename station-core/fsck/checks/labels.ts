import { type Check, reportRows } from '../check.ts';

/** Labels of units, and what the audit trail says of each copy. */
export const labels: Check = {
  about: 'the labels of units',
  run(ground) {
    reportRows(
      ground,
      'damage',
      `SELECT 'label ' || l.id AS what, 'it is for run ' || l.run || ', which is of another unit or did not pass' AS says
       FROM label l JOIN run ON run.id = l.run WHERE run.unit <> l.unit OR run.outcome IS NOT 'passed'
       UNION ALL SELECT 'label ' || id, 'it waits for a person without a reason' FROM label WHERE state = 'parked' AND error IS NULL
       UNION ALL SELECT 'label ' || id, 'it is ' || state || ' and has a reason to wait' FROM label WHERE state <> 'parked' AND error IS NOT NULL
       UNION ALL SELECT 'label ' || id, 'it waits for no printer' FROM label WHERE state = 'queued' AND printer IS NULL`,
    );
    ground.db.exec(
      `CREATE TEMP TABLE label_said AS SELECT said.seq, said.action, bytes ->> '$.unit.serial' AS unit, bytes ->> '$.order' AS "order",
         bytes ->> '$.details.copy' AS copy, bytes ->> '$.details.file' AS file
       FROM said JOIN audit_entry USING (seq) WHERE said.action IN ('label.printed', 'label.reprinted');
       CREATE INDEX label_said_copy ON label_said (unit, "order", copy);
       CREATE TEMP TABLE label_copy AS SELECT l.id, l.state, l.printer, s.commitment AS unit, w.name AS "order",
         row_number() OVER (PARTITION BY l.unit ORDER BY l.id) AS copy
       FROM label l JOIN unit ON unit.id = l.unit JOIN disclosure s ON s.id = unit.serial JOIN work_order w ON w.id = unit.work_order;
       CREATE INDEX label_copy_of ON label_copy (unit, "order", copy)`,
    );
    // A copy that was handed out as a file has no printer; the entry about its asking is the one that it has.
    const same = 'a.unit = c.unit AND a."order" = c."order" AND a.copy = c.copy';
    reportRows(
      ground,
      'damage',
      `SELECT 'label ' || c.id AS what, 'it came out as copy ' || c.copy || ' and the audit trail does not say so' AS says
       FROM label_copy c WHERE c.state = 'printed' AND NOT EXISTS (SELECT 1 FROM label_said a WHERE ${same}
         AND iif(c.printer IS NULL, a.action = 'label.reprinted' AND a.file IS NOT NULL, a.action = 'label.printed'))
       UNION ALL SELECT 'audit entry ' || a.seq, 'it tells of copy ' || a.copy || ' of a label that the store does not have'
       FROM label_said a WHERE NOT EXISTS (SELECT 1 FROM label_copy c WHERE ${same})
       UNION ALL SELECT 'audit entry ' || a.seq, 'it tells of a copy that came out, and its label ' || c.id || ' is ' || c.state
       FROM label_said a JOIN label_copy c ON ${same} WHERE c.state <> 'printed' AND (a.action = 'label.printed' OR a.file IS NOT NULL)`,
    );
  },
};
