import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StationError } from '../contract/errors.ts';

/** `isHeld` takes the lock for an instant; an owner waits that long rather than to be refused by it. */
const waitMs = 200;

/** Holds a station's folder until it is let go, or until the process dies: the operating system frees the lock then. */
export type Hold = { release(): void };

/**
 * Takes the folder for this process: an exclusive transaction on `lock.db`, kept open. A second owner is refused at once
 * with `station.held` and told who holds it; that name stands in a file beside, since an exclusive lock hides the database.
 */
export function holdFolder(folder: string, holder: string): Hold {
  const note = join(folder, 'lock.holder');
  const db = new Database(join(folder, 'lock.db'), { timeout: waitMs });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    db.close();
    if (!isBusy(thrown)) throw thrown;
    throw new StationError('station.held', { holder: read(note) }, { cause: thrown });
  }
  writeFileSync(note, `${holder}, process ${process.pid}\n`);
  return {
    release: () => {
      db.exec('ROLLBACK');
      db.close();
    },
  };
}

/** Whether some process holds the folder right now; takes the lock for an instant to see. */
export function isHeld(folder: string): boolean {
  if (!existsSync(join(folder, 'lock.db'))) return false;
  const db = new Database(join(folder, 'lock.db'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE; ROLLBACK');
    return false;
  } catch (thrown) {
    if (isBusy(thrown)) return true;
    throw thrown;
  } finally {
    db.close();
  }
}

const isBusy = (thrown: unknown): boolean => String((thrown as { code?: unknown }).code).startsWith('SQLITE_BUSY');

function read(note: string): string {
  try {
    return readFileSync(note, 'utf8').trim();
  } catch {
    return 'unknown'; // the holder died between taking the lock and writing its name, or is about to write it
  }
}
