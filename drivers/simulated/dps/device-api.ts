import { randomBytes, randomUUID } from 'node:crypto';
import { allocate } from './allocation.ts';
import { attestationOf, type Evidence } from './attestation/attestation.ts';
import { type Entry, keyOf, type Operation, type Registration } from './entries.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import { type Answer, type Call, jsonBody, match, type Route, requireVersion } from './route.ts';
import { isFresh, parseSas } from './sas.ts';
import { checkedId, parsed, RegisterSchema, withoutNulls } from './schemas.ts';

/** The device API over HTTPS (DPS device REST 2021-06-01). */
const routes: Route<Instance>[] = [
  { method: 'PUT', path: '{scope}/registrations/{id}/register', act: register },
  { method: 'GET', path: '{scope}/registrations/{id}/operations/{operation}', act: operationStatus },
  { method: 'POST', path: '{scope}/registrations/{id}', act: lookUp },
];

/** Answers a call of the device API, or says undefined when its path is none of this API. */
export function answerDevice(instance: Instance, call: Call): Answer | undefined {
  const found = match(routes, call);
  if (!found) return undefined;
  requireVersion(call);
  if (keyOf(found.parameters[0] ?? '') !== keyOf(instance.idScope)) throw new DpsError('noSuchResource');
  return found.route.act(instance, call, found.parameters);
}

/** A device may register as often as it likes; it is the rate limit that slows it down, never its record. */
function register(instance: Instance, call: Call, [, id = '']: readonly string[]): Answer {
  const { switches, store } = instance;
  instance.throttle.take('registrations', 1, switches.throttle.registrationsPerMinute, 60_000);
  const registrationId = bodyMatches(call, checkedId(id, 'registrationId'));
  const entry = entryOf(instance, call, registrationId);
  const result = allocate({
    entry,
    registrationId,
    previous: store.registration(registrationId),
    linkedHubs: switches.linkedHubs,
    time: instance.writeTime(),
  });
  const operation: Operation = { id: newOperationId(), pollsLeft: switches.assigningPolls, result };
  store.together(() => {
    // A refused attempt leaves the record of an earlier assignment as it is.
    if (result.state.status !== 'disabled') store.saveRegistration(result);
    store.saveOperation(registrationId, operation, instance.now());
  });
  // Always 202, even when the result is known: some clients take no other answer.
  return assigning(instance, operation, { Location: location(instance, registrationId, operation) });
}

function operationStatus(instance: Instance, call: Call, [, id = '', operationId = '']: readonly string[]): Answer {
  const registrationId = checkedId(id, 'registrationId');
  entryOf(instance, call, registrationId);
  const polls = instance.switches.throttle.pollsPerTenSeconds;
  instance.throttle.take(`poll ${keyOf(registrationId)}`, 1, polls, 10_000);
  const operation = instance.store.operation(registrationId, operationId);
  if (!operation) throw new DpsError('noOperation');
  const { result, pollsLeft } = operation;
  if (pollsLeft > 0) {
    instance.store.saveOperation(registrationId, { ...operation, pollsLeft: pollsLeft - 1 }, instance.now());
    return assigning(instance, operation, {}, { registrationId, status: 'assigning' });
  }
  // `failed` and `disabled` are results too, and come with 200.
  const body = { operationId, status: result.state.status, registrationState: deviceView(result) };
  return { status: 200, body };
}

/** The status lookup for devices that cannot keep their hub's name. It counts for no limit: the documents disagree. */
function lookUp(instance: Instance, call: Call, [, id = '']: readonly string[]): Answer {
  const registrationId = bodyMatches(call, checkedId(id, 'registrationId'));
  entryOf(instance, call, registrationId);
  const registration = instance.store.registration(registrationId);
  if (!registration) throw new DpsError('noRegistration');
  return { status: 200, body: deviceView(registration) };
}

/**
 * The enrollment that decides about a device, if its credential is good; 401002 otherwise, whatever was wrong (DPS docs,
 * Terminology and Manage disenrollment). An individual enrollment decides alone. A disabled one may be a mere block on
 * a group's device, with another key in it, so the group's proof is good enough to be told "disabled".
 */
function entryOf(instance: Instance, call: Call, registrationId: string): Entry {
  const evidence = evidenceOf(instance, call, registrationId);
  const individual = instance.store.entry('individual', registrationId);
  if (individual && attestationOf(individual.attestation).proves(evidence)) return individual;
  const blocked = individual?.settings.provisioningStatus === 'disabled';
  const group = individual && !blocked ? undefined : groupOf(instance, evidence);
  if (!group) throw new DpsError('unauthorized');
  return individual ?? group;
}

/** The oldest of the groups that prove the device; the request names none, and the service's choice is not published. */
function groupOf(instance: Instance, evidence: Evidence): Entry | undefined {
  const proven = instance.store.groups().filter((group) => attestationOf(group.attestation).provesMember(evidence));
  const enabled = proven.find((group) => group.settings.provisioningStatus !== 'disabled');
  return instance.switches.disabledGroup === 'skipped' ? (enabled ?? proven[0]) : proven[0];
}

function evidenceOf(instance: Instance, call: Call, registrationId: string): Evidence {
  const token = parseSas(call.header('authorization'));
  const target = `${instance.idScope}/registrations/${registrationId}`;
  const good =
    token !== undefined &&
    token.policy === 'registration' &&
    keyOf(token.resource) === keyOf(target) &&
    isFresh(token, instance.now(), instance.switches.clockSkewSeconds);
  const foldRegistrationId = instance.switches.derivation === 'folded';
  return { registrationId, token: good ? token : undefined, foldRegistrationId };
}

function bodyMatches(call: Call, registrationId: string): string {
  if (call.body === '') return registrationId;
  const body = parsed(RegisterSchema, withoutNulls(jsonBody(call)));
  if (body.registrationId === undefined || keyOf(body.registrationId) === keyOf(registrationId)) return registrationId;
  throw new DpsError('argumentInvalid', 'registrationId: expected the ID of the path');
}

function assigning(instance: Instance, { id }: Operation, headers: Record<string, string>, state?: object): Answer {
  return {
    status: 202,
    headers: { ...headers, 'retry-after': String(instance.switches.retryAfterSeconds) },
    body: { operationId: id, status: 'assigning', ...(state && { registrationState: state }) },
  };
}

function location(instance: Instance, registrationId: string, { id }: Operation): string {
  const path = `${instance.idScope}/registrations/${encodeURIComponent(registrationId)}/operations/${id}`;
  return `https://${instance.deviceHost}/${path}`;
}

/** What a device is told: its state and the group that it came by. */
function deviceView({ state, groupId }: Registration): object {
  return groupId === undefined ? state : { ...state, symmetricKey: { enrollmentGroupId: groupId } };
}

/** The shape of operation IDs in published samples: `4.`, 16 hex digits, a GUID. */
function newOperationId(): string {
  return `4.${randomBytes(8).toString('hex')}.${randomUUID()}`;
}
