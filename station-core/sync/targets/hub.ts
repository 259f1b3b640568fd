import type { OutboxRow } from '../../store/outbox.ts';
import { fateOfOne, received } from '../dps/sending.ts';
import { parted, zero } from '../hub/bulk.ts';
import { changing } from '../hub/changing.ts';
import type { HubClient } from '../hub/client.ts';
import { createAll, type HubSending, type Item, replace } from '../hub/creating.ts';
import { type Identity, identityOf, isCarried } from '../hub/identity.ts';
import type { Fate, Sent, Target } from './target.ts';

export type HubTargetNeed = {
  readonly client: HubClient;
  /** What a row's credential puts into its request: opened keys, which the target zeroes, or certificates. */
  readonly carriedOf: HubSending['carriedOf'];
};

/** The identity registry of an IoT hub: devices and modules in bulk calls of at most 100 (dps-reference 10.1), without DPS. */
export class HubTarget implements Target {
  readonly name = 'hub';
  readonly batch = 100;
  readonly abreast = 2;
  readonly #need: HubTargetNeed;

  constructor(need: HubTargetNeed) {
    this.#need = need;
  }

  reachable(signal: AbortSignal): Promise<boolean> {
    return this.#need.client.reachable(signal);
  }

  async send(rows: readonly OutboxRow[], signal: AbortSignal, sent: Sent): Promise<void> {
    const sending: HubSending = { ...this.#need, signal, sent };
    const items: Item[] = [];
    try {
      for (const row of rows) {
        const prepared = await prepare(sending, row);
        if ('identity' in prepared) items.push({ row, identity: prepared.identity });
        else sent.fates.set(row.id, prepared);
      }
      for (const part of parted(items)) await createAll(sending, part);
    } finally {
      for (const { identity } of items) zero(identity);
    }
  }
}

type Prepared = { readonly identity: Identity } | Fate;

/** What is to be made for a row, or how it fared already. What is wrong with one row parks it, and stops no other. */
async function prepare(sending: HubSending, row: OutboxRow): Promise<Prepared> {
  try {
    return await actions[row.action](sending, row);
  } catch (thrown) {
    return fateOfOne(thrown);
  }
}

const byHand = async (_: HubSending, { action: what }: OutboxRow): Promise<Fate> => ({
  park: { code: 'cloud.by-hand', details: { target: 'An IoT hub', what } },
});

const actions: Readonly<Record<OutboxRow['action'], (sending: HubSending, row: OutboxRow) => Promise<Prepared>>> = {
  create,
  disable: changing('disable'),
  enable: changing('enable'),
  roll: changing('roll'),
  reissue: changing('reissue'),
  delete: remove,
  // A hub remembers nothing of registrations, and gives a device to no other hub.
  forget: async () => received('nothing to delete'),
  reprovision: byHand,
  'expect-group': byHand,
  'create-group': byHand,
  'disable-group': byHand,
  'enable-group': byHand,
  'roll-group': byHand,
  'delete-group': byHand,
  // The anchor of the audit trail is kept at DPS.
  anchor: byHand,
};

/** A new identity; or, where two people let it, in place of the foreign one that they looked at. */
async function create(sending: HubSending, row: OutboxRow): Promise<Prepared> {
  const identity = identityOf(row, isCarried(row) ? await sending.carriedOf(row) : undefined);
  if (row.replaces === null) return { identity };
  try {
    return await replace(sending, identity, row.replaces);
  } finally {
    zero(identity);
  }
}

/** What is not there any more counts as deleted. */
async function remove({ client, signal }: HubSending, { registrationId: deviceId }: OutboxRow): Promise<Fate> {
  await client.remove({ deviceId }, signal);
  return received('deleted');
}
