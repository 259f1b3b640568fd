import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { defaultSwitches } from '../../../../../drivers/simulated/dps/switches.ts';
import {
  ask,
  type Device,
  device,
  enroll,
  freshEmulator,
  json,
  keyOfLetter,
  primary,
  registration,
  service,
} from './raw.ts';

const hubs = ['hub-a.azure-devices.net', 'hub-b.azure-devices.net', 'hub-c.azure-devices.net'];
const idScope = '0ne00000A0A';
let emulator: Emulator;

beforeAll(async () => {
  emulator = await freshEmulator({ names: { idScope } });
});
afterAll(() => emulator.close());

beforeEach(() => {
  const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };
  Object.assign(emulator.switches, { ...defaultSwitches(), retryAfterSeconds: 0, throttle, linkedHubs: hubs });
});

const stateOf = async (who: Device) =>
  json(await registration(emulator, who)).registrationState as Record<string, unknown>;
const codeOf = async (reply: ReturnType<typeof registration>) => json(await reply).errorCode;

test('a registration answers 202 with an operation and a delay, then the assignment with 200', async () => {
  await enroll(emulator, 'flow');
  Object.assign(emulator.switches, { retryAfterSeconds: 3, assigningPolls: 1 });
  const first = await device(emulator, 'PUT', '/register', primary('flow'), { registrationId: 'flow' });
  const { operationId } = json(first);
  expect(operationId).toMatch(/^4\.[0-9a-f]{16}\.[0-9a-f-]{36}$/);
  expect([first.status, json(first)]).toEqual([202, { operationId, status: 'assigning' }]);
  expect(first.headers['retry-after']).toBe('3');
  expect(first.headers.location).toContain(`/${idScope}/registrations/flow/operations/${String(operationId)}`);
  const poll = () => device(emulator, 'GET', `/operations/${String(operationId)}`, primary('flow'));
  const second = await poll();
  expect(second.status).toBe(202);
  expect(json(second).registrationState).toEqual({ registrationId: 'flow', status: 'assigning' });
  const third = await poll();
  expect(third.status).toBe(200);
  expect(json(third)).toMatchObject({
    operationId,
    status: 'assigned',
    registrationState: { registrationId: 'flow', deviceId: 'flow', status: 'assigned', substatus: 'initialAssignment' },
  });
});

const scopeForms: [string, (id: string) => string][] = [
  ['unencoded', (id) => `${idScope}/registrations/${id}`],
  ['in upper-case escapes', (id) => `${idScope}%2Fregistrations%2F${id}`],
  ['in lower case with escapes', (id) => `${idScope.toLowerCase()}%2fregistrations%2f${id}`],
  ['in lower case, unencoded', (id) => `${idScope.toLowerCase()}/registrations/${id}`],
];

test.each(scopeForms)('a device may write its resource %s', async (_name, form) => {
  await enroll(emulator, 'forms');
  expect(await stateOf({ ...primary('forms'), sr: form('forms') })).toMatchObject({ status: 'assigned' });
});

const GROUP_KEY = '8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==';
const VECTOR_ID = 'sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6';
const vectors: [string, string][] = [
  [`0ne00000A0A%2Fregistrations%2F${VECTOR_ID}`, 't6/8JHWQuQgM9mXdYf/uIqa3dKECOEk9Rr4WrFV19q0='],
  [`0ne00000A0A/registrations/${VECTOR_ID}`, 'hUOH8hSLSay+bfE5WjQhRmpIvWZdSog5Tlv8EyKqBg4='],
  [`0ne00000a0a%2fregistrations%2f${VECTOR_ID}`, 'x++X8RfqaOzoQUMxcfCDre5bLB7s6DT3Zsx5BsgrRho='],
  [`0ne00000a0a/registrations/${VECTOR_ID}`, 'IQMif6/gwhtJZNCa2zJ49xg5bGpm7p0bczD167jfwwQ='],
];

test('the published device vectors register, while their time lasts', async () => {
  let now = 1_699_999_999_000;
  const past = await freshEmulator({ names: { idScope }, clock: () => now });
  const attestation = { type: 'symmetricKey', symmetricKey: { primaryKey: GROUP_KEY } };
  await service(past, 'PUT', '/enrollmentGroups/vectors', { enrollmentGroupId: 'vectors', attestation });
  const path = `/${idScope}/registrations/${VECTOR_ID}/register?api-version=2021-06-01`;
  const statuses = async () => {
    const replies = vectors.map(([sr, sig]) => {
      const Authorization = `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=1700000000&skn=registration`;
      return ask(past, { method: 'PUT', path, host: past.deviceHost, headers: { Authorization }, body: {} });
    });
    return (await Promise.all(replies)).map((reply) => reply.status);
  };
  expect(await statuses()).toEqual([202, 202, 202, 202]);
  now += 3_600_000;
  expect(await statuses()).toEqual([401, 401, 401, 401]);
  await past.close();
});

const now = () => Math.floor(Date.now() / 1000);
test.each<[string, Partial<Device>]>([
  ['another key', { key: keyOfLetter('x') }],
  ['an expired token', { se: now() - 3600 }],
  ['another policy name', { skn: 'provisioningserviceowner' }],
  ["another device's resource", { sr: `${idScope}%2Fregistrations%2Fother` }],
  ['the resource of a whole scope', { sr: idScope }],
  ["another scope's resource", { sr: '0ne00000B0B%2Fregistrations%2Frefused' }],
])('%s is refused with 401002', async (_name, wrong) => {
  await enroll(emulator, 'refused');
  const reply = await registration(emulator, { ...primary('refused'), ...wrong });
  expect([reply.status, json(reply).errorCode, json(reply).message]).toEqual([401, 401002, 'Unauthorized']);
});

test('an unknown device, a device without a token and one of an unknown scope are refused', async () => {
  expect(await codeOf(registration(emulator, primary('unknown')))).toBe(401002);
  const path = (scope: string) => `/${scope}/registrations/refused/register?api-version=2021-06-01`;
  const call = { method: 'PUT', host: emulator.deviceHost, body: {} };
  expect(json(await ask(emulator, { ...call, path: path(idScope) })).errorCode).toBe(401002);
  expect(json(await ask(emulator, { ...call, path: path('0neFFFFFFFF') })).errorCode).toBe(404000);
});

test('a token proves nothing for a device that is enrolled with a certificate', async () => {
  const clientCertificates = { primary: { certificate: emulator.ca } };
  await enroll(emulator, 'no-token', { attestation: { type: 'x509', x509: { clientCertificates } } });
  expect(await codeOf(registration(emulator, primary('no-token')))).toBe(401002);
});

test('the status lookup tells the record to the device alone', async () => {
  await enroll(emulator, 'lookup');
  const look = (who: Device) => device(emulator, 'POST', '', who, { registrationId: 'lookup' });
  expect(json(await look(primary('lookup'))).errorCode).toBe(404202);
  const state = await stateOf(primary('lookup'));
  expect(json(await look(primary('lookup')))).toEqual(state);
  expect(json(await look({ ...primary('lookup'), key: keyOfLetter('x') })).errorCode).toBe(401002);
});

test("an operation is the device's own", async () => {
  await enroll(emulator, 'mine');
  await enroll(emulator, 'yours');
  const first = await device(emulator, 'PUT', '/register', primary('mine'), {});
  const path = `/operations/${String(json(first).operationId)}`;
  expect(json(await device(emulator, 'GET', path, primary('yours'))).errorCode).toBe(404203);
  expect((await device(emulator, 'GET', path, primary('mine'))).status).toBe(200);
});

test("a body with another device's ID is refused, and so is a version that is missing", async () => {
  await enroll(emulator, 'body');
  const reply = await device(emulator, 'PUT', '/register', primary('body'), { registrationId: 'other' });
  expect([reply.status, json(reply).errorCode]).toEqual([400, 400004]);
  const path = `/${idScope}/registrations/body/register`;
  expect((await ask(emulator, { method: 'PUT', path, host: emulator.deviceHost, body: {} })).status).toBe(400);
});
