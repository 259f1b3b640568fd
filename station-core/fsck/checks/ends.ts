import { type Check, type Ground, reportRows } from '../check.ts';

/** How credentials end: shipped, void or re-issued, each of them once, and as the audit trail says of their units (F-214). */
export const ends: Check = {
  about: 'how every credential ended',
  run(ground) {
    credentials(ground);
    deeds(ground);
  },
};

const newest = 'c.id = (SELECT max(id) FROM credential n WHERE n.unit = c.unit)';
const isScrapped = (unit: string) => `EXISTS (SELECT 1 FROM scrapped WHERE scrapped.unit = ${unit})`;
const isShipped = (unit: string) => `EXISTS (SELECT 1 FROM shipped WHERE shipped.unit = ${unit})`;

/** The end that what became of a unit gives to what it holds. */
const endOf = (unit: string) => `CASE WHEN ${isScrapped(unit)} THEN 'void' WHEN ${isShipped(unit)} THEN 'shipped' END`;

function credentials(ground: Ground): void {
  reportRows(
    ground,
    'damage',
    `SELECT 'credential ' || id AS what, 'it is ' || coalesce(ended, 'open') || ' and should be ' || coalesce(expected, 'open') AS says
     FROM (SELECT c.id, c.ended, iif(${newest}, ${endOf('c.unit')}, 're-issued') AS expected FROM credential c)
     WHERE ended IS NOT expected
     UNION ALL SELECT 'endorsement key ' || e.id, 'it is ' || coalesce(ended, 'open') || ' and its unit says otherwise'
     FROM endorsement_key e WHERE e.unit IS NOT NULL AND ended IS NOT ${endOf('e.unit')}
     UNION ALL SELECT 'credential ' || c.id, 'it does not name the credential of its unit before it' FROM credential c
     WHERE c.replaces IS NOT (SELECT max(p.id) FROM credential p WHERE p.unit = c.unit AND p.id < c.id)`,
  );
}

/** What became of units is in the audit trail. One that was shipped was not made once more after that. */
function deeds(ground: Ground): void {
  ground.db.exec(
    `CREATE TEMP TABLE deed AS SELECT unit, action FROM said
       WHERE action IN ('unit.shipped', 'unit.released', 'unit.reworked', 'unit.replaced');
     CREATE INDEX deed_unit ON deed (unit, action)`,
  );
  const unsaid = (action: string) =>
    `NOT EXISTS (SELECT 1 FROM deed WHERE deed.unit = s.commitment AND deed.action = ${action})`;
  const units = 'unit ON unit.id = d.unit JOIN disclosure s ON s.id = unit.serial';
  reportRows(
    ground,
    'damage',
    `SELECT 'unit ' || unit.id AS what, 'it was shipped and is ' || unit.state AS says
     FROM shipped d JOIN ${units} WHERE unit.state <> 'finished'
     UNION ALL SELECT 'unit ' || unit.id, 'it was shipped and the audit trail does not say so'
     FROM shipped d JOIN ${units} WHERE ${unsaid(`'unit.shipped'`)}
     UNION ALL SELECT 'unit ' || unit.id, 'a lead let it go on (' || d.kind || ') and the audit trail does not say so'
     FROM unit_pass d JOIN ${units}
     WHERE ${unsaid(`CASE d.kind WHEN 'release' THEN 'unit.released' WHEN 'rework' THEN 'unit.reworked' ELSE 'unit.replaced' END`)}`,
  );
}
