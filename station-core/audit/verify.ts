import type Database from 'better-sqlite3';
import type { AuditReport } from '../contract/record.ts';
import { beforeGenesis, type EntryRow, wrongWith } from './chain.ts';

const page = 1_000;

/**
 * Checks every entry of a log from the first on, read-only and beside its writer; gives the event loop a turn every
 * thousand entries, and tells how far it is.
 */
export async function verifyLog(
  db: Database.Database,
  progress: (entries: number) => void = () => undefined,
): Promise<AuditReport> {
  const rows = db.prepare<[number, number], EntryRow>(
    'SELECT seq, bytes, leaf FROM audit_entry WHERE seq >= ? ORDER BY seq LIMIT ?',
  );
  let prev = beforeGenesis;
  let seq = 0;
  for (;;) {
    const some = rows.all(seq, page);
    for (const row of some) {
      const reason = wrongWith(row, seq, prev);
      if (reason) return { entries: seq, ok: false, head: prev.toString('base64'), problem: { seq, reason } };
      prev = row.leaf;
      seq++;
    }
    progress(seq);
    if (some.length < page) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const report = { entries: seq, ok: seq > 0, head: prev.toString('base64') };
  return report.ok ? report : { ...report, problem: { seq: 0, reason: 'there is no genesis entry' } };
}
