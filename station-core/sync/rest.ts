import type { SyncState } from '../contract/record.ts';
import type { Hold } from '../store/holds.ts';

/** When a target's next row is due, if any is queued, whether it may not be called, and when its rows were last asked for. */
export type Resting = { readonly due: number | undefined; readonly hold: Hold | undefined; readonly asked: number };

/** What a pump does that has nothing to send: what a person reads, when it goes on, whether it looks for the network. */
export type Rest = { readonly show: SyncState; readonly wakeAt?: number; readonly look: boolean };

/** The worst that befell a target is shown; the first that is due wakes. Times in Unix milliseconds. */
export function restOf(targets: readonly Resting[]): Rest {
  const holds = targets.flatMap(({ hold }) => (hold ? [hold] : []));
  const look = holds.some(isAway);
  const times = targets.flatMap(({ due, hold, asked }) => {
    if (due === undefined || (hold && isAway(hold))) return [];
    const time = Math.max(due, hold?.until ?? 0);
    // Rows that were due when they were asked for wait for another row, whose receipt wakes the pump; a timer would only spin.
    return time > asked && Number.isFinite(time) ? [time] : [];
  });
  const wakeAt = times.length === 0 ? undefined : Math.min(...times);
  return { show: shown(holds, wakeAt), look, ...(wakeAt === undefined ? {} : { wakeAt }) };
}

/** The network is away: it is looked for, and its hold is no time to wait for. */
const isAway = ({ error, until }: Hold): boolean => error.code === 'cloud.unreachable' && Number.isFinite(until);

function shown(holds: readonly Hold[], wakeAt: number | undefined): SyncState {
  const stopped = holds.find(({ until }) => until === Number.POSITIVE_INFINITY);
  if (stopped) return { state: 'stopped', error: stopped.error };
  const away = holds.find(isAway);
  if (away) return { state: 'waiting', error: away.error };
  if (wakeAt === undefined) return { state: 'idle' };
  const longest = holds.toSorted((one, other) => other.until - one.until)[0];
  return { state: 'waiting', until: new Date(wakeAt).toISOString(), ...(longest ? { error: longest.error } : {}) };
}
