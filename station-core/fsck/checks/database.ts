import type { Check } from '../check.ts';

/** SQLite's own checks: pages, indexes, foreign keys. */
export const database: Check = {
  about: 'the database file',
  run({ db, report }) {
    for (const row of db.pragma('integrity_check(100)') as { integrity_check: string }[]) {
      if (row.integrity_check !== 'ok') report('damage', 'station.db', row.integrity_check);
    }
    for (const row of db.pragma('foreign_key_check') as { table: string; rowid: number; parent: string }[]) {
      report('damage', `${row.table} ${row.rowid}`, `points to a row of ${row.parent} that is not there`);
    }
  },
};
