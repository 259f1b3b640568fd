import { randomBytes, randomUUID } from 'node:crypto';
import { allocate, needsVerdict } from './allocation.ts';
import { askAllocation } from './custom/allocation-question.ts';
import { type Attempt, keyOf, type Operation, type Registration } from './entries.ts';
import { DpsError } from './errors.ts';
import { identify } from './identify.ts';
import type { Instance } from './instance.ts';
import { requireAddress } from './ip-filter.ts';
import { requireQuota } from './quotas.ts';
import { type Answer, type Call, jsonBody, match, type Route, requireVersion } from './route.ts';
import { checkedId, type DeviceTpm, parsed, RegisterSchema, withoutNulls } from './schemas.ts';
import { challenge, withHubKey } from './tpm-challenge.ts';

/** The device API (DPS device REST 2021-06-01); over MQTT the same calls come by topics. */
const routes: Route<Instance>[] = [
  { method: 'PUT', path: '{scope}/registrations/{id}/register', act: register },
  { method: 'GET', path: '{scope}/registrations/{id}/operations/{operation}', act: operationStatus },
  { method: 'POST', path: '{scope}/registrations/{id}', act: lookUp },
];

/** Answers a call of the device API, or says undefined when its path is none of this API. */
export function answerDevice(instance: Instance, call: Call): Answer | undefined {
  const found = match(routes, call);
  if (!found) return undefined;
  requireAddress(instance, call.address, 'deviceApi');
  requireVersion(call);
  if (keyOf(found.parameters[0] ?? '') !== keyOf(instance.idScope)) throw new DpsError('noSuchResource');
  return found.route.act(instance, call, found.parameters);
}

/** A device may register as often as it likes; it is the rate limit that slows it down, never its record. */
function register(instance: Instance, call: Call, [, id = '']: readonly string[]): Answer {
  const { switches, store } = instance;
  instance.throttle.take('registrations', 1, switches.throttle.registrationsPerMinute, 60_000);
  const registrationId = checkedId(id, 'registrationId');
  const { tpm, payload } = bodyOf(call, registrationId);
  if (tpm && call.transport === 'mqtt') throw new DpsError('argumentInvalid', 'tpm: expected over HTTPS only');
  const challenged = tpm && challenge(instance, call, registrationId, tpm);
  if (challenged) return challenged;
  const { entry, presentedId, certificates } = identify(instance, call, registrationId);
  const previous = store.registration(registrationId);
  if (!previous) requireQuota(instance, 'registrations', store.tally('registration'));
  const attempt: Attempt = {
    entry,
    registrationId: presentedId,
    ...(certificates && { certificates }),
    apiVersion: call.query.get('api-version') ?? '',
    ...(payload !== undefined && { payload }),
  };
  const operation = needsVerdict(entry) ? begin(instance, attempt) : assign(instance, attempt, previous);
  // Always 202, even when the result is known: some clients take no other answer.
  return assigning(instance, operation, { Location: location(instance, registrationId, operation) });
}

/** The outcome at once, although the device hears of it later. */
function assign(instance: Instance, attempt: Attempt, previous: Registration | undefined): Operation {
  const { switches, store } = instance;
  const { entry, registrationId } = attempt;
  const allocated = allocate({ ...attempt, previous, hubs: switches, time: instance.writeTime() });
  const result = withHubKey(instance, entry, allocated);
  const operation = { id: newOperationId(), pollsLeft: switches.assigningPolls, result };
  store.together(() => {
    // A refused attempt leaves the record of an earlier assignment as it is.
    if (result.state.status !== 'disabled') store.saveRegistration(result);
    store.saveOperation(registrationId, operation, instance.now());
  });
  return operation;
}

/** Asks the webhook; the device polls meanwhile. */
function begin(instance: Instance, attempt: Attempt): Operation {
  const operation = { id: newOperationId(), pollsLeft: instance.switches.assigningPolls };
  const question = { operationId: operation.id, attempt, asked: 0 };
  instance.store.together(() => {
    instance.store.saveOperation(attempt.registrationId, operation, instance.now());
    instance.store.saveQuestion(question);
  });
  instance.background.begin(() => askAllocation(instance, question));
  return operation;
}

function operationStatus(instance: Instance, call: Call, [, id = '', operationId = '']: readonly string[]): Answer {
  const registrationId = checkedId(id, 'registrationId');
  identify(instance, call, registrationId);
  const polls = instance.switches.throttle.pollsPerTenSeconds;
  instance.throttle.take(`poll ${keyOf(registrationId)}`, 1, polls, 10_000);
  const operation = instance.store.operation(registrationId, operationId);
  if (!operation) throw new DpsError('noOperation');
  const { result, pollsLeft } = operation;
  if (pollsLeft > 0 || !result) {
    const left = Math.max(0, pollsLeft - 1);
    if (left < pollsLeft)
      instance.store.saveOperation(registrationId, { ...operation, pollsLeft: left }, instance.now());
    return assigning(instance, operation, {}, { registrationId, status: 'assigning' });
  }
  // `failed` and `disabled` are results too, and come with 200.
  const body = { operationId, status: result.state.status, registrationState: deviceView(result) };
  return { status: 200, body };
}

/** The status lookup for devices that cannot keep their hub's name. It counts for no limit: the documents disagree. */
function lookUp(instance: Instance, call: Call, [, id = '']: readonly string[]): Answer {
  const registrationId = checkedId(id, 'registrationId');
  bodyOf(call, registrationId);
  identify(instance, call, registrationId);
  const registration = instance.store.registration(registrationId);
  if (!registration) throw new DpsError('noRegistration');
  return { status: 200, body: deviceView(registration) };
}

/** What a device sent, which may be nothing. The ID in it is the one of the path. */
function bodyOf(call: Call, registrationId: string): { tpm?: DeviceTpm | undefined; payload?: unknown } {
  if (call.body === '') return {};
  const body = parsed(RegisterSchema, withoutNulls(jsonBody(call)));
  if (body.registrationId === undefined || keyOf(body.registrationId) === keyOf(registrationId)) return body;
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

/** What a device is told: its state, the group that it came by, and its certificates or hub key if it came by them. */
function deviceView({ state, groupId, certificates, tpm }: Registration): object {
  const group = groupId === undefined ? undefined : { enrollmentGroupId: groupId };
  if (tpm) return { ...state, tpm };
  if (certificates) return { ...state, x509: { ...certificates, ...group } };
  return group ? { ...state, symmetricKey: group } : state;
}

/** The shape of operation IDs in published samples: `4.`, 16 hex digits, a GUID. */
function newOperationId(): string {
  return `4.${randomBytes(8).toString('hex')}.${randomUUID()}`;
}
