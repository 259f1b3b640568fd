import type Database from 'better-sqlite3';
import { canonical } from '../../contract/canonical.ts';
import type { ExportFolder } from './folder.ts';

/** A clear value with what opens its commitment. */
export type Disclosed = {
  readonly commitment: string;
  readonly label: string;
  readonly salt: Buffer;
  readonly value: string;
};

const commitments = /hmac-sha256:[A-Za-z0-9+/]{43}=/g;

/**
 * The clear values behind commitments, for an export that may give them. Commitments have no index in the station's schema: one is
 * made beside it, in a temporary table, which holds rows' numbers and no clear value, and which SQLite keeps in a file when it
 * grows.
 */
export class Disclosures {
  readonly #find;
  readonly #mention;
  readonly #mentioned;

  constructor(db: Database.Database) {
    db.exec(`
      CREATE TEMP TABLE IF NOT EXISTS clear (commitment TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID;
      CREATE TEMP TABLE IF NOT EXISTS mentioned (commitment TEXT PRIMARY KEY) WITHOUT ROWID;
      INSERT OR IGNORE INTO clear SELECT commitment, id FROM disclosure WHERE value IS NOT NULL AND salt IS NOT NULL;
      DELETE FROM mentioned;
    `);
    const columns = 'd.commitment, d.label, d.salt, d.value FROM clear c JOIN disclosure d ON d.id = c.row';
    // A value that is erased meanwhile is not there any more when its row is looked at.
    const there = 'd.value IS NOT NULL AND d.salt IS NOT NULL';
    this.#find = db.prepare<[string], Disclosed>(`SELECT ${columns} WHERE c.commitment = ? AND ${there}`);
    this.#mention = db.prepare('INSERT OR IGNORE INTO mentioned (commitment) VALUES (?)');
    this.#mentioned = db.prepare<[], Disclosed>(
      `SELECT ${columns} JOIN mentioned m ON m.commitment = c.commitment WHERE ${there} ORDER BY c.commitment`,
    );
  }

  /** The clear value behind a commitment; none once it was erased. */
  of(commitment: string): Disclosed | undefined {
    return this.#find.get(commitment);
  }

  /** Keeps in mind every commitment that stands in an entry. */
  mention(entry: Buffer): void {
    for (const [commitment] of entry.toString('latin1').matchAll(commitments)) this.#mention.run(commitment);
  }

  /** What is kept in mind and not erased, in the order of the commitments. */
  mentioned(): IterableIterator<Disclosed> {
    return this.#mentioned.iterate();
  }
}

/** Writes `disclosures.jsonl`, from values in the order of their commitments. */
export function writeDisclosures(folder: ExportFolder, values: Iterable<Disclosed>): void {
  const file = folder.file('disclosures.jsonl');
  for (const { commitment, label, salt, value } of values) {
    file.write(`${canonical({ commitment, label, salt: salt.toString('base64'), value })}\n`);
  }
  file.end();
}
