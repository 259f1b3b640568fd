import type Database from 'better-sqlite3';
import type { AuditReport } from '../contract/record.ts';
import { beforeGenesis, wrongWith } from './chain.ts';
import { Heads } from './heads.ts';
import { KeyCheck } from './key-check.ts';
import { type StoredRow, sizeOf, storedRows } from './rows.ts';
import { stationProblem } from './station-check.ts';
import { type Finding, TreeCheck } from './tree-check.ts';

/**
 * Checks a log from the first entry on, read-only and beside its writer: every entry, the chain, the stored tree, the signed heads
 * and the rows of the keys. Ends at the first thing that is wrong. Gives the event loop a turn every thousand entries, and tells
 * how far it is.
 */
export async function verifyLog(
  db: Database.Database,
  progress: (entries: number) => void = () => undefined,
): Promise<AuditReport> {
  const look = new Look(db);
  for await (const rows of storedRows(db, look.size)) {
    for (const row of rows) if (look.row(row)) return look.report();
    progress(look.entries);
  }
  look.end();
  return look.report();
}

/** One look at a log as it stands now: what is signed and written meanwhile is not of it. */
class Look {
  readonly size: number;
  readonly #db: Database.Database;
  readonly #sealed: number;
  readonly #tree: TreeCheck;
  readonly #keys: KeyCheck;
  #prev = beforeGenesis;
  #entries = 0;
  #problem: AuditReport['problem'];

  constructor(db: Database.Database) {
    this.#db = db;
    const head = new Heads(db).newest();
    const report = ({ seq, what, where }: Finding): void => {
      this.#problem ??= { seq, reason: where === `entry ${seq}` ? what : `${where}: ${what}` };
    };
    this.size = sizeOf(db);
    this.#sealed = head?.size ?? 0;
    this.#tree = new TreeCheck(db, head?.n ?? 0, report);
    this.#keys = new KeyCheck(db, report);
  }

  get entries(): number {
    return this.#entries;
  }

  /** Whether something is wrong by now. */
  row(row: StoredRow): boolean {
    const { seq, bytes, leaf } = row;
    const reason = wrongWith({ seq, bytes: bytes.toString('utf8'), leaf }, this.#entries, this.#prev);
    if (reason) this.#problem = { seq: this.#entries, reason };
    if (this.#problem) return true;
    this.#tree.append(leaf);
    this.#keys.entry(seq, bytes);
    this.#prev = leaf;
    this.#entries++;
    return this.#problem !== undefined;
  }

  end(): void {
    if (this.#entries === 0) this.#problem = { seq: 0, reason: 'there is no genesis entry' };
    const station = stationProblem(this.#db);
    if (station) this.#problem ??= { seq: station.seq, reason: station.what };
    this.#tree.end();
    this.#keys.end(this.size);
  }

  report(): AuditReport {
    const problem = this.#problem;
    const head = this.#prev.toString('base64');
    return {
      entries: this.#entries,
      ok: problem === undefined,
      sealed: this.#sealed,
      head,
      ...(problem ? { problem } : {}),
    };
  }
}
