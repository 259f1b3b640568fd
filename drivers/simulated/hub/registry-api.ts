import { covers, isFresh, isSignedWith, parseSas } from '../dps/sas.ts';
import { runBulk } from './bulk.ts';
import { HubError } from './errors.ts';
import { create, existing, remove, shown, shownTwin, update } from './identities.ts';
import type { Hub } from './instance.ts';
import { type Answer, type Call, jsonBody, match, type Route } from './route.ts';
import { IdentitySchema, parsed, QuerySchema } from './schemas.ts';
import type { Right } from './switches.ts';

const device = 'devices/{id}';
const module = 'devices/{id}/modules/{module}';

/** The registry's part of the service API (IoT Hub REST 2021-04-12). */
const routes: readonly Route[] = [
  { method: 'POST', path: 'devices', right: 'RegistryWrite', act: (hub, call) => runBulk(hub, jsonBody(call)) },
  { method: 'GET', path: 'devices', right: 'RegistryRead', act: list },
  { method: 'POST', path: 'devices/query', right: 'RegistryRead', act: query },
  { method: 'GET', path: device, right: 'RegistryRead', act: read },
  { method: 'PUT', path: device, right: 'RegistryWrite', act: put },
  { method: 'DELETE', path: device, right: 'RegistryWrite', act: erase },
  { method: 'GET', path: `${device}/modules`, right: 'RegistryRead', act: modules },
  { method: 'GET', path: module, right: 'RegistryRead', act: read },
  { method: 'PUT', path: module, right: 'RegistryWrite', act: put },
  { method: 'DELETE', path: module, right: 'RegistryWrite', act: erase },
  { method: 'GET', path: 'twins/{id}', right: 'RegistryRead', act: twin },
  { method: 'GET', path: 'twins/{id}/modules/{module}', right: 'RegistryRead', act: twin },
];

/** Answers a call, or throws a HubError. */
export function answerRegistry(hub: Hub, call: Call): Answer {
  const { route, parameters } = match(routes, call);
  authorize(hub, call, route.right);
  hub.throttle.take(hub.switches.registryPerMinute);
  if (!call.query.get('api-version')) throw new HubError('ArgumentInvalid', 'api-version: expected in the query');
  return route.act(hub, call, parameters);
}

/** Checks the shared access signature of a call; a policy without the right is refused like a wrong key. */
function authorize(hub: Hub, call: Call, right: Right): void {
  const token = parseSas(call.header('authorization'));
  const policy = token?.policy === undefined ? undefined : hub.store.policy(token.policy);
  const good =
    token !== undefined &&
    policy?.rights.includes(right) &&
    isSignedWith(token, Buffer.from(policy.key, 'base64')) &&
    covers(token, [hub.host, ...call.segments].join('/')) &&
    isFresh(token, hub.now(), hub.switches.clockSkewSeconds);
  if (!good) throw new HubError('IotHubUnauthorizedAccess');
}

function read(hub: Hub, _: Call, [id = '', moduleId]: readonly string[]): Answer {
  const kept = existing(hub, id, moduleId);
  return { status: 200, body: shown(kept), headers: { ETag: `"${kept.etag}"` } };
}

/** Without If-Match PUT makes an identity, and with it replaces one. */
function put(hub: Hub, call: Call, [id = '', moduleId]: readonly string[]): Answer {
  const input = parsed(IdentitySchema, jsonBody(call));
  if (input.deviceId !== id || input.moduleId !== moduleId) {
    throw new HubError('ArgumentInvalid', 'deviceId: expected the ID of the path');
  }
  const ifMatch = call.header('if-match');
  const kept = hub.store.together(() => (ifMatch === undefined ? create(hub, input) : update(hub, input, ifMatch)));
  return { status: 200, body: shown(kept), headers: { ETag: `"${kept.etag}"` } };
}

function erase(hub: Hub, call: Call, [id = '', moduleId]: readonly string[]): Answer {
  const ifMatch = call.header('if-match');
  if (ifMatch === undefined) throw new HubError('PreconditionFailed');
  remove(hub, id, moduleId, ifMatch);
  return { status: 204 };
}

function modules(hub: Hub, _: Call, [id = '']: readonly string[]): Answer {
  existing(hub, id);
  return { status: 200, body: hub.store.modulesOf(id).map(shown) };
}

function twin(hub: Hub, _: Call, [id = '', moduleId]: readonly string[]): Answer {
  return { status: 200, body: shownTwin(existing(hub, id, moduleId)) };
}

/** Up to a thousand devices, without paging. */
function list(hub: Hub, call: Call): Answer {
  const top = call.query.get('top') ?? '1000';
  if (!/^[1-9]\d{0,3}$/.test(top) || Number(top) > 1_000)
    throw new HubError('ArgumentInvalid', 'top: expected 1 to 1000');
  return { status: 200, body: hub.store.devicesAfter('', Number(top)).map(shown) };
}

/** The twins of all devices, page by page; everything but SELECT * FROM devices is refused. */
function query(hub: Hub, call: Call): Answer {
  parsed(QuerySchema, jsonBody(call));
  const asked = call.header('x-ms-max-item-count') ?? '100';
  if (!/^[1-9]\d{0,8}$/.test(asked)) throw new HubError('ArgumentInvalid', 'x-ms-max-item-count: expected a number');
  const size = Math.min(Number(asked), hub.switches.pageSize);
  const after = Buffer.from(call.header('x-ms-continuation') ?? '', 'base64').toString('utf8');
  const found = hub.store.devicesAfter(after, size + 1);
  const last = found.length > size ? found[size - 1]?.deviceId : undefined;
  const more = last === undefined ? {} : { 'x-ms-continuation': Buffer.from(last).toString('base64') };
  return { status: 200, body: found.slice(0, size).map(shownTwin), headers: { 'x-ms-item-type': 'twin', ...more } };
}
