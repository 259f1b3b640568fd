import { type Check, reportRows } from '../check.ts';

/** What searches are cut by is what the entries say. Indexes themselves are SQLite's to check (checks/database.ts). */
export const lookUps: Check = {
  about: 'what the audit trail is searched by',
  run(ground) {
    reportRows(
      ground,
      'damage',
      `WITH written AS (
         SELECT substr(bytes ->> '$.at', 1, 13) AS hour, min(seq) AS first, max(seq) AS last FROM audit_entry
         WHERE json_valid(bytes) AND bytes ->> '$.at' IS NOT NULL GROUP BY 1)
       SELECT 'the hour ' || hour AS what, 'it has other entries than those that were written in it' AS says
       FROM (SELECT * FROM written EXCEPT SELECT hour, first, last FROM audit_hour)
       UNION SELECT 'the hour ' || hour, 'it has other entries than those that were written in it'
       FROM (SELECT hour, first, last FROM audit_hour EXCEPT SELECT * FROM written)`,
    );
  },
};
