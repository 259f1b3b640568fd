import * as bulk from './bulk.ts';
import * as enrollments from './enrollments.ts';
import { rightsOf } from './entra/access-token.ts';
import type { Kind } from './entries.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import { requireAddress } from './ip-filter.ts';
import { queryEntries, queryRegistrations } from './query.ts';
import * as registrations from './registrations.ts';
import { type Answer, type Call, jsonBody, match, type Route, requireVersion } from './route.ts';
import { covers, isFresh, isSignedWith, parseSas } from './sas.ts';
import type { Right } from './switches.ts';

type ServiceRoute = Route<Instance> & {
  /** The right that a policy needs; a function where the documents leave it open. */
  readonly right: Right | ((instance: Instance) => Right);
};

const attestationRight = (instance: Instance) => instance.switches.attestationMechanismRight;

function entryRoutes(kind: Kind, root: string): ServiceRoute[] {
  const path = `${root}/{id}`;
  return [
    { method: 'GET', path, right: 'EnrollmentRead', act: (i, _, [id]) => enrollments.get(i, kind, id) },
    { method: 'PUT', path, right: 'EnrollmentWrite', act: (i, call, [id]) => enrollments.put(i, kind, id, call) },
    { method: 'DELETE', path, right: 'EnrollmentWrite', act: (i, call, [id]) => enrollments.remove(i, kind, id, call) },
    { method: 'POST', path: root, right: 'EnrollmentWrite', act: (i, call) => bulk.run(i, kind, jsonBody(call)) },
    { method: 'POST', path: `${root}/query`, right: 'EnrollmentRead', act: (i, call) => queryEntries(i, kind, call) },
    {
      method: 'POST',
      path: `${path}/attestationmechanism`,
      right: attestationRight,
      act: (i, _, [id]) => enrollments.attestationMechanism(i, kind, id),
    },
  ];
}

const record = 'registrations/{id}';

/** The service API (DPS REST 2021-10-01). */
const routes: ServiceRoute[] = [
  ...entryRoutes('individual', 'enrollments'),
  ...entryRoutes('group', 'enrollmentGroups'),
  { method: 'GET', path: record, right: 'RegistrationStatusRead', act: (i, _, [id]) => registrations.get(i, id) },
  {
    method: 'DELETE',
    path: record,
    right: 'RegistrationStatusWrite',
    act: (i, call, [id]) => registrations.remove(i, id, call),
  },
  {
    method: 'POST',
    path: `${record}/query`,
    right: 'RegistrationStatusRead',
    act: (i, call, [group]) => queryRegistrations(i, group, call),
  },
];

/** Answers a call of the service API, or says undefined when its path is none of this API. */
export function answerService(instance: Instance, call: Call): Answer | undefined {
  const found = match(routes, call);
  if (!found) return undefined;
  requireAddress(instance, call.address, 'serviceApi');
  authorize(instance, call, found.route.right);
  instance.throttle.take('service', cost(instance, call), instance.switches.throttle.servicePerMinute, 60_000);
  requireVersion(call);
  return found.route.act(instance, call, found.parameters);
}

/** A bulk call is one operation for billing; whether it is one for the rate limit is not published. */
function cost(instance: Instance, call: Call): number {
  if (instance.switches.bulkCountsAs === 'call' || call.method !== 'POST' || call.segments.length !== 1) return 1;
  return Math.max(1, bulk.itemsOf(jsonBody(call)));
}

/** Checks the credential of a call, and that it has the right (DPS docs, Control access). */
function authorize(instance: Instance, call: Call, right: ServiceRoute['right']): void {
  const header = call.header('authorization');
  const bearer = /^Bearer (\S+)$/i.exec(header ?? '')?.[1];
  // A role names data actions, and to read attestation mechanisms is one of those that read.
  const wanted = typeof right === 'string' ? right : bearer === undefined ? right(instance) : 'EnrollmentRead';
  const held = bearer === undefined ? signedRights(instance, call) : rightsOf(instance, bearer);
  if (!held) throw new DpsError('unauthorized');
  if (!held.includes(wanted)) {
    throw new DpsError(instance.switches.missingRight === 401 ? 'unauthorized' : 'forbidden');
  }
}

/** The rights of the policy whose key signed the call's token; undefined when the token is not good. */
function signedRights(instance: Instance, call: Call): readonly Right[] | undefined {
  const token = parseSas(call.header('authorization'));
  if (!token || token.policy === undefined) return undefined;
  const policy = instance.store.policy(token.policy);
  const keys = policy ? [policy.primaryKey, policy.secondaryKey] : [];
  const signed = keys.some((key) => isSignedWith(token, Buffer.from(key, 'base64')));
  const covered = covers(token, [instance.serviceHost, ...call.segments].join('/'));
  const fresh = isFresh(token, instance.now(), instance.switches.clockSkewSeconds);
  return signed && covered && fresh ? policy?.rights : undefined;
}
