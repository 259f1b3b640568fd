import type { Erased } from '../contract/privacy.ts';
import { identityLabels } from '../store/disclosure.ts';
import type { Db } from '../store/open.ts';
import { Names } from './names.ts';
import type { Subject } from './subject.ts';

/** What an erased identity is recognised by, where that is known. */
export type Recognisable = (label: string, value: string) => Buffer | undefined;

/** Texts that are the subject's own are searched for short names, too; everybody else's for names that are no words. */
const least = { own: 4, others: 6 } as const;

const page = 2_000;

export type Text = { readonly table: Table; readonly id: number };
const tables = {
  journal: { key: 'n', columns: ['body'], where: 'run IS NOT NULL' },
  outbox: { key: 'id', columns: ['body', 'receipt', 'reason'], where: '1' },
  lane_stop: { key: 'lane', columns: ['error'], where: '1' },
  program_output: { key: 'run', columns: ['body'], where: '1' },
} as const;
type Table = keyof typeof tables;

/**
 * Rows of others whose free texts mention the subject, found before the commit: history may be long, so that the event loop gets a
 * turn every two thousand rows. What is written meanwhile cannot be about a subject that nothing goes on with.
 */
export async function mentions(db: Db, subject: Subject): Promise<Text[]> {
  const names = new Names(subject.values, least.others);
  const found: Text[] = [];
  for (const [table, { key, columns, where }] of Object.entries(tables) as [Table, (typeof tables)[Table]][]) {
    const rows = db.prepare<[number], { id: number; text: string }>(
      `SELECT ${key} AS id, concat_ws(char(10), ${columns.join(', ')}) AS text FROM ${table}
       WHERE ${key} > ? AND ${where} ORDER BY ${key} LIMIT ${page}`,
    );
    for (let last = -1; ; ) {
      const some = rows.all(last);
      for (const { id, text } of some) if (names.mentionedIn(text)) found.push({ table, id });
      if (some.length < page) break;
      last = some.at(-1)?.id ?? last;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return found;
}

/**
 * Inside a commit: empties value and salt of every disclosure of the subject, its sign-in, its free texts, and what its endorsement
 * key is. No byte of the audit trail changes; what stands there is random without the salts.
 */
export function erase(db: Db, subject: Subject, mentioned: readonly Text[], fingerprint: Recognisable): Erased {
  db.exec('INSERT INTO erasing (one) VALUES (1)');
  try {
    const texts = clearTexts(db, subject, mentioned);
    const endorsementKeys = emptyEndorsements(db, subject, fingerprint);
    db.prepare(`UPDATE unit SET facts = '{}' WHERE id IN (SELECT value FROM json_each(?))`).run(
      JSON.stringify(subject.units),
    );
    const empty = db.prepare('UPDATE disclosure SET value = NULL, salt = NULL, fingerprint = ? WHERE id = ?');
    for (const { id, label, value } of subject.values) {
      empty.run(identityLabels.has(label) ? (fingerprint(label, value) ?? null) : null, id);
    }
    return {
      values: subject.values.length,
      units: subject.units.length,
      signIns: endSignIn(db, subject),
      ...texts,
      endorsementKeys,
    };
  } finally {
    // A full disk may have ended the transaction, and this row with it.
    if (db.inTransaction) db.exec('DELETE FROM erasing');
  }
}

function endSignIn(db: Db, { operator }: Subject): number {
  if (!operator) return 0;
  return db
    .prepare(`UPDATE operator SET salt = x'', verifier = x'', former_salt = NULL, former_verifier = NULL, code_until_ms = NULL,
       chosen_at = NULL, language = NULL, failures = 0, locked_at = NULL WHERE id = ?`)
    .run(operator.id).changes;
}

/** The unit's own rows are cleared whatever they say; a done upload needs its body no more. */
function clearTexts(db: Db, subject: Subject, mentioned: readonly Text[]): Pick<Erased, 'texts' | 'runs'> {
  const units = JSON.stringify(subject.units);
  db.prepare(
    `UPDATE outbox SET body = '{}' WHERE registration IN (
       SELECT registration FROM unit WHERE id IN (SELECT value FROM json_each(?)))`,
  ).run(units);
  const printed = erasePrinted(db, units);
  const own = db
    .prepare<[string], number>(
      `SELECT n FROM journal JOIN run ON run.id = journal.run WHERE run.unit IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .all(units);
  const ownNames = new Names(subject.values, least.own);
  const names = new Names(subject.values, least.others);
  const cleared = [
    ...own.map((id) => ({ table: 'journal', id }) as const).filter((text) => clearRow(db, text, ownNames)),
    ...mentioned.filter((text) => clearRow(db, text, names)),
  ];
  const texts = cleared.length + printed.length + clearHolds(db, names);
  const runs = new Set([...runsOf(db, cleared), ...printed]);
  return { texts, runs: [...runs].sort((a, b) => a - b) };
}

/** What external programmers printed of these units goes as a whole: they write MACs in ways of their own. Answers the runs. */
function erasePrinted(db: Db, units: string): number[] {
  return db
    .prepare<[string], number>(
      `DELETE FROM program_output WHERE run IN (
         SELECT id FROM run WHERE unit IN (SELECT value FROM json_each(?))) RETURNING run`,
    )
    .pluck()
    .all(units);
}

/** Runs whose records are not any more those that their closing entries have the hashes of: the erasure's entry names them. */
function runsOf(db: Db, texts: readonly Text[]): number[] {
  const events = texts.filter(({ table }) => table === 'journal').map(({ id }) => id);
  const outputs = texts.filter(({ table }) => table === 'program_output').map(({ id }) => id);
  const ofEvents = db
    .prepare<[string], number>('SELECT DISTINCT run FROM journal WHERE n IN (SELECT value FROM json_each(?))')
    .pluck()
    .all(JSON.stringify(events));
  return [...ofEvents, ...outputs];
}

function clearRow(db: Db, { table, id }: Text, names: Names): boolean {
  const { key, columns } = tables[table];
  let changed = false;
  for (const column of columns) {
    const select = db.prepare<[number], string | null>(`SELECT ${column} FROM ${table} WHERE ${key} = ?`).pluck();
    const before = select.get(id) ?? null;
    const after = before === null ? before : names.withoutJson(before);
    if (after === before) continue;
    db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`).run(after, id);
    changed = true;
  }
  return changed;
}

/** Reasons that people gave for holds which are over. */
function clearHolds(db: Db, names: Names): number {
  const rows = db.prepare<[], { id: number; reason: string }>('SELECT id, reason FROM legal_hold').all();
  const named = rows.filter(({ reason }) => names.mentionedIn(reason));
  const change = db.prepare('UPDATE legal_hold SET reason = ? WHERE id = ?');
  for (const { id, reason } of named) change.run(names.without(reason), id);
  return named.length;
}

/** One key, one unit, also after it: the digest gives way to what it is recognised by. Without the HSM's key, to random bytes. */
function emptyEndorsements(db: Db, { units }: Subject, fingerprint: Recognisable): number {
  const rows = db.prepare<[string], { id: number; sha256: Buffer }>(
    `SELECT id, sha256 FROM endorsement_key WHERE length(public) > 0 AND unit IN (SELECT value FROM json_each(?))`,
  );
  const empty = db.prepare(
    `UPDATE endorsement_key SET sha256 = coalesce(?, randomblob(32)), public = x'', certificate = NULL WHERE id = ?`,
  );
  const found = rows.all(JSON.stringify(units));
  for (const { id, sha256 } of found) empty.run(fingerprint('endorsementKey', sha256.toString('hex')) ?? null, id);
  return found.length;
}
