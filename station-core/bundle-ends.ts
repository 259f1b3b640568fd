import { isoTime } from './clock.ts';
import type { Station } from './station.ts';
import { noteBacklog } from './store/records.ts';

// How bundles end without receipts: their rows become ordinary ones again.

/** How often an open station looks whether a bundle expired. */
const lookEveryMs = 10 * 60_000;

/** At the start: a bundle that never came to bytes is given up, its rows are ordinary ones again. */
export async function recoverBundles(station: Station): Promise<void> {
  const { records } = station;
  const unmade = records.bundles.unmade();
  if (unmade.length > 0) await records.commits.commit(() => endBundles(station, unmade, 'dropped'));
  await giveBackLate(station);
}

/** Rows of bundles whose receipts did not come in time go the ordinary way again. What was sent all the same is recognised (409). */
export async function giveBackLate(station: Station): Promise<void> {
  const { records, parts } = station;
  const late = records.bundles.late(parts.clock.now());
  if (late.length === 0) return;
  await records.commits.commit(() => endBundles(station, late, 'expired'));
  station.pump.wake();
}

/** Inside a commit. */
export function endBundles(station: Station, sequences: readonly number[], state: 'expired' | 'dropped'): void {
  const { records, audit, parts } = station;
  for (const sequence of sequences) {
    const rows = records.bundles.end(sequence, state);
    for (const row of rows) records.outbox.release(row);
    audit.append({ action: `bundle.${state}`, result: 'failed', details: { sequence, rows: rows.length } });
  }
  noteBacklog(records, isoTime(parts.clock));
}

/** Looks for expired bundles while the station is open. Answers how to stop. */
export function watchBundles(station: Station): () => void {
  const look = () => {
    giveBackLate(station).catch((thrown: unknown) => station.parts.log.incident(thrown));
  };
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}
