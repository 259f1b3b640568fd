import { createHash } from 'node:crypto';
import { EntrySearch, type Found } from './audit/search.ts';
import type { Method, Params } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import { targetNames } from './contract/recipe.ts';
import type { Comparison, ReceiptView, SyncLook, TargetView } from './contract/sync-look.ts';
import type { Handlers } from './handlers.ts';
import { attestsOf } from './reconcile-handlers.ts';
import type { Station } from './station.ts';
import { dayOf } from './store/billed.ts';
import { erasedMark } from './store/disclosure.ts';
import type { Hold } from './store/holds.ts';
import { oldestWaiting } from './store/waiting.ts';
import { beside, type Ours } from './sync/dps/beside.ts';
import { thumbprint } from './sync/dps/same.ts';
import { lacksTarget } from './uploads.ts';

const mostReceipts = 20;
const mostOrders = 20;

/** Looking at the way to the cloud. */
export function syncLookHandlers(station: Station): Pick<Handlers, Extract<Method, 'sync.look' | 'sync.compare'>> {
  return {
    'sync.look': async () => look(station),
    'sync.compare': (params) => compare(station, params),
  };
}

function look(station: Station): SyncLook {
  const { records, pump, parts } = station;
  const { billed, outbox, holds } = records;
  const held = holds.all();
  const shown = (operations: number) => Math.round(operations * 10) / 10;
  return {
    sync: pump.state,
    backlog: outbox.backlog(),
    targets: targetNames.flatMap((name) => targetView(station, name, held.get(name)) ?? []),
    receipts: receiptsOf(station),
    operations: {
      today: shown(billed.onDay(dayOf(parts.clock.now()))),
      total: shown(billed.total()),
      orders: billed.byOrder(mostOrders).map((one) => ({ ...one, operations: shown(one.operations) })),
    },
  };
}

/** A place that this station sends to, or that rows wait for all the same. */
function targetView(
  station: Station,
  name: (typeof targetNames)[number],
  hold: Hold | undefined,
): TargetView | undefined {
  const { db, disclosures } = station.records;
  const configured = lacksTarget(station.parts, name) === undefined;
  const oldest = oldestWaiting(db, disclosures, name);
  if (!configured && !oldest) return undefined;
  return {
    name,
    configured,
    ...calledOf(station, name),
    ...(hold ? { hold: holdView(hold) } : {}),
    ...(oldest ? { oldest: oldestView(oldest) } : {}),
  };
}

/** The host behind a target and its budget; none for files. */
function calledOf({ parts: { client, hub } }: Station, name: string): Pick<TargetView, 'host' | 'budget'> {
  const called =
    name === 'dps' && client
      ? { host: client.service.need.endpoint.host, pace: client.service.need.pace }
      : name === 'hub' && hub
        ? { host: hub.host, pace: hub.pace }
        : undefined;
  if (!called) return {};
  const { host, pace } = called;
  return { host, budget: { perMinute: pace.perMinute, used: pace.used() } };
}

const holdView = ({ error, until }: Hold): NonNullable<TargetView['hold']> => ({
  error,
  ...(Number.isFinite(until) ? { until: new Date(until).toISOString() } : {}),
});

function oldestView({
  queuedMs,
  reason,
  ...row
}: NonNullable<ReturnType<typeof oldestWaiting>>): NonNullable<TargetView['oldest']> {
  return {
    ...row,
    ...(queuedMs === null ? {} : { since: new Date(queuedMs).toISOString() }),
    ...(reason ? { reason } : {}),
  };
}

/** Out of the audit trail, which alone says when a receipt came. */
function receiptsOf({ records: { db, disclosures } }: Station): readonly ReceiptView[] {
  const { found } = new EntrySearch(db).find({ action: 'upload.received' }, Number.MAX_SAFE_INTEGER, mostReceipts);
  return found.map(({ seq, members }: Found) => {
    const details = { receipt: {}, ...(members?.details as object) } as { readonly [name: string]: unknown };
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    return {
      entry: seq,
      at: text(members?.at),
      target: text(details.target),
      action: text(details.action),
      registrationId: disclosures.behind(text(details.registrationId))?.value ?? erasedMark,
      answer: text((details.receipt as { readonly answer?: unknown }).answer),
    };
  });
}

/** Throws `sync.not-parked`, `sync.not-replaceable`, `cloud.not-configured`, and what the cloud refuses. */
async function compare(station: Station, { row: id }: Params<'sync.compare'>): Promise<Comparison> {
  const { records, parts, stopping } = station;
  const row = records.outbox.parkedRow(id);
  if (!row) throw new StationError('sync.not-parked', { row: id });
  if (row.action !== 'create' || row.target !== 'dps' || row.reason.code !== 'cloud.different')
    throw new StationError('sync.not-replaceable', { row: id });
  if (!parts.client) throw new StationError('cloud.not-configured', { what: 'no DPS connection string was given' });
  const { registrationId, reason } = row;
  const theirs = await parts.client.getEnrollment(registrationId, stopping);
  return {
    row: id,
    registrationId,
    unchanged: theirs !== undefined && theirs.etag === reason.details.etag,
    members: beside(oursOf(station, row), theirs),
    ...(theirs ? { etag: theirs.etag } : {}),
  };
}

function oursOf({ records }: Station, row: NonNullable<ReturnType<Station['records']['outbox']['parkedRow']>>): Ours {
  const { registrationId } = row;
  const body = row.body as Ours['body'];
  const unit = records.units.byRegistration(registrationId)?.id;
  const { endorsementKey, certificates } = attestsOf(records, {
    registrationId,
    ...(unit === undefined ? {} : { unit }),
  });
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  if (endorsementKey !== undefined)
    return { body, registrationId, attestation: 'tpm', print: sha256(Buffer.from(endorsementKey, 'base64')) };
  const [newest] = certificates ?? [];
  if (newest === undefined) return { body, registrationId, attestation: 'symmetricKey' };
  return { body, registrationId, attestation: 'x509', print: thumbprint(newest) };
}
