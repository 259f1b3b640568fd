import { StationError } from '../../contract/errors.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import { different, received } from '../dps/sending.ts';
import type { Carried, Fate, Sent } from '../targets/target.ts';
import { bulkBody, putBody } from './bulk.ts';
import type { HubClient } from './client.ts';
import { differs, type Identity } from './identity.ts';
import type { HubBulk } from './schemas.ts';

/** One call of the pump to a hub: what it works with, and what it found out so far. */
export type HubSending = {
  readonly client: HubClient;
  readonly carriedOf: (row: OutboxRow) => Promise<Carried>;
  readonly signal: AbortSignal;
  readonly sent: Sent;
};

/** A row and the identity that is to be made for it. */
export type Item = { readonly row: OutboxRow; readonly identity: Identity };

/** What the hub, or the last look before it leaves, refuses for the whole call: one of its items may be the reason. */
const ofOneItem: ReadonlySet<string> = new Set(['cloud.rejected', 'cloud.too-large']);

/**
 * One bulk call, and each item's fate. A call that is refused as a whole is cut in two, so that one bad item never stops the rest.
 * Throws when the call as a whole failed.
 */
export async function createAll(sending: HubSending, items: readonly Item[]): Promise<void> {
  const { client, signal, sent } = sending;
  try {
    await settle(sending, items, await client.bulk(bulkBody(items), signal));
  } catch (thrown) {
    if (!(thrown instanceof StationError) || !ofOneItem.has(thrown.code)) throw thrown;
    const [only] = items;
    if (items.length === 1 && only) {
      sent.fates.set(only.row.id, { park: thrown.toData() });
      return;
    }
    const half = Math.ceil(items.length / 2);
    await createAll(sending, items.slice(0, half));
    await createAll(sending, items.slice(half));
  }
}

async function settle(sending: HubSending, items: readonly Item[], result: HubBulk): Promise<void> {
  const errors = new Map((result.errors ?? []).map(({ deviceId, errorCode }) => [deviceId, errorCode]));
  checkBulk(items, result, errors);
  const { fates } = sending.sent;
  // A device without its twin is there: whoever uses the hub must know.
  const bare = new Set((result.warnings ?? []).map(({ deviceId }) => deviceId));
  const conflicts: Item[] = [];
  for (const item of items) {
    const { row, identity } = item;
    const code = errors.get(identity.deviceId);
    if (code === undefined)
      fates.set(row.id, received(bare.has(identity.deviceId) ? 'created without twin' : 'created'));
    else if (isThere.has(code)) conflicts.push(item);
    else fates.set(row.id, fateOf(code));
  }
  // After the others, which have their fate whatever becomes of these calls.
  for (const { row, identity } of conflicts) fates.set(row.id, await compare(sending, identity));
}

/** What is there already under this ID: ours (a reply was lost), or somebody else's, which is never overwritten. */
async function compare({ client, signal }: HubSending, identity: Identity): Promise<Fate> {
  const theirs = await client.get(identity, signal);
  if (!theirs)
    return { retry: { code: 'cloud.malformed', details: { what: 'a conflict with an entry that is not there' } } };
  const what = differs(identity, theirs);
  return what === undefined ? received('existing', theirs.etag) : different(what, theirs.etag);
}

/** In place of the foreign identity with this etag; of another version of it two people have not spoken. */
export async function replace(sending: HubSending, identity: Identity, etag: string): Promise<Fate> {
  const { client, signal } = sending;
  try {
    return received('changed', (await client.put(identity, putBody(identity), etag, signal)).etag);
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'cloud.rejected') throw thrown;
    const error = thrown.toData();
    return error.details.status === 412 ? compare(sending, identity) : { park: error };
  }
}

/** The verdict and the list of errors must agree, and speak of our items only; anything else counts as no answer. */
function checkBulk(items: readonly Item[], result: HubBulk, errors: ReadonlyMap<string, string | number>): void {
  const ours = new Set(items.map(({ identity }) => identity.deviceId));
  const strange = [...errors.keys()].some((id) => !ours.has(id));
  if (strange || result.isSuccessful !== (errors.size === 0)) {
    throw new StationError('cloud.malformed', { what: 'a bulk answer that contradicts itself' });
  }
}

const isThere: ReadonlySet<string | number> = new Set([
  'DeviceAlreadyExists',
  'ModuleAlreadyExistsOnDevice',
  409001,
  409301,
]);
/** Names of what passes by itself: the throttling and server errors of the service SDKs' ErrorCode. */
const throttled = /^(Throttl|GenericTooManyRequests|DeviceThrottling)/;
const passing =
  /(ServerError|ServerBusy|Unavailable|Timeout|TimedOut|BadGateway|PartitionNotFound|Restoring|FailingOver)$/;

/** An item's error: a number is an HTTP status times a thousand plus a sub-code, a name is one of ErrorCode. */
function fateOf(code: string | number): Fate {
  const status = typeof code === 'number' ? Math.floor(code / 1_000) : undefined;
  const name = String(code);
  if (status === 429 || throttled.test(name)) return { retry: { code: 'cloud.throttled', details: { seconds: 0 } } };
  if ((status ?? 0) >= 500 || passing.test(name))
    return { retry: { code: 'cloud.failed', details: { status: status ?? 500 } } };
  return { park: { code: 'cloud.rejected', details: { status: status ?? 400, reason: name } } };
}
