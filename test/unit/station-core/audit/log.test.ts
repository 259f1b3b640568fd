import { expect, onTestFinished, test } from 'vitest';
import { AuditLog } from '../../../../station-core/audit/log.ts';
import { leafHash } from '../../../../station-core/audit/merkle.ts';
import { verifyLog } from '../../../../station-core/audit/verify.ts';
import { openStore } from '../../../../station-core/store/open.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

function log(entries: number) {
  const db = openStore(temporaryFolder(), 'owner');
  onTestFinished(() => void db.close());
  const now = () => ({ at: '2026-01-02T03:04:05.006Z', mono: 7, trust: 'unknown' as const });
  const writer = { station: 's', origin: 'o', boot: 'b', software: '0', config: 'c', now };
  const audit = new AuditLog(db, writer);
  db.transaction(() => {
    for (let seq = 0; seq < entries; seq++) audit.append({ action: 'run.opened', result: 'ok', run: seq });
  })();
  for (const trigger of ['audit_is_append_only_u', 'audit_is_append_only_d']) db.exec(`DROP TRIGGER ${trigger}`);
  return { db, audit };
}

test('a log holds as it was written, over more than one page', async () => {
  const { db, audit } = log(2_500);
  const seen: number[] = [];
  expect(await verifyLog(db, (entries) => seen.push(entries))).toEqual({
    entries: 2_500,
    ok: true,
    sealed: 0,
    head: audit.head().leaf.toString('base64'),
  });
  expect(seen.at(-1)).toBe(2_500);
});

test('the leaf hash is the one of RFC 6962: SHA-256 of a zero byte and the entry', () => {
  // RFC 6962 test vector of the empty leaf: SHA-256(00).
  expect(leafHash('').toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
});

test('a log without a genesis entry does not hold', async () => {
  expect(await verifyLog(log(0).db)).toMatchObject({ ok: false, problem: { reason: 'there is no genesis entry' } });
});

const rehash = (seq: number, change: (bytes: string) => string) => (db: ReturnType<typeof log>['db']) => {
  const row = db.prepare<[number], { bytes: string }>('SELECT bytes FROM audit_entry WHERE seq = ?').get(seq);
  const bytes = change(row?.bytes ?? '');
  db.prepare('UPDATE audit_entry SET bytes = ?, leaf = ? WHERE seq = ?').run(bytes, leafHash(bytes), seq);
};

const tamperings: readonly [string, (db: ReturnType<typeof log>['db']) => void, number, RegExp][] = [
  [
    'a changed byte',
    (db) => db.exec(`UPDATE audit_entry SET bytes = replace(bytes, '"ok"', '"no"') WHERE seq = 4`),
    4,
    /not those of its hash/,
  ],
  [
    'a changed hash',
    (db) => db.exec(`UPDATE audit_entry SET leaf = zeroblob(32) WHERE seq = 4`),
    4,
    /not those of its hash/,
  ],
  ['an entry rewritten with its hash', rehash(4, (bytes) => bytes.replace('"ok"', '"failed"')), 5, /does not follow/],
  ['an entry with white space', rehash(9, (bytes) => bytes.replace(',', ', ')), 9, /not canonical/],
  ['an entry that is not JSON', rehash(9, () => 'x'), 9, /not JSON/],
  ['an entry of another schema', rehash(9, (bytes) => bytes.replace('"v":1', '"v":2')), 9, /version is 2/],
  [
    'a number that is not its place',
    rehash(9, (bytes) => bytes.replace('"seq":9', '"seq":8')),
    9,
    /says that it is entry 8/,
  ],
  ['a removed entry', (db) => db.exec('DELETE FROM audit_entry WHERE seq = 3'), 3, /entry 3 is missing, 4 follows/],
  ['a removed first entry', (db) => db.exec('DELETE FROM audit_entry WHERE seq = 0'), 0, /entry 0 is missing/],
];

test.each(tamperings)('%s is found with its place', async (_, tamper, seq, reason) => {
  const { db } = log(10);
  tamper(db);
  expect(await verifyLog(db)).toMatchObject({
    ok: false,
    problem: { seq, reason: expect.stringMatching(reason) as string },
  });
});

test('an entry outside a commit is refused, since it would be durable without its act', () => {
  expect(() => log(1).audit.append({ action: 'run.opened', result: 'ok' })).toThrow(/inside a commit/);
});
