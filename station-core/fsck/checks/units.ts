import { createHash } from 'node:crypto';
import { type Check, type Ground, reportRows } from '../check.ts';

/** Of a run: no lead let its unit go on after it, out of quarantine or through the line once more. */
const unpassed = 'run.id > coalesce((SELECT max(p.run) FROM unit_pass p WHERE p.unit = run.unit), 0)';

/** Units against their runs, orders against their units and recipes. */
export const units: Check = {
  about: 'every unit and its order',
  run(ground) {
    reportRows(
      ground,
      'damage',
      `SELECT 'unit ' || unit.id AS what, 'it is finished and no run of it passed' AS says FROM unit
       WHERE state = 'finished' AND NOT EXISTS (SELECT 1 FROM run WHERE run.unit = unit.id AND outcome = 'passed' AND ${unpassed})
         AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.unit = unit.id AND c.source = 'csr')
       UNION ALL SELECT 'unit ' || unit.id, 'a run of it passed and it is ' || state FROM unit
       WHERE state <> 'finished' AND EXISTS (SELECT 1 FROM run WHERE run.unit = unit.id AND outcome = 'passed' AND ${unpassed})
       UNION ALL SELECT 'unit ' || unit.id, 'it is finished and its credential is not proven' FROM unit
       WHERE state = 'finished' AND NOT EXISTS (
         SELECT 1 FROM credential c WHERE c.unit = unit.id AND c.state IN ('proven', 'destroyed'))
         AND NOT EXISTS (
           SELECT 1 FROM work_order JOIN recipe ON recipe.hash = work_order.recipe
           WHERE work_order.id = unit.work_order AND recipe.bytes ->> '$.attestation.type' = 'tpm')
       UNION ALL SELECT 'unit ' || unit.id, 'its last run was indeterminate and it is not in quarantine' FROM unit
       WHERE state = 'waiting' AND (
         SELECT iif(${unpassed}, outcome, NULL) FROM run
         WHERE run.unit = unit.id AND outcome IS NOT NULL ORDER BY id DESC LIMIT 1) = 'indeterminate'`,
    );
    reportRows(
      ground,
      'damage',
      `SELECT 'order ' || o.name AS what, 'it says ' || finished || ' finished units and has ' || (
         SELECT count(*) FROM unit WHERE work_order = o.id AND state = 'finished') AS says FROM work_order o
       WHERE finished <> (SELECT count(*) FROM unit WHERE work_order = o.id AND state = 'finished')
       UNION ALL SELECT 'order ' || name, 'it made ' || finished || ' units, more than its ' || quantity FROM work_order
       WHERE finished > quantity`,
    );
    recipes(ground);
  },
};

/** A recipe's bytes are those of its hash. */
function recipes({ db, report }: Ground): void {
  const rows = db.prepare<[], { name: string; hash: Buffer; bytes: string }>('SELECT name, hash, bytes FROM recipe');
  for (const { name, hash, bytes } of rows.iterate()) {
    const same = createHash('sha256').update(bytes, 'utf8').digest().equals(hash);
    if (!same) report('damage', `recipe ${name}`, 'its bytes are not those of its hash');
  }
}
