import type Database from 'better-sqlite3';
import type { ExportFilter } from '../../contract/audit.ts';
import { KeyCheck, namesKey } from '../key-check.ts';
import { leafHash } from '../merkle.ts';
import { type StoredRow, storedRows } from '../rows.ts';
import { type Finding, TreeCheck } from '../tree-check.ts';
import type { ExportedEntry } from './format.ts';
import type { EntryLines } from './lines.ts';
import { selected } from './selection.ts';

export type PagesNeed = {
  readonly db: Database.Database;
  readonly size: number;
  /** The number of the newest head of the export; 0 for none. */
  readonly head: number;
  readonly filter: ExportFilter;
  readonly complete: boolean;
  /** Where entries that name keys are written beside what the format writes, if anywhere. */
  readonly keys: EntryLines | undefined;
  readonly report: (finding: Finding) => void;
  readonly progress: (entries: number) => void;
};

/** The entries of an export, while the whole log is read and checked. What cannot be read any more ends it, and is reported. */
export async function* checkedPages(need: PagesNeed): AsyncGenerator<readonly ExportedEntry[]> {
  const { db, size, filter, complete, keys, report, progress } = need;
  const check = new LogCheck(need);
  let read = 0;
  try {
    for await (const rows of storedRows(db, size)) {
      const entries = rows.flatMap((row) => selected(row, check.row(row), filter, complete) ?? []);
      for (const entry of entries) if (keys && namesKey(entry.bytes)) keys.write(entry);
      yield entries;
      read = (rows.at(-1)?.seq ?? 0) + 1;
      progress(read);
    }
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    if (typeof code !== 'string' || !code.startsWith('SQLITE_')) throw thrown;
    report({ seq: read, what: `the database cannot be read on from here (${code})`, where: `entry ${read}` });
    return;
  }
  check.end();
}

/** What is looked at in every entry: its number, its hash, and the tree, heads and keys over it. */
class LogCheck {
  readonly #need: PagesNeed;
  readonly #tree: TreeCheck;
  readonly #keys: KeyCheck;
  #expected = 0;
  /** An entry is missing: every root after it is another one. */
  #broken = false;

  constructor(need: PagesNeed) {
    this.#need = need;
    this.#tree = new TreeCheck(need.db, need.head, need.report);
    this.#keys = new KeyCheck(need.db, need.report);
  }

  /** Answers the leaf hash of the bytes. */
  row({ seq, bytes, leaf }: StoredRow): Buffer {
    if (seq !== this.#expected) this.#missing(seq);
    this.#expected = seq + 1;
    const found = leafHash(bytes);
    if (!found.equals(leaf))
      this.#need.report({ seq, what: 'its bytes are not those of its hash', where: `entry ${seq}` });
    if (!this.#broken) this.#tree.append(found);
    this.#keys.entry(seq, bytes);
    return found;
  }

  end(): void {
    if (this.#expected !== this.#need.size) this.#missing(this.#need.size);
    if (!this.#broken) this.#tree.end();
    this.#keys.end(this.#need.size);
  }

  #missing(next: number): void {
    const [first, last] = [this.#expected, next - 1];
    const what = first === last ? `entry ${first} is missing` : `entries ${first} to ${last} are missing`;
    this.#need.report({ seq: first, what, where: `entry ${first}` });
    this.#broken = true;
  }
}
