import type { AtCloud, Kept } from '../contract/privacy.ts';
import type { Db } from '../store/open.ts';
import type { Subject } from './subject.ts';

const evidence =
  'It is signed and names the registration ID for good: evidence of what was issued (GDPR Art. 17(3)(b) and (e)). Revoke it, if it must not be used.';

const questions = [
  {
    what: 'certificates of this station, with what was to be signed and their requests',
    why: evidence,
    sql: 'SELECT count(*) FROM certificate WHERE unit IN (SELECT value FROM json_each(@units))',
  },
  {
    what: 'certificates that others made',
    why: evidence,
    sql: 'SELECT count(*) FROM stored_certificate WHERE unit IN (SELECT value FROM json_each(@units))',
  },
  {
    what: 'serial numbers of its certificates in lists of revoked ones',
    why: 'Whoever trusts a certificate must be able to see that it was revoked (Art. 17(3)(b)); such a list names no registration ID.',
    sql: `SELECT count(*) FROM revocation r JOIN certificate c ON c.id = r.certificate
          WHERE c.unit IN (SELECT value FROM json_each(@units))`,
  },
  {
    what: 'commitments in the audit trail and in exports of it',
    why: 'Without their salts they are random: nobody can tell whose they are (Recital 26). No byte of the trail changes.',
    sql: 'SELECT json_array_length(@values)',
  },
  {
    what: 'runs, credentials (digests, no keys) and receipts, without a name',
    why: 'They count what was made, and say of nobody what it was (Recital 26).',
    sql: 'SELECT count(*) FROM run WHERE unit IN (SELECT value FROM json_each(@units))',
  },
  {
    what: 'what erased identities are recognised by',
    why: "An HMAC under a key of the HSM, so that an identity that was erased does not silently become another unit's (Art. 17(3)(b): one identity, one unit). It is pseudonymous data.",
    sql: `SELECT count(*) FROM disclosure WHERE id IN (SELECT value FROM json_each(@values))
          AND label IN ('serial', 'registrationId', 'mac', 'endorsementKey')`,
  },
] as const;

/** What cannot be erased of a subject, counted. */
export function keptOf(db: Db, { values, units }: Subject): Kept[] {
  const about = { values: JSON.stringify(values.map(({ id }) => id)), units: JSON.stringify(units) };
  return questions
    .map(({ what, why, sql }) => {
      const given = Object.fromEntries(Object.entries(about).filter(([name]) => sql.includes(`@${name}`)));
      return { what, why, rows: db.prepare<[object], number>(sql).pluck().get(given) ?? 0 };
    })
    .filter(({ rows }) => rows > 0);
}

/** What a target has of a unit. */
const there: Readonly<Record<string, string>> = {
  dps: 'its enrollment, its registration record, and the device in the IoT hub that it was assigned to',
  hub: 'the device in the IoT hub',
  central: 'the device in IoT Central',
};

/** What is to be asked or deleted where units were enrolled: the station does not reach it once the registration ID is gone. */
export function atCloud(db: Db, { units }: Subject): AtCloud[] {
  const rows = db.prepare<{ units: string }, Omit<AtCloud, 'what'>>(
    `WITH u AS (SELECT unit.*, recipe.bytes ->> '$.target' AS target FROM unit JOIN work_order ON work_order.id = unit.work_order
       JOIN recipe ON recipe.hash = work_order.recipe WHERE unit.id IN (SELECT value FROM json_each(@units)))
     SELECT DISTINCT target, d.value AS registrationId FROM (
       SELECT registration, target FROM u WHERE state = 'finished'
       UNION SELECT registration, target FROM outbox WHERE registration IN (SELECT registration FROM u)) AS asked
     JOIN disclosure d ON d.id = asked.registration WHERE d.value IS NOT NULL`,
  );
  return rows
    .all({ units: JSON.stringify(units) })
    .map((row) => ({ ...row, what: there[row.target] ?? 'the file that its enrollment was handed over in' }));
}
