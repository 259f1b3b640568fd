import type Database from 'better-sqlite3';
import { canonical } from '../../contract/canonical.ts';
import type { Head } from '../heads.ts';
import { StoredTree } from '../tree.ts';

/** The entry that names a manifest, the newest head of the export (0: none), and the head that was signed after it. */
export type SealNeed = { readonly entry: number; readonly sealed: number; readonly head: Head };

/** `seal.json`: the proof that the log itself names the manifest (docs/audit.md). */
export function sealOf(db: Database.Database, { entry, sealed, head }: SealNeed): string {
  const tree = new StoredTree(db);
  const bytes = db.prepare<[number], string>('SELECT bytes FROM audit_entry WHERE seq = ?').pluck().get(entry);
  if (bytes === undefined) throw new RangeError(`entry ${entry} is not there`);
  const base64 = (hash: Buffer) => hash.toString('base64');
  return `${canonical({
    entry: bytes,
    index: entry,
    inclusion: tree.inclusion(entry, head.size).map(base64),
    consistency: sealed === 0 ? [] : tree.consistency(sealed, head.size).map(base64),
    note: head.note,
  })}\n`;
}
