import { StationError } from '../contract/errors.ts';
import type { Db } from '../store/open.ts';
import { LegalHolds } from './holds.ts';
import type { Subject } from './subject.ts';

/**
 * Why a subject cannot be erased now; to be asked again inside the commit. Throws `privacy.held`, `unit.busy`, `unit.in-batch`,
 * `privacy.waits`, `privacy.working` or `privacy.only-one`.
 */
export function requireErasable(db: Db, subject: Subject): void {
  new LegalHolds(db).require(subject);
  if (subject.kind === 'person') requireIdle(db, subject);
  else requireAtRest(db, JSON.stringify(subject.units));
}

/** Nothing goes on with the units, and nothing of them waits to be sent: the cloud would be asked for "(erased)". */
function requireAtRest(db: Db, units: string): void {
  const busy = db
    .prepare<[string], { lane: number; serial: string }>(
      `SELECT run.lane, d.value AS serial FROM run JOIN unit ON unit.id = run.unit JOIN disclosure d ON d.id = unit.serial
       WHERE run.outcome IS NULL AND unit.id IN (SELECT value FROM json_each(?))`,
    )
    .get(units);
  if (busy) throw new StationError('unit.busy', busy);
  const inBatch = db
    .prepare<[string], { serial: string }>(
      `SELECT d.value AS serial FROM certificate c JOIN unit ON unit.id = c.unit JOIN disclosure d ON d.id = unit.serial
       WHERE c.state = 'intended' AND unit.id IN (SELECT value FROM json_each(?))`,
    )
    .get(units);
  if (inBatch) throw new StationError('unit.in-batch', inBatch);
  const waiting = db
    .prepare<[string], number>(
      `SELECT count(*) FROM outbox WHERE state <> 'done' AND registration IN (
         SELECT registration FROM unit WHERE id IN (SELECT value FROM json_each(?)))`,
    )
    .pluck()
    .get(units);
  if (waiting) throw new StationError('privacy.waits', { rows: waiting });
}

/** A run goes on in this person's name, or nobody else could do what they do. */
function requireIdle(db: Db, { values, operator }: Subject): void {
  const [person] = values;
  const working = db
    .prepare<[number], number>(
      `SELECT 1 FROM run JOIN journal j ON j.run = run.id
       WHERE run.outcome IS NULL AND j.body ->> '$.type' = 'opened' AND j.body ->> '$.who.ref' = ?`,
    )
    .pluck()
    .get(person?.id ?? 0);
  if (working) throw new StationError('privacy.working');
  if (!operator || operator.left || (operator.role !== 'lead' && operator.role !== 'security-officer')) return;
  const others = db
    .prepare<[string, number], number>(
      `SELECT count(*) FROM operator JOIN disclosure d ON d.id = operator.person
       WHERE role = ? AND operator.id <> ? AND d.value IS NOT NULL AND left_at IS NULL`,
    )
    .pluck()
    .get(operator.role, operator.id);
  if (!others) throw new StationError('privacy.only-one', { role: operator.role });
}
