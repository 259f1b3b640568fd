import type { CloudCheck } from '../../../station-core/contract/cloud.ts';
import type { SyncState } from '../../../station-core/contract/record.ts';
import type { TargetView } from '../../../station-core/contract/sync-look.ts';

/** How it stands with uploads, in one word. */
export type Standing = 'none' | 'idle' | 'sending' | 'offline' | 'waiting' | 'stopped';

export function standingOf(sync: SyncState, targets: readonly TargetView[]): Standing {
  if (targets.every(({ configured }) => !configured)) return 'none';
  if (sync.state === 'waiting') return sync.error?.code === 'cloud.unreachable' ? 'offline' : 'waiting';
  return sync.state;
}

/** The shape that each is drawn with. Nothing of it is a verdict: green is for units alone. */
export const lookOfStanding = {
  none: 'ready',
  idle: 'ready',
  sending: 'busy',
  offline: 'aborted',
  waiting: 'aborted',
  stopped: 'errored',
} as const satisfies Record<Standing, string>;

export type Warning = 'owner' | 'groupKeys' | 'clock';

/** Tokens are refused where the clocks differ by more (station-core/sync/dps/diagnosis.ts). */
const largestSkewMs = 5 * 60_000;

/** What should be changed although uploads work, in words of our own: the station says it in English. */
export function warningsOf({ caller, rights, skewMs = 0 }: CloudCheck): readonly Warning[] {
  const found: Record<Warning, boolean> = {
    owner: caller === 'policy provisioningserviceowner',
    groupKeys: rights.some(({ what, has }) => what === 'read keys of groups' && has === 'yes'),
    clock: Math.abs(skewMs) > largestSkewMs,
  };
  return (Object.keys(found) as Warning[]).filter((name) => found[name]);
}
