import { StationError } from '../contract/errors.ts';
import type { Role } from '../contract/record.ts';
import type { Db } from '../store/open.ts';

/** A clear value that is still kept, with the salt that opens its commitment. */
export type Clear = {
  readonly id: number;
  readonly label: string;
  readonly value: string;
  readonly salt: Buffer;
  readonly commitment: string;
};

/** Whom records are about: a person, or units. `values` are the clear values that are nobody else's. */
export type Subject = {
  readonly kind: 'person' | 'unit';
  readonly values: readonly Clear[];
  readonly units: readonly number[];
  readonly operator?: { readonly id: number; readonly role: Role; readonly left: 0 | 1 };
};

const clear = 'd.id, d.label, d.value, d.salt, d.commitment';

/** A person by name. Throws `privacy.unknown`. */
export function personOf(db: Db, name: string): Subject {
  const values = db
    .prepare<[string], Clear>(`SELECT ${clear} FROM disclosure d WHERE d.label = 'person' AND d.value = ?`)
    .all(name);
  if (values.length === 0) throw new StationError('privacy.unknown', { what: 'person' });
  return aboutPerson(db, values);
}

function aboutPerson(db: Db, values: readonly Clear[]): Subject {
  const [{ id } = { id: 0 }] = values;
  const operator = db
    .prepare<[number], { id: number; role: Role; left: 0 | 1 }>(
      'SELECT id, role, left_at IS NOT NULL AS left FROM operator WHERE person = ?',
    )
    .get(id);
  const badges = db
    .prepare<[number], Clear>(
      `SELECT ${clear} FROM badge JOIN disclosure d ON d.id = badge.badge WHERE badge.operator = ? AND d.value IS NOT NULL`,
    )
    .all(operator?.id ?? 0);
  return { kind: 'person', values: [...values, ...badges], units: [], ...(operator ? { operator } : {}) };
}

/** Every unit with this serial, of whatever order. Throws `privacy.unknown`. */
export function unitOf(db: Db, serial: string): Subject {
  const units = db
    .prepare<[string], number>(
      `SELECT unit.id FROM disclosure d JOIN unit ON unit.serial = d.id WHERE d.label = 'serial' AND d.value = ?`,
    )
    .pluck()
    .all(serial);
  if (units.length === 0) throw new StationError('privacy.unknown', { what: 'serial' });
  return unitsOf(db, units);
}

/** These units, whatever is still kept of them. */
export function unitsOf(db: Db, units: readonly number[]): Subject {
  const found = new Map<number, Clear>();
  const some = db.prepare<{ units: string }, Clear>(ofUnits);
  for (const row of some.iterate({ units: JSON.stringify(units) })) found.set(row.id, row);
  for (const row of namesakes(db, [...found.values()], units)) found.set(row.id, row);
  return { kind: 'unit', values: [...found.values()], units };
}

/** The subjects of disclosures whose erasure was decided before: each person alone, all units as one. */
export function subjectsOf(db: Db, commitments: readonly string[]): Subject[] {
  const rows = db
    .prepare<[string], Clear>(
      `SELECT ${clear} FROM disclosure d WHERE d.value IS NOT NULL
         AND d.commitment IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(commitments));
  const people = rows.filter(({ label }) => label === 'person').map((row) => aboutPerson(db, [row]));
  // A badge goes with its person; one that an older database gave to nobody goes alone.
  const covered = new Set(people.flatMap((person) => person.values.map(({ id }) => id)));
  const badges = rows.filter(({ label, id }) => label === 'badge' && !covered.has(id));
  if (badges.length > 0) people.push({ kind: 'person', values: badges, units: [] });
  const values = rows.filter(({ label }) => label !== 'person' && label !== 'badge');
  if (values.length === 0) return people;
  const units = db
    .prepare<[string], number>(`SELECT id FROM unit WHERE serial IN (SELECT value FROM json_each(?)) ORDER BY id`)
    .pluck()
    .all(JSON.stringify(values.map(({ id }) => id)));
  return [...people, { kind: 'unit', values, units }];
}

/** References in the JSON of a row, as `veil` of the store makes them. */
const refsIn = (bytes: string): string => `json_tree(${bytes}) AS t WHERE t.key = 'ref' AND t.type = 'integer'`;

/**
 * What the units' own columns, their journal, outbox and certificates refer to. Another unit's serial may stand in the journal of
 * this one ("the label says A, the unit says B"): that one is the other's.
 */
const ofUnits = `
  WITH u AS (SELECT * FROM unit WHERE id IN (SELECT value FROM json_each(@units))),
  own (id) AS (
    SELECT serial FROM u UNION SELECT mac FROM u UNION SELECT registration FROM u
    UNION SELECT registration FROM certificate WHERE unit IN (SELECT id FROM u)
    UNION SELECT registration FROM stored_certificate WHERE unit IN (SELECT id FROM u)
    UNION SELECT d.id FROM endorsement_key e JOIN disclosure d
      ON d.label = 'endorsementKey' AND d.value = lower(hex(e.sha256)) WHERE e.unit IN (SELECT id FROM u)),
  told (id) AS (
    SELECT t.atom FROM run JOIN journal j ON j.run = run.id, ${refsIn('j.body')} AND run.unit IN (SELECT id FROM u)
    UNION SELECT t.atom FROM outbox o, ${refsIn('o.body')} AND o.registration IN (SELECT registration FROM u)
    UNION SELECT t.atom FROM outbox o, ${refsIn("iif(json_valid(o.receipt), o.receipt, '{}')")}
      AND o.registration IN (SELECT registration FROM u)
    UNION SELECT t.atom FROM outbox o, ${refsIn("coalesce(o.reason, '{}')")}
      AND o.registration IN (SELECT registration FROM u))
  SELECT ${clear} FROM disclosure d WHERE d.value IS NOT NULL AND d.label NOT IN ('person', 'enrollmentGroup')
    AND (d.id IN (SELECT id FROM own) OR d.id IN (SELECT id FROM told))
    AND NOT EXISTS (SELECT 1 FROM unit o WHERE o.serial = d.id AND o.id NOT IN (SELECT id FROM u))
    AND NOT EXISTS (SELECT 1 FROM unit o WHERE o.mac = d.id AND o.id NOT IN (SELECT id FROM u))
    AND NOT EXISTS (SELECT 1 FROM unit o WHERE o.registration = d.id AND o.id NOT IN (SELECT id FROM u))`;

/** The same text under another label: a label that was scanned reads like the serial, a device ID like the registration ID. */
function namesakes(db: Db, values: readonly Clear[], units: readonly number[]): Clear[] {
  const same = db.prepare<{ value: string; units: string }, Clear>(
    `SELECT ${clear} FROM disclosure d WHERE d.value = @value
       AND d.label IN ('serial', 'scanned', 'mac', 'registrationId', 'deviceId', 'deviceName', 'endorsementKey')
       AND NOT EXISTS (SELECT 1 FROM unit o WHERE o.serial = d.id AND o.id NOT IN (SELECT value FROM json_each(@units)))
       AND NOT EXISTS (SELECT 1 FROM unit o WHERE o.mac = d.id AND o.id NOT IN (SELECT value FROM json_each(@units)))
       AND NOT EXISTS (
         SELECT 1 FROM unit o WHERE o.registration = d.id AND o.id NOT IN (SELECT value FROM json_each(@units)))`,
  );
  return values.flatMap(({ value }) => same.all({ value, units: JSON.stringify(units) }));
}
