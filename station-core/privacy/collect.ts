import type { PersonalRecord, RecordRow } from '../contract/privacy.ts';
import type { Records } from '../store/records.ts';
import { atCloud } from './kept.ts';
import type { Subject } from './subject.ts';

const ofUnits = 'unit IN (SELECT value FROM json_each(@units))';
const ofRegistrations = `registration IN (
  SELECT registration FROM unit WHERE id IN (SELECT value FROM json_each(@units)) AND registration IS NOT NULL)`;

/** What is asked of each table. Sealed secrets and what signs people in are left out: they are no information about anybody. */
const questions: readonly { readonly table: string; readonly of: Subject['kind']; readonly sql: string }[] = [
  {
    table: 'unit',
    of: 'unit',
    sql: `SELECT unit.id, w.name AS "order", facts, unit.state, finished_at FROM unit JOIN work_order w ON w.id = unit.work_order
          WHERE unit.id IN (SELECT value FROM json_each(@units))`,
  },
  { table: 'run', of: 'unit', sql: `SELECT * FROM run WHERE ${ofUnits}` },
  {
    table: 'journal',
    of: 'unit',
    sql: `SELECT j.n, j.run, j.body FROM journal j JOIN run ON run.id = j.run WHERE run.${ofUnits} ORDER BY j.n`,
  },
  {
    table: 'program_output',
    of: 'unit',
    sql: `SELECT o.run, o.body FROM program_output o JOIN run ON run.id = o.run WHERE run.${ofUnits} ORDER BY o.run`,
  },
  {
    table: 'credential',
    of: 'unit',
    sql: `SELECT id, unit, operation, kind, source, fingerprint, certificate, state, made_at, ended, replaces FROM credential WHERE ${ofUnits}`,
  },
  { table: 'certificate', of: 'unit', sql: `SELECT * FROM certificate WHERE ${ofUnits}` },
  {
    table: 'revocation',
    of: 'unit',
    sql: `SELECT r.* FROM revocation r JOIN certificate c ON c.id = r.certificate WHERE c.${ofUnits}`,
  },
  {
    table: 'stored_certificate',
    of: 'unit',
    sql: `SELECT id, store, origin, leaf, fingerprint, key_hash, not_after_ms, state, unit, added_at FROM stored_certificate WHERE ${ofUnits}`,
  },
  { table: 'endorsement_key', of: 'unit', sql: `SELECT * FROM endorsement_key WHERE ${ofUnits}` },
  { table: 'scrapped', of: 'unit', sql: `SELECT * FROM scrapped WHERE ${ofUnits}` },
  { table: 'shipped', of: 'unit', sql: `SELECT * FROM shipped WHERE ${ofUnits}` },
  { table: 'unit_pass', of: 'unit', sql: `SELECT * FROM unit_pass WHERE ${ofUnits}` },
  {
    table: 'first_article',
    of: 'unit',
    sql: `SELECT unit, passed_at, approved_at FROM first_article WHERE ${ofUnits}`,
  },
  {
    table: 'webhook_message',
    of: 'unit',
    sql: `SELECT id, webhook, result, attempts, state, reason FROM webhook_message WHERE ${ofUnits}`,
  },
  { table: 'outbox', of: 'unit', sql: `SELECT * FROM outbox WHERE ${ofRegistrations}` },
  {
    table: 'bundle',
    of: 'unit',
    sql: `SELECT b.sequence, r.row, r.state, a.name AS applier, b.made_at FROM bundle_row r JOIN bundle b ON b.sequence = r.bundle
          JOIN applier a ON a.id = b.applier WHERE r.row IN (SELECT id FROM outbox WHERE ${ofRegistrations})`,
  },
  {
    table: 'lane_stop',
    of: 'unit',
    sql: `SELECT lane, error, at FROM lane_stop WHERE EXISTS (SELECT 1 FROM json_tree(error) AS t
          WHERE t.key = 'ref' AND t.atom IN (SELECT value FROM json_each(@values)))`,
  },
  {
    table: 'operator',
    of: 'person',
    sql: `SELECT id, role, language, failures, locked_at, left_at, chosen_at, made_at FROM operator
          WHERE person IN (SELECT value FROM json_each(@values))`,
  },
  {
    table: 'badge',
    of: 'person',
    sql: 'SELECT badge, given_at, until FROM badge WHERE badge IN (SELECT value FROM json_each(@values))',
  },
  {
    table: 'approval',
    of: 'person',
    sql: `SELECT method, granted_at, used_at FROM approval WHERE approver IN (
            SELECT id FROM operator WHERE person IN (SELECT value FROM json_each(@values)))`,
  },
  {
    table: 'journal',
    of: 'person',
    sql: `SELECT n, run, body FROM journal WHERE EXISTS (SELECT 1 FROM json_tree(body) AS t
          WHERE t.key = 'ref' AND t.atom IN (SELECT value FROM json_each(@values))) ORDER BY n`,
  },
  {
    table: 'legal_hold',
    of: 'person',
    sql: 'SELECT id, scope, reason, placed_at, released_at FROM legal_hold WHERE subject IN (SELECT value FROM json_each(@values))',
  },
  {
    table: 'legal_hold',
    of: 'unit',
    sql: 'SELECT id, scope, reason, placed_at, released_at FROM legal_hold WHERE subject IN (SELECT value FROM json_each(@values))',
  },
];

/** Columns that hold JSON with references instead of names. */
const json: ReadonlySet<string> = new Set(['body', 'error', 'reason', 'receipt', 'facts']);

/** Collects the record; gives the event loop a turn every thousand entries. */
export async function collect(
  records: Records,
  subject: Subject,
  about: Pick<PersonalRecord, 'madeAt' | 'station' | 'logs' | 'files'>,
): Promise<PersonalRecord> {
  const given = { values: JSON.stringify(subject.values.map(({ id }) => id)), units: JSON.stringify(subject.units) };
  const tables = questions
    .filter(({ of }) => of === subject.kind)
    .map(({ table, sql }) => {
      const wanted = Object.fromEntries(Object.entries(given).filter(([name]) => sql.includes(`@${name}`)));
      const rows = records.db.prepare<[object], Record<string, unknown>>(sql).all(wanted);
      return [table, rows.map((row) => readable(records, row))] as const;
    });
  return {
    schema: 1,
    kind: subject.kind,
    ...about,
    disclosures: subject.values.map(({ label, value, salt, commitment }) => {
      return { label, value, salt: salt.toString('base64'), commitment };
    }),
    tables: Object.fromEntries(tables),
    entries: await entriesNaming(
      records,
      subject.values.map(({ commitment }) => commitment),
    ),
    cloud: atCloud(records.db, subject),
  };
}

/** Bytes as base64, JSON as it reads with the names that are still there. */
function readable({ disclosures }: Records, row: Record<string, unknown>): RecordRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (Buffer.isBuffer(value)) return [column, value.toString('base64')];
      if (json.has(column) && typeof value === 'string' && /^[[{]/.test(value)) {
        return [column, disclosures.unveil(JSON.parse(value))];
      }
      return [column, value];
    }),
  );
}

const page = 1_000;

async function entriesNaming({ db }: Records, commitments: readonly string[]): Promise<PersonalRecord['entries']> {
  const rows = db.prepare<[number], { seq: number; bytes: string }>(
    `SELECT seq, bytes FROM audit_entry WHERE seq > ? ORDER BY seq LIMIT ${page}`,
  );
  const found: { seq: number; bytes: string }[] = [];
  for (let last = -1; ; ) {
    const some = rows.all(last);
    found.push(...some.filter(({ bytes }) => commitments.some((commitment) => bytes.includes(commitment))));
    if (some.length < page) return found;
    last = some.at(-1)?.seq ?? last;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
