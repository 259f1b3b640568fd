import type { ErrorData } from '../contract/errors.ts';
import type { Disclosures } from './disclosure.ts';
import type { Db } from './open.ts';

/** The row of a target that has waited longest. */
export type OldestRow = {
  readonly row: number;
  readonly registrationId: string;
  readonly action: string;
  readonly attempts: number;
  /** Unix milliseconds; not known of rows that an older version made. */
  readonly queuedMs: number | null;
  readonly reason: ErrorData | undefined;
};

type Row = Omit<OldestRow, 'registrationId' | 'reason'> & {
  readonly registration: number;
  readonly reason: string | null;
};

/** The oldest row that waits for a target or is on its way there; none where nothing is. */
export function oldestWaiting(db: Db, disclosures: Disclosures, target: string): OldestRow | undefined {
  const row = db
    .prepare<[string], Row>(
      `SELECT id AS row, registration, action, attempts, queued_ms AS queuedMs, reason FROM outbox
       WHERE state IN ('queued', 'leased') AND target = ? ORDER BY id LIMIT 1`,
    )
    .get(target);
  if (!row) return undefined;
  const { registration, reason, ...rest } = row;
  return {
    ...rest,
    registrationId: disclosures.value(registration),
    reason: reason === null ? undefined : (disclosures.unveil(JSON.parse(reason)) as ErrorData),
  };
}
