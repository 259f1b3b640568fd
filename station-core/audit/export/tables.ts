import type Database from 'better-sqlite3';
import type { ExportProblem } from '../../contract/audit.ts';

/** What an export reads: the columns of each table. */
const read: Readonly<Record<string, readonly string[]>> = {
  audit_entry: ['seq', 'bytes', 'leaf'],
  audit_node: ['level', 'n', 'hash'],
  audit_head: ['n', 'size', 'root', 'key', 'why', 'note'],
  audit_key: ['n', 'origin', 'label', 'id', 'public_key', 'ed_label', 'ed_id', 'ed_public_key', 'since'],
  disclosure: ['id', 'label', 'value', 'salt', 'commitment'],
  station: ['one', 'mode', 'station', 'origin', 'made_at'],
};

/**
 * Puts an empty table in the place of each one that somebody removed or changed, for this connection alone: what the others hold can
 * be exported all the same. Answers what was not there.
 */
export function standIn(db: Database.Database): ExportProblem[] {
  return Object.entries(read).flatMap(([table, columns]) => {
    if (isThere(db, table, columns)) return [];
    db.exec(`CREATE TEMP TABLE ${table} (${columns.join(', ')})`);
    return [
      { what: `the table ${table} is not there, or not as this version of the program makes it`, where: 'station.db' },
    ];
  });
}

function isThere(db: Database.Database, table: string, columns: readonly string[]): boolean {
  const found = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  return columns.every((column) => found.includes(column));
}
