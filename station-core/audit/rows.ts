import type Database from 'better-sqlite3';

/** An entry as it is stored, its bytes as they lie in the file: damaged text stays what it is. */
export type StoredRow = { readonly seq: number; readonly bytes: Buffer; readonly leaf: Buffer };

const page = 1_000;

/** How many entries there are by the number of the newest. */
export function sizeOf(db: Database.Database): number {
  const newest = db.prepare<[], number>('SELECT seq FROM audit_entry ORDER BY seq DESC LIMIT 1').pluck().get();
  return newest === undefined ? 0 : newest + 1;
}

/**
 * The entries below `size` in their order, a thousand at a time: each read is short, so that it holds up no checkpoint of the
 * write-ahead log, and the event loop gets a turn after it.
 */
export async function* storedRows(db: Database.Database, size: number): AsyncGenerator<readonly StoredRow[]> {
  const rows = db.prepare<[number, number, number], StoredRow>(
    `SELECT seq, CAST(bytes AS BLOB) AS bytes, CAST(leaf AS BLOB) AS leaf FROM audit_entry
     WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?`,
  );
  for (let seq = 0; seq < size; ) {
    const some = rows.all(seq, size, page);
    const last = some.at(-1);
    if (!last) return;
    yield some;
    seq = last.seq + 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
