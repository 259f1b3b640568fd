import { cloudAnchorId, cloudAnchorOf, heldBy } from './anchors/cloud.ts';
import type { Station } from './station.ts';
import type { CloudAnchor } from './sync/dps/anchor.ts';

// The anchor in the cloud: kept current through the outbox, compared at each answer that shows it.

/** Queues the newest head for DPS, unless a row waits that will take it along. A station without a way to DPS has no such anchor. */
export async function queueAnchor(station: Station): Promise<void> {
  const { records, parts, row, pump } = station;
  if (!parts.client) return;
  const queued = await records.commits.commit(() => {
    if (records.outbox.anchorWaits()) return false;
    const registrationId = cloudAnchorId(row.station);
    const dueMs = parts.clock.now();
    records.outbox.queue({ target: 'dps', registrationId, action: 'anchor', body: {}, credential: null, dueMs });
    return true;
  });
  if (queued) pump.wake();
}

/** What the target dps needs for it. */
export function cloudAnchor(station: Station): CloudAnchor {
  const { row, records } = station;
  return {
    newest: () => station.heads.newest()?.note,
    // The etag of the last answer: while nobody else changes the entry, one call is enough for a head.
    etag: () => records.outbox.anchorEtag(),
    enrollment: (note) => cloudAnchorOf(cloudAnchorId(row.station), row.origin, note),
    held: (information) => heldBy(information, row.origin),
    refuse: () => station.stop.refuse(),
    compare: async (note) => {
      const error = await station.anchoring.compareNote(note, `the enrollment ${cloudAnchorId(row.station)}`);
      if (error) throw error;
    },
  };
}

/** Two people reconciled: a row that waited for them goes out once more. */
export async function sendAnchorAgain({ records, parts, pump }: Station): Promise<void> {
  await records.commits.commit(() => {
    for (const id of records.outbox.parkedAnchors()) records.outbox.unpark(id, parts.clock.now());
  });
  pump.wake();
}
