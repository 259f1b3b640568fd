import { timingSafeEqual } from 'node:crypto';
import type Database from 'better-sqlite3';
import { canonical, type Json } from '../contract/canonical.ts';
import { leafHash } from './merkle.ts';

/** The version of the entry's schema (README.md describes it). */
export const schemaVersion = 1;

/** `prev` of the genesis entry. */
export const beforeGenesis: Buffer = Buffer.alloc(32);

/** An entry as it is stored. */
export type EntryRow = { readonly seq: number; readonly bytes: string; readonly leaf: Buffer };

/** The first entry that does not hold, and why. */
export type EntryProblem = { readonly seq: number; readonly reason: string };

const page = 1_000;

/** What is wrong with the entries from `begin` up to `end`, or undefined: each is hashed anew and must follow the one before. */
export function entryProblem(db: Database.Database, begin: number, end: number): EntryProblem | undefined {
  const rows = db.prepare<[number, number, number], EntryRow>(
    'SELECT seq, bytes, leaf FROM audit_entry WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?',
  );
  let prev =
    begin === 0
      ? beforeGenesis
      : db
          .prepare<[number], Buffer>('SELECT leaf FROM audit_entry WHERE seq = ?')
          .pluck()
          .get(begin - 1);
  if (!prev) return { seq: begin - 1, reason: `entry ${begin - 1} is missing` };
  for (let seq = begin; seq < end; ) {
    const some = rows.all(seq, end, page);
    if (some.length === 0) return { seq, reason: `entry ${seq} is missing` };
    for (const row of some) {
      const reason = wrongWith(row, seq, prev);
      if (reason) return { seq, reason };
      prev = row.leaf;
      seq++;
    }
  }
  return undefined;
}

/** What is wrong with a stored entry that should have this number and follow this leaf, or undefined. */
export function wrongWith(row: EntryRow, seq: number, prev: Buffer): string | undefined {
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
