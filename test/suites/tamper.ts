// Ways to tamper with a station's database, each at a random place: what somebody can do who has the disk and no key.
import type Database from 'better-sqlite3';
import { leafHash } from '../../station-core/audit/merkle.ts';
import { StoredTree } from '../../station-core/audit/tree.ts';

type Db = Database.Database;
type Random = () => number;

const below = (random: Random, n: number): number => Math.floor(random() * n);
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T;

/** Does something to rows as if no trigger guarded them; the triggers are there again afterwards, so that only the rows tell. */
function unguarded<T>(db: Db, act: () => T): T {
  const triggers = db
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  try {
    return act();
  } finally {
    for (const { sql } of triggers) db.exec(sql);
  }
}

/** What the newest head covers. */
export const coveredBy = (db: Db): number =>
  db.prepare<[], number>('SELECT max(size) FROM audit_head WHERE note IS NOT NULL').pluck().get() ?? 0;

/** Rows that the newest head, or the seal of nothing else, vouches for. */
const tables = [
  { name: 'audit_entry', at: 'seq', where: 'seq < (SELECT max(size) FROM audit_head)' },
  { name: 'audit_entry', at: 'seq', where: 'seq < (SELECT max(size) FROM audit_head)' },
  { name: 'audit_node', at: 'level * 1000000 + n', where: 'true' },
  { name: 'audit_head', at: 'rowid', where: 'true' },
  { name: 'audit_key', at: 'rowid', where: 'true' },
  { name: 'station', at: 'rowid', where: 'true' },
  { name: 'disclosure', at: 'rowid', where: 'true' },
] as const;

/** One bit of one column of one row, whatever the column is. */
function flipBit(db: Db, random: Random): string | undefined {
  const { name, at: by, where } = pick(random, tables);
  const row = pick(
    random,
    db.prepare<[], { [column: string]: unknown }>(`SELECT ${by} AS at, * FROM ${name} WHERE ${where}`).all(),
  );
  if (!row) return undefined;
  const { at, ...columns } = row;
  const column = pick(
    random,
    Object.keys(columns).filter(
      (one) => one !== 'one' && `${name}.${one}` !== 'disclosure.id' && columns[one] !== null,
    ),
  );
  const to = flipped(columns[column], random);
  const cast = typeof columns[column] === 'string' ? 'CAST(@to AS TEXT)' : '@to';
  const update = `UPDATE ${name} SET ${column} = ${cast} WHERE ${by} = @at`;
  const changed = attempt(() => unguarded(db, () => db.prepare(update).run({ at, to })));
  return changed ? `a bit of ${name}.${column} at ${String(at)}` : undefined;
}

function flipped(value: unknown, random: Random): number | Buffer {
  if (typeof value === 'number') return value ^ (1 << below(random, 20));
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value as Buffer);
  const at = below(random, bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
  return bytes;
}

/** SQLite refuses some of it, such as two rows of one number: then something else is tried. */
function attempt(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch (thrown) {
    if (String((thrown as { code?: unknown }).code).startsWith('SQLITE_CONSTRAINT')) return false;
    throw thrown;
  }
}

function removeEntries(db: Db, random: Random): string {
  const first = below(random, coveredBy(db));
  const many = 1 + below(random, 4);
  unguarded(db, () => db.prepare('DELETE FROM audit_entry WHERE seq >= ? AND seq < ?').run(first, first + many));
  return `${many} entries removed from ${first} on`;
}

/** The entries behind close the gap, so that the numbers of the rows show nothing. */
function removeAndRenumber(db: Db, random: Random): string {
  const at = below(random, coveredBy(db));
  unguarded(db, () => {
    db.prepare('DELETE FROM audit_entry WHERE seq = ?').run(at);
    db.prepare('UPDATE audit_entry SET seq = -seq WHERE seq > ?').run(at);
    db.exec('UPDATE audit_entry SET seq = -seq - 1 WHERE seq < 0');
  });
  return `entry ${at} removed and the others renumbered`;
}

function swapEntries(db: Db, random: Random): string | undefined {
  const [a, b] = [below(random, coveredBy(db)), below(random, coveredBy(db))];
  if (a === b) return undefined;
  const read = db.prepare<[number], { bytes: string; leaf: Buffer }>(
    'SELECT bytes, leaf FROM audit_entry WHERE seq = ?',
  );
  const [one, other] = [read.get(a), read.get(b)];
  const write = db.prepare('UPDATE audit_entry SET bytes = ?, leaf = ? WHERE seq = ?');
  unguarded(db, () => {
    write.run(other?.bytes, other?.leaf, a);
    write.run(one?.bytes, one?.leaf, b);
  });
  return `entries ${a} and ${b} swapped`;
}

function doubleEntry(db: Db, random: Random): string {
  const at = below(random, coveredBy(db));
  const to = below(random, coveredBy(db) + 1);
  unguarded(db, () => {
    const copy = db
      .prepare<[number], { bytes: string; leaf: Buffer }>('SELECT bytes, leaf FROM audit_entry WHERE seq = ?')
      .get(at);
    db.prepare('UPDATE audit_entry SET seq = -seq WHERE seq >= ? AND seq > 0').run(to);
    if (to === 0) db.exec('UPDATE audit_entry SET seq = -1000000 WHERE seq = 0');
    db.exec('UPDATE audit_entry SET seq = CASE seq WHEN -1000000 THEN 1 ELSE -seq + 1 END WHERE seq < 0');
    db.prepare('INSERT INTO audit_entry (seq, bytes, leaf) VALUES (?, ?, ?)').run(to, copy?.bytes, copy?.leaf);
  });
  return `entry ${at} doubled at ${to}`;
}

function truncate(db: Db, random: Random): string {
  const from = below(random, coveredBy(db));
  unguarded(db, () => db.prepare('DELETE FROM audit_entry WHERE seq >= ?').run(from));
  return `cut off at entry ${from}`;
}

/** Everything that can be computed without a key is computed anew. */
function rebuildFrom(db: Db, first: number, change: (entry: { [name: string]: unknown }) => void): void {
  const read = db.prepare<[number], { bytes: string }>('SELECT bytes FROM audit_entry WHERE seq = ?');
  const write = db.prepare('UPDATE audit_entry SET bytes = ?, leaf = ? WHERE seq = ?');
  const end = db.prepare<[], number>('SELECT max(seq) + 1 FROM audit_entry').pluck().get() ?? 0;
  const leafOf = db.prepare<[number], Buffer>('SELECT leaf FROM audit_entry WHERE seq = ?').pluck();
  for (let seq = first; seq < end; seq++) {
    const entry = JSON.parse(read.get(seq)?.bytes ?? '{}') as { [name: string]: unknown };
    if (seq === first) change(entry);
    else entry.prev = leafOf.get(seq - 1)?.toString('base64');
    const bytes = JSON.stringify(entry); // names are in their order already
    write.run(bytes, leafHash(bytes), seq);
  }
  db.exec('DELETE FROM audit_node');
  new StoredTree(db).catchUp(end);
}

function rebuild(db: Db, random: Random): string {
  const first = below(random, coveredBy(db));
  unguarded(db, () =>
    rebuildFrom(db, first, (entry) => {
      entry.result = entry.result === 'ok' ? 'failed' : 'ok';
    }),
  );
  return `the chain rebuilt from entry ${first} on`;
}

/** The roots of the heads' rows follow the new tree; their notes cannot. */
function rebuildWithRoots(db: Db, random: Random): string {
  const how = rebuild(db, random);
  unguarded(db, () => {
    const tree = new StoredTree(db);
    const heads = db.prepare<[], { n: number; size: number }>('SELECT n, size FROM audit_head').all();
    for (const { n, size } of heads) db.prepare('UPDATE audit_head SET root = ? WHERE n = ?').run(tree.root(size), n);
  });
  return `${how}, roots too`;
}

function removeHead(db: Db, random: Random): string | undefined {
  const heads = db.prepare<[], number>('SELECT n FROM audit_head ORDER BY n').pluck().all();
  if (heads.length < 2) return undefined;
  const n = pick(random, heads.slice(0, -1));
  unguarded(db, () => db.prepare('DELETE FROM audit_head WHERE n = ?').run(n));
  return `head ${n} removed`;
}

function removeHeads(db: Db): string {
  unguarded(db, () => db.exec('DELETE FROM audit_head'));
  return 'every head removed';
}

function removeNode(db: Db, random: Random): string | undefined {
  const nodes = db.prepare<[], { level: number; n: number }>('SELECT level, n FROM audit_node').all();
  if (nodes.length === 0) return undefined;
  const { level, n } = pick(random, nodes);
  unguarded(db, () => db.prepare('DELETE FROM audit_node WHERE level = ? AND n = ?').run(level, n));
  return `node ${level}/${n} removed`;
}

const edits = [
  'DROP TRIGGER audit_is_append_only_u',
  'DROP TRIGGER audit_is_append_only_d',
  'DROP TRIGGER audit_head_is_signed_once',
  'DROP TRIGGER audit_head_is_kept',
  'DROP TRIGGER audit_node_is_append_only_u',
  'DROP TRIGGER station_is_written_once',
  'ALTER TABLE audit_entry ADD COLUMN more TEXT',
  'ALTER TABLE audit_head ADD COLUMN more TEXT',
  'CREATE TABLE more (one INTEGER)',
  'CREATE VIEW more AS SELECT * FROM audit_entry',
  'CREATE INDEX more ON audit_entry (leaf)',
  'CREATE TRIGGER more AFTER INSERT ON audit_entry BEGIN SELECT 1; END',
  'DROP INDEX audit_head_unsigned',
  'DROP TABLE audit_stop',
  'ALTER TABLE audit_entry RENAME COLUMN leaf TO root',
  'DROP TABLE audit_node',
  'DROP TABLE audit_head',
  'DROP TABLE audit_key',
] as const;

function editSchema(db: Db, random: Random): string {
  const sql = pick(random, edits);
  db.exec(sql);
  return sql;
}

const ways: readonly (readonly [weight: number, way: (db: Db, random: Random) => string | undefined])[] = [
  [10, flipBit],
  [2, removeEntries],
  [2, removeAndRenumber],
  [2, swapEntries],
  [2, doubleEntry],
  [2, truncate],
  [2, rebuild],
  [2, rebuildWithRoots],
  [1, removeHead],
  [1, removeHeads],
  [1, removeNode],
  [2, editSchema],
];
const drawn = ways.flatMap(([weight, way]) => Array.from({ length: weight }, () => way));

/** Tampers once, at random; answers what was done. */
export function tamper(db: Db, random: Random): string {
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  for (;;) {
    const done = pick(random, drawn)(db, random);
    if (done !== undefined) return done;
  }
}
