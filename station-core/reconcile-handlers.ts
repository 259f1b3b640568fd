import { cloudAnchorId } from './anchors/cloud.ts';
import { base64 } from './attestation/x509.ts';
import type { Method, Params } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { Reconciled } from './contract/reconcile.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import { type Expectation, expectations } from './store/expectations.ts';
import type { Records } from './store/records.ts';
import { type Attests, reconcile } from './sync/reconcile.ts';

/** The comparison of the station's records with the cloud's. */
export function reconcileHandlers(station: Station): Pick<Handlers, Extract<Method, 'sync.reconcile'>> {
  return { 'sync.reconcile': (params, by) => compare(station, params, by) };
}

async function compare(
  station: Station,
  { order, registrations = false }: Params<'sync.reconcile'>,
  by: By,
): Promise<Reconciled> {
  const { records, parts, audit, operators, row } = station;
  const { client } = parts;
  if (!client) throw new StationError('cloud.not-configured', { what: 'no DPS connection string was given' });
  // An order that is not there is a slip of the pen, and not an order without units.
  if (order !== undefined) records.units.order(order);
  const result = await reconcile({
    client,
    expected: expectations(records.db, 'dps', order),
    anchor: cloudAnchorId(row.station),
    whole: order === undefined,
    attests: (expected) => attestsOf(records, expected),
    registrations,
    signal: station.stopping,
    told: (read) => station.tell({ type: 'reconciling', read }),
  });
  const { counts } = result;
  await records.commits.commit(() =>
    audit.append({ action: 'sync.reconciled', result: 'ok', ...people(operators, by), details: { ...counts } }),
  );
  return result;
}

/** What an entry must show: the endorsement key, or one of the unit's certificates. */
export function attestsOf(
  { endorsements, certificates, stored }: Records,
  { registrationId, unit }: Pick<Expectation, 'registrationId' | 'unit'>,
): Attests {
  const key = endorsements.ofRegistration(registrationId);
  if (key) return { endorsementKey: key.public.toString('base64') };
  if (unit === undefined) return {};
  const given = stored.ofUnit(unit);
  return { certificates: [...certificates.leavesOf(unit), ...(given ? [given.leaf] : [])].map(base64) };
}
