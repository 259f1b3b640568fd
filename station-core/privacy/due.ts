import type { Db } from '../store/open.ts';

/** How long records that name people or units are kept, in days; what is left out is kept for good. */
export type Retention = {
  readonly peopleDays?: number | undefined;
  readonly unitsDays?: number | undefined;
  readonly logsDays?: number | undefined;
  readonly backupDays?: number | undefined;
};

export const dayMs = 24 * 60 * 60_000;

/** Units whose period is over: finished or scrapped before `before` (ISO 8601), not erased, not held, and nothing of them waits. */
export function dueUnits(db: Db, before: string, most: number): number[] {
  return db
    .prepare<{ before: string; most: number }, number>(
      `SELECT unit.id FROM unit JOIN disclosure d ON d.id = unit.serial LEFT JOIN scrapped ON scrapped.unit = unit.id
       WHERE d.value IS NOT NULL AND coalesce(scrapped.at, iif(unit.state = 'finished', unit.finished_at, NULL)) < @before
         AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.released_at IS NULL AND (
           h.scope = 'all' OR h.work_order = unit.work_order OR h.subject IN (unit.serial, unit.mac, unit.registration)))
         AND NOT EXISTS (SELECT 1 FROM run WHERE run.unit = unit.id AND run.outcome IS NULL)
         AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.unit = unit.id AND c.state = 'intended')
         AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.registration = unit.registration AND o.state <> 'done')
       ORDER BY unit.id LIMIT @most`,
    )
    .pluck()
    .all({ before, most });
}

const page = 1_000;

/** People who have done nothing since `before` (ISO 8601), by the audit trail, and were added before it. Names, in clear. */
export async function duePeople(db: Db, before: string): Promise<string[]> {
  const people = db
    .prepare<[string], { name: string; commitment: string }>(
      `SELECT d.value AS name, d.commitment FROM operator JOIN disclosure d ON d.id = operator.person
       WHERE d.value IS NOT NULL AND operator.made_at < ?`,
    )
    .all(before);
  const active = people.length === 0 ? new Set<string>() : await activeSince(db, before);
  return people.filter(({ commitment }) => !active.has(commitment)).map(({ name }) => name);
}

/** Commitments to whoever acted or agreed since then, read from the newest entry back. */
async function activeSince(db: Db, before: string): Promise<ReadonlySet<string>> {
  const rows = db.prepare<[number], { seq: number; at: string; actor: string | null; approver: string | null }>(
    `SELECT seq, bytes ->> '$.at' AS at, bytes ->> '$.actor' AS actor, bytes ->> '$.approver' AS approver
     FROM audit_entry WHERE seq < ? ORDER BY seq DESC LIMIT ${page}`,
  );
  const active = new Set<string>();
  for (let last = Number.MAX_SAFE_INTEGER; ; ) {
    const some = rows.all(last);
    for (const { at, actor, approver } of some) {
      if (at < before) continue;
      if (actor !== null) active.add(actor);
      if (approver !== null) active.add(approver);
    }
    // A clock that was set back wrote earlier times among later ones: only a whole page of old entries ends the search.
    if (some.length < page || some.every(({ at }) => at < before)) return active;
    last = some.at(-1)?.seq ?? 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
