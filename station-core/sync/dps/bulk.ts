import { StationError } from '../../contract/errors.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { Fate } from '../targets/target.ts';
import type { Requested } from './answers.ts';
import { lacksRight } from './diagnosis.ts';
import type { KeyedBody } from './keyed-json.ts';
import { differs } from './same.ts';
import type { Bulk } from './schemas.ts';
import { billed, different, type Item, received, type Sending } from './sending.ts';

/** An item's error number is its HTTP status times a thousand plus a sub-code (DPS REST API, errors). */
const alreadyThere = 409201;
const changedMeanwhile = 412;

/** What the service, or the last look before it leaves, refuses for the whole call: one of its items may be the reason. */
const ofOneItem: ReadonlySet<string> = new Set([
  'cloud.rejected',
  'cloud.too-large',
  'cloud.key-in-body',
  'cloud.private-key',
]);

/**
 * One bulk call for items of one mode, and each item's fate. A call that is refused as a whole is cut in two, so that one bad
 * item never stops the rest. Throws when the call as a whole failed.
 */
export async function sendBulk(sending: Sending, mode: 'create' | 'update', items: readonly Item[]): Promise<void> {
  if (items.length === 0) return;
  const { client, signal, sent } = sending;
  try {
    const bodies = items.map(({ body }) => body);
    await settle(sending, mode, items, await billed(sending, client.bulk(mode, bodies, signal)));
  } catch (thrown) {
    if (!(thrown instanceof StationError) || !ofOneItem.has(thrown.code)) throw thrown;
    const [only] = items;
    if (items.length === 1 && only) {
      sent.fates.set(only.row.id, { park: thrown.toData() });
      return;
    }
    const half = Math.ceil(items.length / 2);
    await sendBulk(sending, mode, items.slice(0, half));
    await sendBulk(sending, mode, items.slice(half));
  }
}

async function settle(
  sending: Sending,
  mode: 'create' | 'update',
  items: readonly Item[],
  result: Bulk & Requested,
): Promise<void> {
  const errors = new Map((result.errors ?? []).map((error) => [error.registrationId.toLowerCase(), error.errorCode]));
  checkBulk(items, result, errors);
  const { fates } = sending.sent;
  const conflicts: Item[] = [];
  for (const item of items) {
    const { row } = item;
    const code = errors.get(row.registrationId);
    if (code === undefined) fates.set(row.id, received(mode === 'create' ? 'created' : 'changed', undefined, result));
    else if (isConflict(mode, row, code)) conflicts.push(item);
    else fates.set(row.id, fateOf(mode, code));
  }
  // After the others, which have their fate whatever becomes of these calls.
  for (const { row, body } of conflicts) fates.set(row.id, await compare(sending, row, body));
}

/** Whether somebody else's entry may be in the way: of a new one, or of one that two people let us write over. */
const isConflict = (mode: 'create' | 'update', { replaces }: OutboxRow, code: number): boolean =>
  code === alreadyThere || (mode === 'update' && replaces !== null && statusOf(code) === changedMeanwhile);

const statusOf = (code: number): number => Math.floor(code / 1_000);

/** What is there already under this ID: ours (a reply was lost), or somebody else's, which is never overwritten. */
async function compare(sending: Sending, row: OutboxRow, body: KeyedBody): Promise<Fate> {
  const { client, signal } = sending;
  const theirs = await billed(sending, client.getEnrollment(row.registrationId, signal));
  if (!theirs)
    return { retry: { code: 'cloud.malformed', details: { what: 'a conflict with an entry that is not there' } } };
  try {
    // Certificates are shown with the entry; symmetric keys only to who may read them.
    const attestation = body.keys
      ? await billed(sending, client.attestationOf('enrollments', row.registrationId, signal))
      : theirs.attestation;
    const what = differs(body, theirs, attestation);
    return what === undefined ? received('existing', theirs.etag) : different(what, theirs.etag);
  } catch (thrown) {
    if (!lacksRight(thrown)) throw thrown;
    return different('its keys may not be read', theirs.etag);
  }
}

/** The verdict and the list of errors must agree, and speak of our rows only; anything else counts as no answer. */
function checkBulk(items: readonly Item[], result: Bulk, errors: ReadonlyMap<string, number>): void {
  const ours = new Set(items.map(({ row }) => row.registrationId));
  const strange = [...errors.keys()].some((id) => !ours.has(id));
  if (strange || result.isSuccessful !== (errors.size === 0)) {
    throw new StationError('cloud.malformed', { what: 'a bulk answer that contradicts itself' });
  }
}

function fateOf(mode: 'create' | 'update', code: number): Fate {
  const status = statusOf(code);
  if (status === 429) return { retry: { code: 'cloud.throttled', details: { seconds: 0 } } };
  if (status >= 500) return { retry: { code: 'cloud.failed', details: { status } } };
  const error = { code: 'cloud.rejected', details: { status, reason: String(code) } } as const;
  // Somebody changed or deleted the entry between the two calls: it is read again.
  const again = mode === 'update' && (status === changedMeanwhile || status === 404 || status === 409);
  return again ? { retry: error } : { park: error };
}
