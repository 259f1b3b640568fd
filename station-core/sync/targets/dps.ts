import type { OutboxRow } from '../../store/outbox.ts';
import { anchorHead, type CloudAnchor } from '../dps/anchor.ts';
import { carriedBody, isOfTpm } from '../dps/bodies.ts';
import { sendBulk } from '../dps/bulk.ts';
import { type ChangeAction, changeOf } from '../dps/changes.ts';
import type { DpsClient } from '../dps/client.ts';
import { createGroup, expectGroup, removeGroup, rollGroup, switchGroup } from '../dps/groups.ts';
import type { KeyedBody } from '../dps/keyed-json.ts';
import { billed, fateOfOne, type Item, received, type Sending, zero } from '../dps/sending.ts';
import type { Fate, Sent, Target } from './target.ts';

export type DpsTargetNeed = {
  readonly client: DpsClient;
  readonly carriedOf: Sending['carriedOf'];
  /** Where a station anchors the heads of its audit trail there. */
  readonly anchor?: CloudAnchor;
};

/** Azure DPS: individual enrollments in bulk calls of at most 10 of one mode (DPS REST API, bulk), groups, registration records. */
export class DpsTarget implements Target {
  readonly name = 'dps';
  readonly batch = 10;
  readonly abreast = 8;
  readonly #need: DpsTargetNeed;

  constructor(need: DpsTargetNeed) {
    this.#need = need;
  }

  reachable(signal: AbortSignal): Promise<boolean> {
    return this.#need.client.reachable(signal);
  }

  async send(rows: readonly OutboxRow[], signal: AbortSignal, sent: Sent): Promise<void> {
    const sending: Sending = { ...this.#need, signal, sent };
    const items: Record<'create' | 'update', Item[]> = { create: [], update: [] };
    try {
      for (const row of rows) {
        const prepared = await prepare(sending, row);
        if (!('mode' in prepared)) sent.fates.set(row.id, prepared);
        else items[prepared.mode].push({ row, body: prepared.body });
      }
      await sendBulk(sending, 'create', items.create);
      await sendBulk(sending, 'update', items.update);
    } finally {
      for (const { body } of [...items.create, ...items.update]) zero(body);
    }
  }
}

type Prepared = { readonly mode: 'create' | 'update'; readonly body: KeyedBody } | Fate;

/** What is to be sent for a row, or how it fared already. What is wrong with one row parks it, and stops no other. */
async function prepare(sending: Sending, row: OutboxRow): Promise<Prepared> {
  try {
    return await actions[row.action](sending, row);
  } catch (thrown) {
    return fateOfOne(thrown);
  }
}

const change = (action: ChangeAction) => (sending: Sending, row: OutboxRow) => changeOf(sending, row, action);

const actions: Readonly<Record<OutboxRow['action'], (sending: Sending, row: OutboxRow) => Promise<Prepared>>> = {
  create,
  'expect-group': expectGroup,
  'create-group': createGroup,
  'disable-group': switchGroup('disabled'),
  'enable-group': switchGroup('enabled'),
  'roll-group': rollGroup,
  'delete-group': removeGroup,
  disable: change('disable'),
  enable: change('enable'),
  roll: change('roll'),
  reissue: change('reissue'),
  reprovision: change('reprovision'),
  delete: remove,
  forget,
  anchor: anchorHead,
};

/** A new enrollment; or, where two people let it, in place of the foreign one that they looked at, unless that is gone. */
async function create(sending: Sending, row: OutboxRow): Promise<Prepared> {
  const { registrationId, replaces, credential } = row;
  const over = replaces !== null && (await isThere(sending, registrationId));
  const body = { registrationId, ...(row.body as object), ...(over ? { etag: replaces } : {}) };
  const keyed = credential === null && !isOfTpm(row) ? { body } : carriedBody(body, await sending.carriedOf(row));
  return { mode: over ? 'update' : 'create', body: keyed };
}

const isThere = async (sending: Sending, id: string): Promise<boolean> =>
  (await billed(sending, sending.client.getEnrollment(id, sending.signal))) !== undefined;

/** Disenrolled for good: what is not there any more counts as deleted. */
async function remove(sending: Sending, { registrationId }: OutboxRow): Promise<Fate> {
  await billed(sending, sending.client.deleteEnrollment(registrationId, undefined, sending.signal));
  return received('deleted');
}

/**
 * What the service remembers of the device's registration counts against its quota until it is deleted (F-157). The receipt names
 * the device in its hub, which stays there.
 */
async function forget(sending: Sending, { registrationId }: OutboxRow): Promise<Fate> {
  const { client, signal } = sending;
  // A look-up of a record is not billed (DPS pricing).
  const record = await client.getRegistration(registrationId, signal);
  await billed(sending, client.deleteRegistration(registrationId, undefined, signal));
  const { assignedHub: hub, deviceId } = record ?? {};
  return { done: JSON.stringify({ answer: 'deleted', ...(hub ? { hub } : {}), ...(deviceId ? { deviceId } : {}) }) };
}
