import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { StationError } from '../contract/errors.ts';
import type { Mode } from '../contract/record.ts';

export type Db = Database.Database;

/** Who the station is, written once. `origin` names its audit log (tlog checkpoints carry it). */
export type StationRow = {
  readonly mode: Mode;
  readonly station: string;
  readonly origin: string;
  readonly madeAt: string;
};

/** A database file, and the folders of its migrations. The applier of bundles has the station's tables and its own. */
export type StoreKind = { readonly file: string; readonly migrations: readonly string[] };
export const stationStore: StoreKind = { file: 'station.db', migrations: ['migrations'] };
export const applierStore: StoreKind = { file: 'applier.db', migrations: ['migrations', 'applier'] };

/**
 * Opens a station's database for its owner, or read-only beside the owner, and brings it to the newest schema.
 * Throws `station.no-folder`, or `store.damaged` when a migration that ran is not the one we know.
 */
export function openStore(folder: string, how: 'owner' | 'reader', kind: StoreKind = stationStore): Db {
  const file = join(folder, kind.file);
  if (how === 'reader' && !existsSync(file)) throw new StationError('station.no-folder', { folder });
  const db = new Database(file, { readonly: how === 'reader', timeout: 5_000 });
  if (how === 'owner') {
    harden(db);
    migrate(db, kind.migrations);
  }
  return db;
}

/**
 * A commit must survive a power cut: WAL with synchronous=FULL syncs the log at every commit, NORMAL does not
 * (SQLite documentation, PRAGMA synchronous). What was set is read back, since a pragma fails silently.
 */
function harden(db: Db): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('secure_delete = ON');
  db.pragma('trusted_schema = OFF');
  // 64 MiB of pages: with SQLite's 2 MiB a batch over 10,000 units reads most of its pages anew from the file.
  db.pragma('cache_size = -65536');
  const settings = [
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['secure_delete', 1],
  ] as const;
  for (const [name, want] of settings) {
    const found = db.pragma(name, { simple: true });
    if (found !== want) throw new StationError('store.damaged', { what: name, reason: `is ${found}, must be ${want}` });
  }
}

/** Migrations are frozen: a file that ran is checked against the hash that was stored when it did. */
export function migrate(db: Db, folders: readonly string[]): void {
  db.exec('CREATE TABLE IF NOT EXISTS migration (file TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT');
  const ran = new Map(
    db
      .prepare<[], { file: string; sha256: string }>('SELECT * FROM migration')
      .all()
      .map((row) => [row.file, row.sha256]),
  );
  for (const path of folders.flatMap(migrationsIn)) {
    const name = basename(path);
    const sql = readFileSync(path, 'utf8');
    const sha256 = createHash('sha256').update(sql).digest('hex');
    const before = ran.get(name);
    ran.delete(name);
    if (before === sha256) continue;
    if (before !== undefined)
      throw new StationError('store.damaged', { what: name, reason: 'the migration was changed after it ran' });
    runMigration(db, name, sql, sha256);
  }
  const [newer] = ran.keys();
  if (newer) throw new StationError('store.damaged', { what: newer, reason: 'made by a newer version of the program' });
}

const migrationsIn = (folder: string): string[] =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((entry) => entry.endsWith('.sql'))
    .sort()
    .map((entry) => join(import.meta.dirname, folder, entry));

/**
 * A migration that makes a table anew drops the old one, which others refer to: references are off while it runs and
 * checked before its commit (SQLite, "Making Other Kinds Of Table Schema Changes").
 */
function runMigration(db: Db, name: string, sql: string, sha256: string): void {
  db.pragma('foreign_keys = OFF');
  try {
    db.transaction(() => {
      db.exec(sql);
      const [broken] = db.pragma('foreign_key_check') as { table: string }[];
      if (broken) throw new StationError('store.damaged', { what: name, reason: `${broken.table} refers to nothing` });
      db.prepare('INSERT INTO migration (file, sha256) VALUES (?, ?)').run(name, sha256);
    }).immediate();
  } finally {
    db.pragma('foreign_keys = ON');
  }
}

/** The folder that a database lies in: the station's. */
export const folderOf = (db: Db): string => dirname(db.name);

/** The station's identity, or none in a database that was just made. */
export function stationRow(db: Db): StationRow | undefined {
  return db.prepare<[], StationRow>('SELECT mode, station, origin, made_at AS madeAt FROM station').get();
}

/** Writes the station's identity, once; to be called inside a commit, with the genesis entry. */
export function writeStationRow(db: Db, row: StationRow): void {
  db.prepare(
    'INSERT INTO station (one, mode, station, origin, made_at) VALUES (1, @mode, @station, @origin, @madeAt)',
  ).run(row);
}
