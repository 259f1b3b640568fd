import { begunCeremony } from './ceremony.ts';
import { viewOf } from './certificate-handlers.ts';
import type { Method, Params } from './contract/api.ts';
import type { ExpiringPage } from './contract/ca.ts';
import type { Handlers } from './handlers.ts';
import type { Station } from './station.ts';
import { expiringCertificates } from './store/certificate-finder.ts';

type LookMethod = Extract<Method, 'ca.expiring' | 'ca.ceremony'>;

/** The calls that people look with at what is due and at how far a ceremony came. Nothing is changed. */
export function caLookHandlers(station: Station): Pick<Handlers, LookMethod> {
  return {
    'ca.expiring': async (params) => expiring(station, params),
    'ca.ceremony': async ({ name }) => begunCeremony(station, station.records.issuers.byName(name)),
  };
}

const dayMs = 86_400_000;

function expiring({ records, parts }: Station, { days, after }: Params<'ca.expiring'>): ExpiringPage {
  const from = parts.clock.now();
  const page = expiringCertificates(records.db, { from, to: from + days * dayMs, ...(after ? { after } : {}) });
  return { certificates: page.found.map(viewOf), ...(page.after ? { after: page.after } : {}) };
}
