import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { leafHash } from '../../../../station-core/audit/merkle.ts';
import { verifyLog } from '../../../../station-core/audit/verify.ts';
import type { Db } from '../../../../station-core/store/open.ts';
import { written } from '../../../suites/exported.ts';
import { lineEntries, SignedLog } from '../../../suites/signed-log.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

/** A log of 700 entries with heads over 300 and 600, whose triggers somebody with the file has removed. */
async function opened(): Promise<SignedLog> {
  const log = await SignedLog.found(temporaryFolder());
  onTestFinished(() => void log.db.close());
  await log.append(lineEntries(3, 300));
  await log.seal();
  await log.append(lineEntries(300, 600));
  await log.seal();
  await log.append(lineEntries(600, 700));
  for (const name of log.db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
    .pluck()
    .all()) {
    if (name.startsWith('audit_')) log.db.exec(`DROP TRIGGER ${name}`);
  }
  return log;
}

const rehash = (db: Db, seq: number, change: (bytes: string) => string) => {
  const bytes = change(
    db.prepare<[number], string>('SELECT bytes FROM audit_entry WHERE seq = ?').pluck().get(seq) ?? '',
  );
  db.prepare('UPDATE audit_entry SET bytes = ?, leaf = ? WHERE seq = ?').run(bytes, leafHash(bytes), seq);
};

const damages: readonly [string, (db: Db) => void, number, string, RegExp][] = [
  [
    'a changed byte of an entry',
    (db) => db.exec(`UPDATE audit_entry SET bytes = replace(bytes, '"ok"', '"no"') WHERE seq = 44`),
    44,
    'entry 44',
    /not those of its hash/,
  ],
  [
    'text that is no UTF-8',
    (db) => db.exec(`UPDATE audit_entry SET bytes = CAST(x'ff' AS TEXT) WHERE seq = 44`),
    44,
    'entry 44',
    /not those/,
  ],
  [
    'an entry rewritten with its hash',
    (db) => rehash(db, 44, (bytes) => bytes.replace('"ok"', '"no"')),
    45,
    'level 1, node 0',
    /not the one of the entries/,
  ],
  ['a removed entry', (db) => db.exec('DELETE FROM audit_entry WHERE seq = 3'), 3, 'entry 3', /entry 3 is missing/],
  [
    'removed entries',
    (db) => db.exec('DELETE FROM audit_entry WHERE seq BETWEEN 3 AND 5'),
    3,
    'entry 3',
    /entries 3 to 5 are missing/,
  ],
  [
    'a cut tail',
    (db) => db.exec('DELETE FROM audit_entry WHERE seq >= 550'),
    550,
    'head 2',
    /covers 600 entries, and the log has 550/,
  ],
  [
    'a changed node',
    (db) => db.exec('UPDATE audit_node SET hash = zeroblob(32) WHERE n = 1'),
    256,
    'level 1, node 1',
    /not the one/,
  ],
  ['a removed node', (db) => db.exec('DELETE FROM audit_node WHERE n = 1'), 256, 'level 1, node 1', /missing/],
  [
    'another root of a head',
    (db) => db.exec('UPDATE audit_head SET root = zeroblob(32) WHERE n = 1'),
    299,
    'head 1',
    /another head than its row/,
  ],
  [
    'another size of a head',
    (db) => db.exec('UPDATE audit_head SET size = 299 WHERE n = 1'),
    298,
    'head 1',
    /another head than its row/,
  ],
  ['a removed head', (db) => db.exec('DELETE FROM audit_head WHERE n = 1'), 599, 'head 2', /heads are missing/],
  [
    'a changed signature',
    (db) =>
      db.exec(
        `UPDATE audit_head SET note = replace(note, substr(note, -10, 1), CASE substr(note, -10, 1) WHEN 'A' THEN 'B' ELSE 'A' END) WHERE n = 2`,
      ),
    599,
    'head 2',
    /signature is not the one|cannot be checked|another head/,
  ],
  [
    'a head of another key',
    (db) => db.exec('PRAGMA foreign_keys = OFF; UPDATE audit_head SET key = 7 WHERE n = 2'),
    599,
    'head 2',
    /key 7 is not there/,
  ],
  [
    'another key than the log names',
    (db) => db.exec(`UPDATE audit_key SET ed_public_key = replace(ed_public_key, 'M', 'N')`),
    2,
    'entry 2',
    /not the one that its entry names/,
  ],
];

test.each(damages)(
  '%s is in the manifest with its place, and the export goes on',
  async (_, damage, __, where, what) => {
    const log = await opened();
    damage(log.db);
    const { exported, facts } = await written(log.folder, join(log.folder, 'out'), 'jsonl');
    expect(facts.problems).toContainEqual({ where, what: expect.stringMatching(what) as string });
    expect(exported.manifest.problems).toEqual(facts.problems);
    expect(exported.wrong()).toEqual([]);
    const left = log.db.prepare<[], number>('SELECT count(*) FROM audit_entry').pluck().get();
    expect(exported.text('entries.jsonl').split('\n')).toHaveLength((left ?? 0) + 1);
  },
);

test.each(damages)('audit verify finds %s, with its entry', async (_, damage, seq) => {
  const log = await opened();
  damage(log.db);
  expect(await verifyLog(log.db)).toMatchObject({ ok: false, sealed: 600, problem: { seq } });
});

test('a whole log is without problems, and says how much of it is sealed', async () => {
  const log = await opened();
  expect(await verifyLog(log.db)).toMatchObject({ ok: true, entries: 700, sealed: 600 });
});

test('an edited schema stands in the manifest beside the one that it should be', async () => {
  const log = await opened();
  const { exported } = await written(log.folder, join(log.folder, 'out'), 'csv');
  const { schema, problems } = exported.manifest;
  expect(schema.found).not.toBe(schema.expected);
  expect(problems).toEqual([{ what: expect.stringMatching(/schema/) as string, where: 'station.db' }]);
});

test('a damaged log has a hundred problems at most', async () => {
  const log = await opened();
  log.db.exec(`UPDATE audit_entry SET leaf = zeroblob(32)`);
  const { facts } = await written(log.folder, join(log.folder, 'out'), 'csv');
  expect(facts.problems).toHaveLength(100);
});

test('tiles end where entries are missing', async () => {
  const log = await opened();
  log.db.exec('DELETE FROM audit_entry WHERE seq = 300');
  const { exported } = await written(log.folder, join(log.folder, 'out'), 'tiles');
  expect(exported.names).toContain('tile/entries/001.p/44');
  expect(exported.manifest).toMatchObject({ entries: 300, sealed: 600, complete: false });
});

/** Pages of a table: its leaves hold entries, the root leads to them. */
const pageOf = `SELECT pageno FROM dbstat WHERE name = 'audit_entry' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 40`;

test('a page of the file that cannot be read ends the export with its place, and not the program', async () => {
  const log = await opened();
  const { folder } = log;
  const page = log.db.prepare<[], number>(pageOf).pluck().get() ?? 0;
  log.db.pragma('wal_checkpoint(TRUNCATE)');
  const file = openSync(join(folder, 'station.db'), 'r+');
  writeSync(file, Buffer.alloc(4_096, 0xff), 0, 4_096, (page - 1) * 4_096);
  closeSync(file);
  const { facts, exported } = await written(folder, join(folder, 'out'), 'jsonl');
  expect(facts.problems).toContainEqual({
    where: expect.stringMatching(/^entry \d+$/) as string,
    what: expect.stringMatching(/cannot be read on from here \(SQLITE_CORRUPT/) as string,
  });
  expect(exported.manifest.entries).toBeLessThan(700);
  expect(exported.wrong()).toEqual([]);
});
