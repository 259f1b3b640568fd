import { expect, onTestFinished, test } from 'vitest';
import type { Entry } from '../../../../station-core/audit/log.ts';
import { EntrySearch } from '../../../../station-core/audit/search.ts';
import { SealedLog } from '../../../suites/sealed-log.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

const commitment = (n: number): string => `hmac-sha256:${Buffer.alloc(32, n).toString('base64')}`;
const far = Number.MAX_SAFE_INTEGER;

/** Three founding entries, then so many about forty units of two orders by three people, a second apart from 08:00:03 on. */
async function logOf(entries: number, more: readonly Entry[] = []): Promise<SealedLog> {
  const log = new SealedLog(temporaryFolder());
  onTestFinished(() => log.close());
  await log.found();
  const about = (n: number): Entry => ({
    action: n % 10 === 0 ? 'run.closed' : 'run.opened',
    result: 'ok',
    order: n % 2 === 0 ? 'spring' : 'autumn',
    actor: commitment(100 + (n % 3)),
    role: 'technician',
    unit: { serial: commitment(n % 40) },
  });
  await log.append([...Array.from({ length: entries }, (_, n) => about(n)), ...more]);
  return log;
}

const seqsOf = ({ found }: { readonly found: readonly { readonly seq: number }[] }) => found.map(({ seq }) => seq);

test('entries are found by each of what may be asked for and by all of it together, the newest first', async () => {
  const log = await logOf(200);
  const search = new EntrySearch(log.db);
  const find = (asked: object, before = far, most = 200) => seqsOf(search.find(asked, before, most));
  expect(find({ unit: commitment(7) })).toEqual([170, 130, 90, 50, 10]);
  expect(find({ person: commitment(101) }).length).toBe(67);
  expect(find({ order: 'autumn' }).length).toBe(100);
  expect(find({ action: 'run.closed' }).length).toBe(20);
  expect(find({ unit: commitment(10), order: 'spring', action: 'run.closed', person: commitment(101) })).toEqual([
    133, 13,
  ]);
  expect(find({ unit: commitment(10), order: 'autumn' })).toEqual([]);
  expect(find({ from: '2026-11-27T08:00:10.000Z', to: '2026-11-27T08:00:13.000Z' })).toEqual([12, 11, 10]);
  expect(find({ unit: commitment(7), from: '2026-11-27T08:02:00.000Z' })).toEqual([170, 130]);
  expect(find({ from: '2026-11-28T00:00:00.000Z' })).toEqual([]);
  expect(find({ to: '2026-11-26T00:00:00.000Z' })).toEqual([]);
});

test('pages follow each other without a gap and without an entry twice', async () => {
  const log = await logOf(200);
  const search = new EntrySearch(log.db);
  const seen: number[] = [];
  for (let before: number | undefined = far; before !== undefined; ) {
    const page = search.find({ order: 'spring' }, before, 7);
    seen.push(...seqsOf(page));
    before = page.next;
  }
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
  expect(seen.length).toBe(100);
});

test('a search that would read too much ends, says how far it looked, and goes on from there', async () => {
  const many = (order: string, actor: string): Entry[] =>
    Array.from({ length: 1_100 }, () => ({ action: 'run.opened', result: 'ok', order, actor }));
  const log = await logOf(1, [...many('early', commitment(1)), ...many('late', commitment(2))]);
  const search = new EntrySearch(log.db);
  // More than a thousand entries tell of either, and none of both.
  const asked = { order: 'late', person: commitment(1) };
  const first = search.find(asked, far, 50);
  expect(first).toEqual({ found: [], next: 104 });
  expect(search.find(asked, first.next ?? 0, 50)).toEqual({ found: [] });
});

test('hours are found although the clock was set back in between', async () => {
  const log = await logOf(10);
  const rows = log.db.prepare<[], { hour: string; first: number; last: number }>('SELECT * FROM audit_hour').all();
  expect(rows).toEqual([{ hour: '2026-11-27T08', first: 0, last: 12 }]);
  const insert = log.db.prepare('INSERT INTO audit_entry (seq, bytes, leaf) VALUES (?, ?, ?)');
  const times = ['2026-11-27T10:00:00.000Z', '2026-11-27T08:30:00.000Z', '2026-11-27T10:01:00.000Z'];
  for (const [at, time] of times.entries())
    insert.run(13 + at, JSON.stringify({ at: time, action: 'x' }), Buffer.alloc(32));
  const search = new EntrySearch(log.db);
  const back = { from: '2026-11-27T08:20:00.000Z', to: '2026-11-27T09:00:00.000Z' };
  expect(seqsOf(search.find(back, far, 10))).toEqual([14]);
  expect(seqsOf(search.find({ from: '2026-11-27T09:30:00.000Z' }, far, 10))).toEqual([15, 13]);
});

test('an entry whose bytes are no JSON any more is in the list, and in no answer that asks for something', async () => {
  const log = await logOf(10);
  log.db.exec('DROP TRIGGER audit_is_append_only_u');
  log.db.exec(`UPDATE audit_entry SET bytes = '{' || bytes WHERE seq = 5`);
  const search = new EntrySearch(log.db);
  expect(search.find({}, 7, 2)).toMatchObject({ found: [{ seq: 6 }, { seq: 5, members: undefined }], next: 5 });
  expect(seqsOf(search.find({ order: 'spring' }, 7, 10))).not.toContain(5);
});

test('every look-up goes by an index, and never over the entries', async () => {
  const log = await logOf(1);
  const asked: string[] = [];
  const prepare = log.db.prepare.bind(log.db);
  const spied = new Proxy(log.db, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name, target) as unknown;
      return (sql: string) => {
        asked.push(sql);
        return prepare(sql);
      };
    },
  });
  const all = { unit: commitment(1), person: commitment(2), order: 'spring', action: 'run.opened' };
  new EntrySearch(spied).find({ ...all, from: '2026-11-27T08:00:00.000Z', to: '2026-11-28T08:00:00.000Z' }, far, 10);
  expect(asked.length).toBe(9);
  for (const sql of asked) {
    const plan = log.db.prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    const given = sql.includes('@low') ? { low: 0, high: 1, most: 1, value: 'x' } : ['x'];
    const steps = plan.all(given as object).map(({ detail }) => detail);
    expect(steps.join('; ')).toMatch(/^SEARCH audit_(entry|hour) USING /);
    expect(steps.join('; ')).not.toMatch(/SCAN|TEMP B-TREE/);
  }
});
