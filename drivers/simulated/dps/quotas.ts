import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';

/** Refuses what would be one more than the instance may hold (DPS quotas and limits). `held` is how many there are. */
export function requireQuota({ switches }: Instance, of: keyof Instance['switches']['quotas'], held: number): void {
  const most = switches.quotas[of];
  if (most === null || held < most) return;
  // The number for a full quota is not published: an error of this name may be it, or one of 403.
  throw new DpsError(switches.overQuota === 400 ? 'tooManyEnrollments' : 'quotaForbids', `quota of ${of}: ${most}`);
}
