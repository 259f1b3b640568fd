import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { Pki, showing } from '../../../../suites/x509-chains.ts';
import {
  ask,
  certified,
  type Device,
  derived,
  device,
  enroll,
  freshEmulator,
  json,
  keyOfLetter,
  manage,
  overwrite,
  primary,
  putGroup,
  service,
  symmetric,
} from './raw.ts';
import { startWebhook, type Webhook } from './webhook.ts';

const hubs = ['toasters.azure-devices.net', 'heatpumps.azure-devices.net'];
const [toasters = '', heatpumps = ''] = hubs;

let emulator: Emulator;
let webhook: Webhook;

beforeEach(async () => {
  webhook = await startWebhook();
  emulator = await freshEmulator({
    switches: {
      linkedHubs: hubs,
      webhookRetries: { count: 3, firstMs: 0, stepMs: 0 },
      webhookCa: webhook.ca ?? null,
    },
  });
});
afterEach(async () => {
  await emulator.close();
  await webhook.close();
});

const custom = (url = webhook.url) => ({
  allocationPolicy: 'custom',
  customAllocationDefinition: { webhookUrl: url, apiVersion: '2019-03-31' },
});

type State = Record<string, unknown>;

/** Polls until the webhook has decided. */
async function settled(target: Emulator, who: Device, operationId: unknown): Promise<State> {
  return vi.waitFor(async () => {
    const reply = await device(target, 'GET', `/operations/${String(operationId)}`, who);
    expect(reply.status).toBe(200);
    return json(reply).registrationState as State;
  });
}

async function stateOf(who: Device, payload?: unknown): Promise<State> {
  const body = { registrationId: who.id, ...(payload !== undefined && { payload }) };
  const first = await device(emulator, 'PUT', '/register', who, body);
  expect([first.status, json(first).status]).toEqual([202, 'assigning']);
  return settled(emulator, who, json(first).operationId);
}

const twin = { tags: { deviceType: 'toaster' }, properties: { desired: { state: 'ready' } } };

test('the webhook chooses the hub; its payload goes to the device, and the twin is kept for the hub', async () => {
  const payload = { color: 'red', size: 3 };
  webhook.answers = [{ status: 200, body: { iotHubHostName: heatpumps, initialTwin: twin, payload } }];
  await enroll(emulator, 'chosen', { ...custom(), deviceId: 'Chosen' });
  const state = await stateOf(primary('chosen'));
  expect(state).toMatchObject({ status: 'assigned', assignedHub: heatpumps, deviceId: 'Chosen', payload });
  const record = json(await service(emulator, 'GET', '/registrations/chosen'));
  expect(record).toMatchObject({ assignedHub: heatpumps, payload });
  const path = '/birthmark-emulator/registrations/chosen';
  const headers = { Authorization: `Bearer ${emulator.adminToken}` };
  expect(json(await ask(emulator, { method: 'GET', path, headers }))).toMatchObject({ initialTwin: twin });
});

test('it is asked with the enrollment as GET shows it, what the device is and said, and the hubs to choose from', async () => {
  webhook.answers = [{ status: 200, body: { iotHubHostName: toasters } }];
  await enroll(emulator, 'asked', { ...custom(), initialTwin: twin, iotHubs: [toasters] });
  await stateOf(primary('asked'), { model: 'T-1000', nothing: null });
  const [question] = webhook.asked;
  expect([question?.method, question?.contentType]).toEqual(['POST', 'application/json; charset=utf-8']);
  const read = json(await service(emulator, 'GET', '/enrollments/asked'));
  const { registrationState: _state, ...entry } = read;
  const etag = Buffer.from(String(read.etag), 'base64').toString();
  expect(question?.body).toEqual({
    individualEnrollment: { ...entry, etag },
    deviceRuntimeContext: { registrationId: 'asked', symmetricKey: {}, payload: { model: 'T-1000', nothing: null } },
    linkedHubs: [toasters],
  });
  expect(JSON.stringify(question)).not.toContain(symmetric().symmetricKey.primaryKey);
});

test('a group is asked about as a group, a device with a certificate with what the certificate says', async () => {
  webhook.answers = [{ status: 200, body: { iotHubHostName: toasters } }];
  emulator.switches.webhookMethod = 'PUT';
  await putGroup(emulator, 'line', symmetric('g', 'h'), custom());
  await stateOf({ id: 'member', key: derived(keyOfLetter('g'), 'member') });
  expect(webhook.asked[0]).toMatchObject({
    method: 'PUT',
    body: { enrollmentGroup: { enrollmentGroupId: 'line' }, deviceRuntimeContext: { registrationId: 'member' } },
  });
  const pki = new Pki();
  const root = pki.authority('hook root');
  const leaf = pki.device('Hooked', { issuer: root });
  pki.remove();
  await manage(emulator, 'PUT', '/root', { certificate: root.cert, isVerified: true });
  const x509 = { signingCertificates: { primary: { certificate: root.cert } } };
  await putGroup(emulator, 'certified', { type: 'x509', x509 }, custom());
  const tls = showing(leaf, root);
  const first = await certified(emulator, 'PUT', '/register', 'hooked', tls);
  const path = `/operations/${String(json(first).operationId)}`;
  await vi.waitFor(async () => expect((await certified(emulator, 'GET', path, 'hooked', tls)).status).toBe(200));
  const context = webhook.asked[1]?.body.deviceRuntimeContext;
  expect(context).toMatchObject({ registrationId: 'Hooked', x509: { subjectName: 'CN=Hooked' } });
});

test.each([
  ['an empty hub', { status: 200, body: { iotHubHostName: '' } }, 400208],
  ['no hub', { status: 200, body: {} }, 400208],
  ['401', { status: 401, body: 'Unauthorized' }, 400209],
  ['400', { status: 400, body: 'Unrecognized device registration.' }, 400207],
  ['404', { status: 404, body: '' }, 400207],
  ['a redirect', { status: 302, body: '' }, 400207],
  ['201', { status: 201, body: { iotHubHostName: toasters } }, 400207],
  ['no JSON', { status: 200, body: '<html>' }, 400207],
  ['a hub that is no text', { status: 200, body: { iotHubHostName: 3 } }, 400207],
  ['a payload that is no object', { status: 200, body: { iotHubHostName: toasters, payload: 'x' } }, 400207],
  ['a hub that is not linked', { status: 200, body: { iotHubHostName: 'foreign.azure-devices.net' } }, 400207],
  ['more than 96 KB', { status: 200, body: { iotHubHostName: toasters, payload: { x: 'x'.repeat(99_000) } } }, 400207],
])('a webhook that answers %s fails the registration with its number, in a 200', async (_name, answer, errorCode) => {
  webhook.answers = [answer];
  await enroll(emulator, 'refused', custom());
  const state = await stateOf(primary('refused'));
  expect(state).toMatchObject({ status: 'failed', errorCode });
  expect(state.assignedHub).toBeUndefined();
  if (answer.status === 400) expect(state.errorMessage).toBe('Custom allocation failed with status code: 400');
});

test('from 429 on it is asked again, as often as the switch says, and then no more', async () => {
  const good = { status: 200, body: { iotHubHostName: toasters } };
  webhook.answers = [{ status: 429 }, { status: 503 }, { status: 500 }, good];
  await enroll(emulator, 'patient', custom());
  expect(await stateOf(primary('patient'))).toMatchObject({ status: 'assigned', assignedHub: toasters });
  expect(webhook.asked).toHaveLength(4);
  webhook.answers = [{ status: 503 }];
  const state = await stateOf(primary('patient'));
  expect(state).toMatchObject({ errorCode: 400207, errorMessage: 'Custom allocation failed with status code: 503' });
  expect(webhook.asked).toHaveLength(8);
});

test('one that gives no answer in time, or cannot be trusted or reached, fails it in the end', async () => {
  emulator.switches.webhookTimeoutMs = 50;
  webhook.answers = ['never'];
  await enroll(emulator, 'silent', custom());
  expect(await stateOf(primary('silent'))).toMatchObject({ status: 'failed', errorCode: 400207 });
  expect(webhook.asked).toHaveLength(4);
  emulator.switches.webhookCa = null;
  expect(await stateOf(primary('silent'))).toMatchObject({ status: 'failed', errorCode: 400207 });
  expect(webhook.asked).toHaveLength(4);
});

test('while it is asked the device polls, and other devices are served', async () => {
  emulator.switches.webhookTimeoutMs = 60_000;
  webhook.answers = ['never', { status: 200, body: { iotHubHostName: toasters } }];
  await enroll(emulator, 'waiting', custom());
  const first = await device(emulator, 'PUT', '/register', primary('waiting'), {});
  const path = `/operations/${String(json(first).operationId)}`;
  for (let polls = 0; polls < 3; polls += 1) {
    const reply = await device(emulator, 'GET', path, primary('waiting'));
    expect([reply.status, json(reply).status]).toEqual([202, 'assigning']);
  }
  expect((await service(emulator, 'GET', '/registrations/waiting')).status).toBe(404);
  expect(await stateOf(primary('waiting'))).toMatchObject({ status: 'assigned' });
  expect((await device(emulator, 'GET', path, primary('waiting'))).status).toBe(202);
});

test('a restart asks on, with the retries that are left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-restart-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const switches = { ...emulator.switches, webhookRetries: { count: 2, firstMs: 0, stepMs: 600_000 } };
  const before = await freshEmulator({ folder, switches });
  webhook.answers = [{ status: 503 }];
  await enroll(before, 'restarted', custom());
  const first = await device(before, 'PUT', '/register', primary('restarted'), {});
  await vi.waitFor(() => expect(webhook.asked).toHaveLength(2));
  await before.close();
  expect(webhook.asked).toHaveLength(2);
  const after = await freshEmulator({
    folder,
    switches: { ...switches, webhookRetries: { count: 2, firstMs: 0, stepMs: 0 } },
  });
  const state = await settled(after, primary('restarted'), json(first).operationId);
  expect(state).toMatchObject({ status: 'failed', errorCode: 400207 });
  expect(webhook.asked).toHaveLength(3);
  await after.close();
});

test('with the policy "never" it is asked each time and its payload returned, and the hub stays', async () => {
  const reprovisionPolicy = { updateHubAssignment: false, migrateDeviceData: false };
  webhook.answers = [{ status: 200, body: { iotHubHostName: toasters, payload: { n: 1 } } }];
  await enroll(emulator, 'never', { ...custom(), reprovisionPolicy });
  expect(await stateOf(primary('never'))).toMatchObject({ assignedHub: toasters, payload: { n: 1 } });
  webhook.answers = [{ status: 200, body: { iotHubHostName: heatpumps, payload: { n: 2 } } }];
  expect(await stateOf(primary('never'))).toMatchObject({ assignedHub: toasters, payload: { n: 2 } });
  expect(webhook.asked).toHaveLength(2);
});

test('a disabled enrollment refuses its device without asking', async () => {
  await enroll(emulator, 'disabled', { ...custom(), provisioningStatus: 'disabled' });
  const first = await device(emulator, 'PUT', '/register', primary('disabled'), {});
  const reply = await device(emulator, 'GET', `/operations/${String(json(first).operationId)}`, primary('disabled'));
  expect(json(reply).status).toBe('disabled');
  expect(webhook.asked).toEqual([]);
});

test('only https URLs are enrolled, and plain http on this machine with a switch', async () => {
  const plain = await startWebhook({ plain: true });
  onTestFinished(() => plain.close());
  plain.answers = [{ status: 200, body: { iotHubHostName: toasters } }];
  const urls = [plain.url, 'http://example.com/', 'ftp://localhost/', 'https://user:secret@example.com/', 'nonsense'];
  for (const url of urls) expect((await enroll(emulator, 'plain', custom(url))).status).toBe(400);
  emulator.switches.webhookPlainLoopback = true;
  expect((await enroll(emulator, 'plain', custom('http://example.com/'))).status).toBe(400);
  expect((await enroll(emulator, 'plain', custom(plain.url))).status).toBe(200);
  expect(await stateOf(primary('plain'))).toMatchObject({ assignedHub: toasters });
  await enroll(emulator, 'plain', custom(), overwrite);
});
