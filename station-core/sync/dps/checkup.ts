import type { CloudCheck, CloudRight, Purpose } from '../../contract/cloud.ts';
import { type ErrorData, StationError } from '../../contract/errors.ts';
import { largestSkewMs } from './diagnosis.ts';
import { reach } from './reach.ts';
import { absentId, type Call, type Service } from './service.ts';

// What a station may do at its DPS, found out without an effect: reads of an entry that nobody has, and writes that cannot come
// about, since they are bound to an entity tag that nothing has and name an entry that is none.

type Probe = Pick<CloudRight, 'what' | 'purpose'> & {
  /** Of a shared access policy, and of a role (dps-reference 3.1.1 and 3.3). */
  readonly sas: string;
  readonly entra: string;
  readonly call: Omit<Call, 'body'> & { readonly json?: object };
};

const enrollment = `/enrollments/${absentId}`;
const group = `/enrollmentGroups/${absentId}`;
const record = `/registrations/${absentId}`;
/** Nothing has this entity tag: with it a service must not write (RFC 9110, 13.1.1). */
const etag = 'Im5vLXN1Y2gtdGFnIg==';
const one = { 'x-ms-max-item-count': '1' };

const probes: readonly Probe[] = [
  probe('read enrollments', 'upload', ['EnrollmentRead', 'enrollments/read'], { method: 'GET', path: enrollment }),
  probe('write enrollments', 'upload', ['EnrollmentWrite', 'enrollments/write'], {
    method: 'PUT',
    path: enrollment,
    etag,
    json: {},
  }),
  probe('read keys of enrollments', 'compare', ['EnrollmentRead', 'attestationmechanisms/read'], {
    method: 'POST',
    path: `${enrollment}/attestationmechanism`,
  }),
  probe('list enrollments', 'reconcile', ['EnrollmentRead', 'enrollments/read'], {
    method: 'POST',
    path: '/enrollments/query',
    headers: one,
    json: { query: 'SELECT * FROM enrollments' },
  }),
  probe('read groups', 'group', ['EnrollmentRead', 'enrollmentGroups/read'], { method: 'GET', path: group }),
  probe('write groups', 'group', ['EnrollmentWrite', 'enrollmentGroups/write'], {
    method: 'PUT',
    path: group,
    etag,
    json: {},
  }),
  probe('read keys of groups', 'none', ['EnrollmentRead', 'attestationmechanisms/read'], {
    method: 'POST',
    path: `${group}/attestationmechanism`,
  }),
  probe('delete enrollments', 'withdraw', ['EnrollmentWrite', 'enrollments/delete'], {
    method: 'DELETE',
    path: enrollment,
    etag,
  }),
  probe('read registration records', 'reconcile', ['RegistrationStatusRead', 'registrationStates/read'], {
    method: 'GET',
    path: record,
  }),
  probe('delete registration records', 'withdraw', ['RegistrationStatusWrite', 'registrationStates/delete'], {
    method: 'DELETE',
    path: record,
    etag,
  }),
];

function probe(what: string, purpose: Purpose, [sas, entra]: readonly [string, string], call: Probe['call']): Probe {
  return { what, purpose, sas, entra, call };
}

/** The way to the service, the station's rights there, both clocks. What stands in the way is in the answer, not thrown. */
export async function checkUp(service: Service, idScope: string, signal: AbortSignal): Promise<CloudCheck> {
  const { endpoint, authorization } = service.need;
  const { who } = authorization;
  const { steps: way, failed } = await reach(endpoint, signal);
  const head = {
    host: endpoint.host,
    idScope,
    caller: who.kind === 'sas' ? `policy ${who.policy}` : `application ${who.application}`,
    way,
  };
  if (failed) {
    const reason = `${failed.step}: ${failed.reason}`;
    return { ...head, ...nothing, error: { code: 'cloud.unreachable', details: { reason } } };
  }
  try {
    const rights: CloudRight[] = [];
    for (const each of probes) rights.push(await tried(service, each, signal));
    const error = await refusalOf(service, rights, signal);
    const { skewMs, emulated: emulator } = service;
    const skew = skewMs === undefined ? {} : { skewMs };
    const warnings = warningsOf(service, rights);
    return { ...head, emulator, ...skew, rights, warnings, ...(error ? { error } : {}), ok: error === undefined };
  } catch (thrown) {
    if (!(thrown instanceof StationError)) throw thrown;
    return { ...head, ...nothing, error: thrown.toData() };
  }
}

const nothing = { emulator: false, rights: [], warnings: [], ok: false } as const;

async function tried(service: Service, asked: Probe, signal: AbortSignal): Promise<CloudRight> {
  const { what, purpose, sas, entra } = asked;
  const status = await service.statusOf(callOf(asked), signal);
  const right = service.need.authorization.who.kind === 'sas' ? sas : `Microsoft.Devices/provisioningServices/${entra}`;
  const refused = status === 401 || status === 403;
  const has = refused ? 'no' : status === 429 || status >= 500 ? 'unknown' : 'yes';
  return { what, purpose, right, has };
}

/** Why uploads would fail; nothing when what they need is there. */
async function refusalOf(
  service: Service,
  rights: readonly CloudRight[],
  signal: AbortSignal,
): Promise<ErrorData | undefined> {
  const needed = rights.filter(({ purpose }) => purpose === 'upload');
  if (needed.every(({ has }) => has === 'yes')) return undefined;
  const lost = probes.find(({ what }) => needed.some((right) => right.what === what && right.has === 'no'));
  try {
    if (lost) await service.call(callOf(lost), signal);
  } catch (thrown) {
    if (thrown instanceof StationError) return thrown.toData();
    throw thrown;
  }
  return { code: 'cloud.malformed', details: { what: 'neither yes nor no when asked for rights' } };
}

function callOf({ call: { json, ...call } }: Probe): Call {
  return { ...call, ...(json === undefined ? {} : { body: Buffer.from(JSON.stringify(json)) }) };
}

/** What should be changed although it works (F-142; docs/design.md, HSM interface; F-45). */
function warningsOf({ need, skewMs = 0 }: Service, rights: readonly CloudRight[]): readonly string[] {
  const { who } = need.authorization;
  const may = (what: string) => rights.some((right) => right.what === what && right.has === 'yes');
  const said: string[] = [];
  if (who.kind === 'sas' && who.policy === 'provisioningserviceowner') {
    said.push(
      'The policy provisioningserviceowner may do everything. A policy with EnrollmentRead and EnrollmentWrite is enough for uploads.',
    );
  }
  if (may('read keys of groups')) {
    said.push(
      'The station may read the keys of symmetric enrollment groups: whoever takes its credential can make devices of them. A station that makes units of such groups should have none.',
    );
  }
  if (Math.abs(skewMs) > largestSkewMs) {
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    said.push(
      `The station's clock is ${minutes} minutes ${skewMs > 0 ? 'behind' : 'ahead of'} the service's: set it right.`,
    );
  }
  return said;
}
