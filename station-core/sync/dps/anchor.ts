import { StationError } from '../../contract/errors.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { Fate } from '../targets/target.ts';
import type { Enrollment } from './schemas.ts';
import { billed, different, received, type Sending } from './sending.ts';

/** The newest head of the audit trail in an enrollment of its own. Made by whoever composes the station: nothing here knows of heads. */
export type CloudAnchor = {
  /** The newest signed head; none yet. */
  readonly newest: () => string | undefined;
  /** The entry's etag by the last answer, or none. */
  readonly etag: () => string | undefined;
  readonly enrollment: (note: string) => object;
  /** The note of an entry that is this log's anchor; none for any other. */
  readonly held: (information: unknown) => string | undefined;
  /** Throws while the log is stopped. */
  readonly refuse: () => void;
  /** Throws `audit.older` or `audit.forked` for a note that the log does not hold, which stops it. */
  readonly compare: (note: string) => Promise<void>;
};

/** The entry is another one than the etag says, or gone: it is read. */
const readIt: ReadonlySet<unknown> = new Set([404, 409, 412]);

/** What concerns the log and not the service: the row waits for two people. */
const ofLog: ReadonlySet<string> = new Set(['audit.older', 'audit.forked', 'audit.damaged']);

/**
 * Brings the anchor enrollment to the newest head. In the version of the last answer it needs no look: it holds what was written
 * then. In any other one somebody wrote it meanwhile, perhaps this station from a newer database: it is read and compared first.
 */
export async function anchorHead(sending: Sending, row: OutboxRow): Promise<Fate> {
  const { anchor } = sending;
  const note = anchor?.newest();
  if (!anchor || note === undefined) return received('nothing to anchor');
  try {
    anchor.refuse();
    const etag = anchor.etag();
    const sent = etag === undefined ? undefined : await replaced(sending, row, anchor.enrollment(note), etag);
    return sent ?? (await compared(sending, row, anchor, note));
  } catch (thrown) {
    if (thrown instanceof StationError && ofLog.has(thrown.code)) return { park: thrown.toData() };
    throw thrown;
  }
}

async function replaced(sending: Sending, row: OutboxRow, entry: object, etag: string): Promise<Fate | undefined> {
  try {
    return received('anchored', (await put(sending, row, entry, etag)).etag);
  } catch (thrown) {
    const changed = thrown instanceof StationError && thrown.code === 'cloud.rejected';
    if (changed && readIt.has(thrown.details.status)) return undefined;
    throw thrown;
  }
}

async function compared(sending: Sending, row: OutboxRow, anchor: CloudAnchor, note: string): Promise<Fate> {
  const theirs = await billed(sending, sending.client.getEnrollment(row.registrationId, sending.signal));
  if (!theirs) return received('anchored', (await put(sending, row, anchor.enrollment(note), undefined)).etag);
  const held = anchor.held(theirs.optionalDeviceInformation);
  if (held === undefined) return different('it is no anchor of this log', theirs.etag);
  if (held === note) return received('existing', theirs.etag);
  await anchor.compare(held);
  return received('anchored', (await put(sending, row, anchor.enrollment(note), theirs.etag)).etag);
}

const put = (
  sending: Sending,
  { registrationId }: OutboxRow,
  entry: object,
  etag: string | undefined,
): Promise<Enrollment> => billed(sending, sending.client.putEnrollment(registrationId, entry, etag, sending.signal));
