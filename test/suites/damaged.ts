// What fsck says of a station's database once somebody changed it behind the station's back.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { holdFolder } from '../../station-core/store/lock.ts';
import type { TestStation } from './station.ts';

/** A damage: what it is, how it is done, and what is to be found. */
export type Damage = readonly [about: string, sql: string, finding: RegExp];

/** A copy of the database of a station that is stopped for it, in a folder of its own. */
export function copyOf({ folder }: TestStation): string {
  const copy = mkdtempSync(join(tmpdir(), 'birthmark-fsck-'));
  cpSync(join(folder, 'station.db'), join(copy, 'station.db'));
  return copy;
}

/** What fsck says of a copy of a folder's database after a change, one line each. `owned`: while a station holds it. */
export async function findingsAfter(folder: string, sql: string, owned = false): Promise<string[]> {
  const copy = mkdtempSync(join(tmpdir(), 'birthmark-fsck-'));
  cpSync(join(folder, 'station.db'), join(copy, 'station.db'));
  const db = new Database(join(copy, 'station.db'));
  db.pragma('foreign_keys = OFF');
  for (const { name } of db
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
    .all())
    db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  db.close();
  const hold = owned ? holdFolder(copy, 'a test') : undefined;
  try {
    return (await fsck(copy)).map(({ kind, check, what, says }) => `${kind}, ${check}: ${what}: ${says}`);
  } finally {
    hold?.release();
    rmSync(copy, { recursive: true, force: true });
  }
}
