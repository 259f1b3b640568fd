import { isoTime } from './clock.ts';
import type { Method } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import { noteBacklog } from './store/records.ts';
import { destroySecret, rowSaid } from './uploads.ts';

type ParkedMethod = Extract<Method, 'sync.retry' | 'sync.replace' | 'sync.discard'>;
/** What the entry says beyond the row. */
type Said = { readonly etag?: string; readonly secret?: 'destroyed' };
type Parked = NonNullable<ReturnType<Station['records']['outbox']['parkedRow']>>;

/** What a person decides of a row that waits for one. */
export function parkedHandlers(station: Station): Pick<Handlers, ParkedMethod> {
  const { records, parts } = station;
  return {
    'sync.retry': ({ row }, by) =>
      decide(station, row, by, 'upload.retried', () => {
        records.outbox.unpark(row, parts.clock.now());
        return {};
      }),
    'sync.replace': ({ row, etag }, by) =>
      decide(station, row, by, 'upload.replacing', ({ action, reason }) => {
        if (action !== 'create' || reason.code !== 'cloud.different')
          throw new StationError('sync.not-replaceable', { row });
        // Two people agreed to lose exactly the entry that was looked at.
        if (reason.details.etag !== etag) throw new StationError('sync.changed', { row });
        records.outbox.unpark(row, parts.clock.now(), etag);
        return { etag };
      }),
    'sync.discard': ({ row }, by) =>
      decide(station, row, by, 'upload.discarded', ({ credential, reason }) => {
        records.outbox.done(row, JSON.stringify({ answer: 'discarded', reason: reason.code }));
        return destroySecret(records, credential);
      }),
  };
}

/** One commit: the decision and its audit entry. */
async function decide(
  station: Station,
  id: number,
  by: By,
  action: 'upload.retried' | 'upload.replacing' | 'upload.discarded',
  act: (row: Parked) => Said,
): Promise<null> {
  const { records, audit, operators, parts } = station;
  await records.commits.commit(() => {
    const row = records.outbox.parkedRow(id);
    if (!row) throw new StationError('sync.not-parked', { row: id });
    const details = { ...rowSaid(records, row), ...act(row) };
    const about = { ...people(operators, by), ...records.units.said(row.registrationId) };
    audit.append({ action, result: 'ok', ...about, reason: row.reason.code, details });
    noteBacklog(records, isoTime(parts.clock));
  });
  station.pump.wake();
  return null;
}
