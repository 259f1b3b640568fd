import { createHash, timingSafeEqual } from 'node:crypto';
import type Database from 'better-sqlite3';
import { canonical, type Json } from '../contract/canonical.ts';
import type { AuditReport } from '../contract/record.ts';

/** The version of the entry's schema (README.md describes it). */
export const schemaVersion = 1;

/** `prev` of the genesis entry. */
export const beforeGenesis: Buffer = Buffer.alloc(32);

const page = 1_000;

type Row = { seq: number; bytes: string; leaf: Buffer };

/** The leaf hash of an entry, as a Merkle tree over the log will use it: SHA-256(00 ‖ bytes) (RFC 6962, section 2.1). */
export function leafHash(bytes: string): Buffer {
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(bytes, 'utf8')
    .digest();
}

/**
 * Checks every entry of a log from the first on, read-only and beside its writer; gives the event loop a turn every
 * thousand entries, and tells how far it is.
 */
export async function verifyLog(
  db: Database.Database,
  progress: (entries: number) => void = () => undefined,
): Promise<AuditReport> {
  const rows = db.prepare<[number, number], Row>(
    'SELECT seq, bytes, leaf FROM audit_entry WHERE seq >= ? ORDER BY seq LIMIT ?',
  );
  let prev = beforeGenesis;
  let seq = 0;
  for (;;) {
    const some = rows.all(seq, page);
    for (const row of some) {
      const reason = wrong(row, seq, prev);
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

/** What is wrong with a stored entry, or undefined. */
function wrong(row: Row, seq: number, prev: Buffer): string | undefined {
  if (row.seq !== seq) return `entry ${seq} is missing, ${row.seq} follows`;
  if (!same(leafHash(row.bytes), row.leaf)) return 'its bytes are not those of its hash';
  let entry: { [name: string]: Json };
  try {
    entry = JSON.parse(row.bytes) as { [name: string]: Json };
    if (canonical(entry) !== row.bytes) return 'its bytes are not canonical';
  } catch {
    return 'it is not JSON';
  }
  const { v, seq: says, prev: follows } = entry;
  if (v !== schemaVersion) return `its schema version is ${String(v)}, this program knows ${schemaVersion}`;
  if (says !== seq) return `it says that it is entry ${String(says)}`;
  if (follows !== prev.toString('base64')) return 'it does not follow the entry before it';
  return undefined;
}

const same = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);
