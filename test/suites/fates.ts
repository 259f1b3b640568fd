import type { OutboxRow } from '../../station-core/store/outbox.ts';
import type { Fate, Target } from '../../station-core/sync/targets/target.ts';

/** How rows fared that a target was given. Throws what the target throws when the call as a whole failed. */
export async function fatesOf(
  target: Target,
  rows: readonly OutboxRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Fate>> {
  const sent = { fates: new Map<number, Fate>(), operations: 0 };
  await target.send(rows, signal, sent);
  return sent.fates;
}
