import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../../station-core/store/open.ts';
import { openRecords } from '../../../../station-core/store/records.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

function open() {
  const db = openStore(temporaryFolder(), 'owner');
  onTestFinished(() => void db.close());
  return openRecords(db);
}

test('writes of one turn share one transaction', async () => {
  const { commits, disclosures } = open();
  await Promise.all(
    Array.from({ length: 32 }, (_, lane) => commits.commit(() => disclosures.put('serial', `S-${lane}`))),
  );
  expect(commits.count).toBe(1);
});

test('a write that fails takes nothing of the others with it, and nobody hears of it', async () => {
  const { commits, disclosures } = open();
  const told: string[] = [];
  const write = (serial: string, fails: boolean) =>
    commits.commit(() => {
      disclosures.put('serial', serial);
      commits.afterwards(() => told.push(serial));
      if (fails) throw new Error('no');
      return serial;
    });
  const results = await Promise.allSettled([write('a', false), write('b', true), write('c', false)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect([disclosures.find('serial', 'a'), disclosures.find('serial', 'b')]).toEqual([expect.anything(), undefined]);
  expect(told).toEqual(['a', 'c']);
});

test('nobody is told before the commit is durable', async () => {
  const { db, commits, disclosures } = open();
  const seen: boolean[] = [];
  await commits.commit(() => {
    disclosures.put('serial', 'a');
    commits.afterwards(() => seen.push(db.inTransaction));
  });
  expect(seen).toEqual([false]);
});

test('a database that takes no writes is an error with a sentence, for every write that waited', async () => {
  const { db, commits, disclosures } = open();
  db.pragma('query_only = ON');
  const writes = [1, 2].map((n) => commits.commit(() => disclosures.put('serial', `S-${n}`)));
  for (const write of writes)
    await expect(write).rejects.toMatchObject({ code: 'store.failed', details: { reason: 'SQLITE_READONLY' } });
  db.pragma('query_only = OFF');
  await commits.commit(() => disclosures.put('serial', 'again'));
});

test('a full disk rolls everything back, and the next write works when there is room again', async () => {
  const { db, commits, disclosures } = open();
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages}`);
  const long = 'x'.repeat(100_000);
  const writes = [
    commits.commit(() => disclosures.put('serial', 'small')),
    commits.commit(() => disclosures.put('serial', long)),
  ];
  const results = await Promise.allSettled(writes);
  expect(results.some((result) => result.status === 'rejected' && result.reason.code === 'store.failed')).toBe(true);
  for (const [index, result] of results.entries()) {
    const there = disclosures.find('serial', index === 0 ? 'small' : long) !== undefined;
    expect(there).toBe(result.status === 'fulfilled');
  }
  db.pragma('max_page_count = 100000');
  await commits.commit(() => disclosures.put('serial', long));
});

test('what must survive a power cut is asserted at start: WAL, full sync, secure delete', () => {
  const { db } = open();
  const pragma = (name: string) => db.pragma(name, { simple: true });
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('secure_delete'), pragma('foreign_keys')]).toEqual([
    'wal',
    2,
    1,
    1,
  ]);
});

test('every table is STRICT, so that no column holds what it must not', () => {
  const { db } = open();
  const tables = db
    .prepare<[], { name: string; strict: number }>(
      `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
    )
    .all();
  expect(tables.length).toBeGreaterThan(10);
  expect(tables.filter(({ strict }) => strict !== 1)).toEqual([]);
});

test.each(['journal', 'audit_entry', 'station'])('%s cannot be changed or deleted from', async (table) => {
  const { db } = open();
  db.exec(`INSERT INTO journal (body) VALUES ('{}')`);
  db.exec(`INSERT INTO audit_entry (seq, bytes, leaf) VALUES (0, '{}', x'00')`);
  db.exec(`INSERT INTO station (one, mode, station, origin, made_at) VALUES (1, 'practice', 's', 'o', 't')`);
  const column = { journal: 'body', audit_entry: 'bytes', station: 'mode' }[table];
  expect(() => db.exec(`UPDATE ${table} SET ${column} = 'practice'`)).toThrow(/append-only|written once/);
  expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(/append-only|written once/);
});
