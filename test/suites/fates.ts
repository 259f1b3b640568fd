import type { OutboxRow } from '../../station-core/store/outbox.ts';
import type { Fate, Target } from '../../station-core/sync/targets/target.ts';

/** How rows fared that a target was given. Throws what the target throws when the call as a whole failed. */
export function fatesOf(
  target: Target,
  rows: readonly OutboxRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Fate>> {
  return target.send(rows, signal);
}
