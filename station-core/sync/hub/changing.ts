import { randomFillSync } from 'node:crypto';
import { StationError } from '../../contract/errors.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import { different, received } from '../dps/sending.ts';
import type { Fate } from '../targets/target.ts';
import { asItIs, putBody, zero } from './bulk.ts';
import type { HubSending } from './creating.ts';
import { differs, type Identity, identityOf, isCarried, selfSigned } from './identity.ts';
import type { HubIdentity } from './schemas.ts';

type Change = Fate | { readonly identity: Identity };
type Changes = (sending: HubSending, row: OutboxRow, theirs: HubIdentity | undefined) => Promise<Change>;

const nothingThere = different('there is no entry to change');

/** What each action makes of the identity that is there, or that it is so already. */
const changes = {
  /** Disabled as it is, or made disabled: a unit whose CA the hub trusts could come back (dps-reference 7.4). */
  disable: async (_, row, theirs) => {
    if (theirs?.status === 'disabled') return received('existing', theirs.etag);
    return { identity: { ...(theirs ? asItIs(theirs) : identityOf(row, undefined)), status: 'disabled' } };
  },
  enable: async (_sending, _row, theirs) => {
    if (!theirs) return nothingThere;
    if (theirs.status !== 'disabled') return received('existing', theirs.etag);
    return { identity: { ...asItIs(theirs), status: 'enabled' } };
  },
  roll: rolled,
  reissue: reissued,
} as const satisfies Record<string, Changes>;

/** A change of an identity that is there, bound to what was read (If-Match), or a disabled one made for it. */
export const changing =
  (action: keyof typeof changes) =>
  async (sending: HubSending, row: OutboxRow): Promise<Fate> => {
    const { client, signal } = sending;
    const theirs = await client.get({ deviceId: row.registrationId }, signal);
    const change = await changes[action](sending, row, theirs);
    if (!('identity' in change)) return change;
    const { identity } = change;
    try {
      const { etag } = await client.put(identity, putBody(identity), theirs?.etag, signal);
      return received(theirs ? 'changed' : 'created', etag);
    } catch (thrown) {
      if (!(thrown instanceof StationError) || thrown.code !== 'cloud.rejected') throw thrown;
      const error = thrown.toData();
      // Somebody changed it between the two calls: it is read again.
      return error.details.status === 412 || error.details.status === 409 ? { retry: error } : { park: error };
    } finally {
      zero(identity);
    }
  };

/** The identity as it is, with what the unit's new credential holds in place of what it had; or a new one, where that is gone. */
async function reissued(sending: HubSending, row: OutboxRow, theirs: HubIdentity | undefined): Promise<Change> {
  const wanted = identityOf(row, isCarried(row) ? await sending.carriedOf(row) : undefined);
  if (!theirs) return { identity: wanted };
  const before = asItIs(theirs);
  zero(before);
  return { identity: { ...before, authentication: wanted.authentication } };
}

/** Both certificates of a rolled leaf by their thumbprints, or a fresh key in one slot, which nobody keeps. */
async function rolled(sending: HubSending, row: OutboxRow, theirs: HubIdentity | undefined): Promise<Change> {
  if (!theirs) return nothingThere;
  const identity = asItIs(theirs);
  const { slot } = row.body as { readonly slot?: 'primary' | 'secondary' };
  if (slot !== undefined) {
    if (identity.authentication.type !== 'sas' || !identity.authentication.keys) {
      return different('authentication type', theirs.etag);
    }
    randomFillSync(identity.authentication.keys[slot]);
    return { identity };
  }
  const carried = await sending.carriedOf(row);
  if (!('certificates' in carried)) return different('authentication type', theirs.etag);
  const { primary, secondary } = carried.certificates;
  const wanted = { ...identity, authentication: selfSigned(primary, secondary) };
  return differs(wanted, theirs) === undefined ? received('existing', theirs.etag) : { identity: wanted };
}
