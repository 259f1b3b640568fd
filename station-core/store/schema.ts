import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { canonical, type Json } from '../contract/canonical.ts';
import { type Db, migrate, stationStore } from './open.ts';

/** SHA-256 over everything that a database's schema holds, in hex; what SQLite keeps for itself is not of it. */
export function schemaHash(db: Db): string {
  const rows = db
    .prepare<[], { [column: string]: Json }>(
      `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY type, name`,
    )
    .all();
  return hash('sha256', canonical(rows), 'hex');
}

/** The schema that this version of the program makes. */
export function expectedSchema(): string {
  const db = new Database(':memory:');
  try {
    migrate(db, stationStore.migrations);
    return schemaHash(db);
  } finally {
    db.close();
  }
}
