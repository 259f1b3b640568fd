import {
  type Reconciled,
  type ReconciledRow,
  type RegistrationView,
  type Verdict,
  verdicts,
} from '../contract/reconcile.ts';
import type { Expectation } from '../store/expectations.ts';
import type { DpsClient } from './dps/client.ts';
import { certificatesShown } from './dps/same.ts';
import type { Enrollment, Registration } from './dps/schemas.ts';

/** What an entry of a unit must attest by, as far as it is no secret: a symmetric key that was received is not kept. */
export type Attests = {
  readonly endorsementKey?: string;
  /** Every certificate that the unit was ever given, base64 of PEM. */
  readonly certificates?: readonly string[];
};

export type ReconcileNeed = {
  readonly client: DpsClient;
  readonly expected: Iterable<Expectation>;
  /** The enrollment with the station's own anchor, which belongs to no unit. */
  readonly anchor: string;
  /** An entry under an ID that is not expected is foreign, unless only a part of the units was asked for. */
  readonly whole: boolean;
  readonly attests: (expected: Expectation) => Attests;
  /** Whether each device's registration is asked for as well: a call for each entry, a page for each hundred of a group. */
  readonly registrations: boolean;
  readonly signal: AbortSignal;
  /** How many entries and registrations have been read. */
  readonly told: (read: number) => void;
};

/** The most that a page may have; the service may give fewer (dps-reference 2.8). */
const pageSize = 100;

/** Compares what the station asked for with what the service holds; reads alone, changes nothing (F-152). */
export async function reconcile(need: ReconcileNeed): Promise<Reconciled> {
  const rows = new Map<string, ReconciledRow>();
  const open = new Map([...need.expected].map((one) => [one.registrationId, one]));
  const groups = new Set<string>();
  for (const { group } of open.values()) if (group !== undefined) groups.add(group);
  let read = 0;
  for await (const page of need.client.query(pageSize, need.signal)) {
    for (const entry of page) {
      const id = entry.registrationId.toLowerCase();
      if (id === need.anchor) continue;
      const row = rowOf(need, id, open.get(id), entry);
      open.delete(id);
      if (row) rows.set(id, row);
    }
    read += page.length;
    need.told(read);
  }
  const missingGroups = await absentGroups(need, groups);
  for (const expected of open.values()) rows.set(expected.registrationId, withoutEntry(expected, missingGroups));
  if (need.registrations) await addRegistrations(need, rows, groups, read);
  return summed([...rows.values()]);
}

function rowOf(
  need: ReconcileNeed,
  id: string,
  expected: Expectation | undefined,
  entry: Enrollment,
): ReconciledRow | undefined {
  if (!expected) return need.whole ? { registrationId: id, verdict: 'foreign' } : undefined;
  const verdict = verdictOf(need, expected, entry);
  return { ...namesOf(expected), ...verdict };
}

const namesOf = ({ registrationId, serial, order }: Expectation) => ({
  registrationId,
  ...(serial === undefined ? {} : { serial }),
  ...(order === undefined ? {} : { order }),
});

/** What an entry that is there means for what should be there. */
function verdictOf(
  need: ReconcileNeed,
  expected: Expectation,
  entry: Enrollment,
): { readonly verdict: Verdict; readonly what?: string } {
  const { state } = expected;
  switch (state) {
    case 'waiting':
    case 'parked':
      return { verdict: state };
    case 'by-group':
      return { verdict: 'different', what: 'an entry of its own comes before its group' };
    case 'absent':
      return { verdict: 'different', what: 'it should have been deleted' };
    case 'enabled':
    case 'disabled': {
      const what = differing(need.attests(expected), state, entry);
      return what === undefined ? { verdict: 'enrolled' } : { verdict: 'different', what };
    }
  }
}

function differing(ours: Attests, state: 'enabled' | 'disabled', entry: Enrollment): string | undefined {
  const { attestation } = entry;
  if ((entry.provisioningStatus ?? 'enabled') !== state) return `it is not ${state}`;
  if (ours.endorsementKey !== undefined) {
    const theirs = attestation.tpm?.endorsementKey ?? '';
    const same = Buffer.from(theirs, 'base64').equals(Buffer.from(ours.endorsementKey, 'base64'));
    return same ? undefined : 'endorsement key';
  }
  if (ours.certificates !== undefined && ours.certificates.length > 0) {
    return certificatesShown(ours.certificates, attestation.x509?.clientCertificates) ? undefined : 'certificate';
  }
  return attestation.type === 'symmetricKey' ? undefined : 'attestation type';
}

/** What it means that there is no entry. */
function withoutEntry(expected: Expectation, absent: ReadonlySet<string>): ReconciledRow {
  const { state, group } = expected;
  const names = namesOf(expected);
  switch (state) {
    case 'waiting':
    case 'parked':
      return { ...names, verdict: state };
    case 'absent':
      return { ...names, verdict: 'gone' };
    case 'by-group':
      return group !== undefined && absent.has(group)
        ? { ...names, verdict: 'missing', what: `its group ${group}` }
        : { ...names, verdict: 'by-group' };
    case 'enabled':
    case 'disabled':
      return { ...names, verdict: 'missing' };
  }
}

async function absentGroups({ client, signal }: ReconcileNeed, groups: ReadonlySet<string>): Promise<Set<string>> {
  const absent = new Set<string>();
  for (const group of groups) if (!(await client.getGroup(group, signal))) absent.add(group);
  return absent;
}

/** There is no list of all records (dps-reference 2.1): those of a group come in pages, those of an entry one by one. */
async function addRegistrations(
  { client, signal, told }: ReconcileNeed,
  rows: Map<string, ReconciledRow>,
  groups: ReadonlySet<string>,
  before: number,
): Promise<void> {
  let read = before;
  const add = (found: Registration) => {
    const id = found.registrationId.toLowerCase();
    const row = rows.get(id);
    if (row) rows.set(id, { ...row, registration: viewOf(found) });
  };
  for (const group of groups) {
    for await (const page of client.queryRegistrations(group, pageSize, signal)) {
      page.forEach(add);
      read += page.length;
      told(read);
    }
  }
  for (const { registrationId, verdict } of [...rows.values()]) {
    if (verdict !== 'enrolled') continue;
    const found = await client.getRegistration(registrationId, signal);
    if (found) add(found);
    read += 1;
    told(read);
  }
}

const viewOf = ({ status, assignedHub, deviceId }: Registration): RegistrationView => ({
  status,
  ...(assignedHub ? { hub: assignedHub } : {}),
  ...(deviceId ? { deviceId } : {}),
});

function summed(rows: readonly ReconciledRow[]): Reconciled {
  const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  const hubs: Record<string, number> = {};
  for (const { verdict, registration } of rows) {
    counts[verdict] += 1;
    const hub = registration?.hub;
    if (hub !== undefined) hubs[hub] = (hubs[hub] ?? 0) + 1;
  }
  return { counts, hubs, rows };
}
