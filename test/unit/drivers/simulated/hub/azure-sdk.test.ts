import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registry } from 'azure-iothub';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatedHub, startHub } from '../../../../../drivers/simulated/hub/hub.ts';
import { registryOf, without } from '../../../../suites/hub.ts';

// The unmodified service SDK of IoT Hub: a second opinion on the stub.

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
let hub: SimulatedHub;
let registry: Registry;

beforeAll(async () => {
  hub = await startHub({ folder, switches: without });
  registry = registryOf(hub);
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

const key = (letter: string) => Buffer.alloc(32, letter).toString('base64');
const sas = (letter: string) =>
  ({ type: 'sas', symmetricKey: { primaryKey: key(letter), secondaryKey: key('s') } }) as const;

type Failed = { readonly name: string };
const failure = (attempt: Promise<unknown>): Promise<Failed> =>
  attempt.then(
    () => expect.unreachable('the hub did not refuse'),
    (reason: unknown) => reason as Failed,
  );

test('the SDK creates, reads, changes and deletes a device', async () => {
  const { responseBody: made } = await registry.create({ deviceId: 'Sdk-1', authentication: sas('a') });
  expect(made.authentication?.symmetricKey).toEqual({ primaryKey: key('a'), secondaryKey: key('s') });
  const { responseBody: read } = await registry.get('Sdk-1');
  expect(read).toMatchObject({ deviceId: 'Sdk-1', status: 'enabled', connectionState: 'Disconnected' });
  expect((await failure(registry.create({ deviceId: 'Sdk-1' }))).name).toBe('DeviceAlreadyExistsError');
  await registry.update({ deviceId: 'Sdk-1', status: 'disabled', authentication: sas('b') });
  expect((await registry.get('Sdk-1')).responseBody).toMatchObject({ status: 'disabled', authentication: sas('b') });
  await registry.delete('Sdk-1');
  expect((await failure(registry.get('Sdk-1'))).name).toBe('DeviceNotFoundError');
});

test('a hub tells the case of IDs apart, and makes keys where a client brings none', async () => {
  await registry.create({ deviceId: 'case' });
  const { responseBody } = await registry.create({ deviceId: 'CASE' });
  expect(Buffer.from(responseBody.authentication?.symmetricKey?.primaryKey ?? '', 'base64').length).toBe(32);
});

test('V-40: who makes a device and a module a second time reads what is there, and its key', async () => {
  const again = async () => {
    const device = await registry
      .create({ deviceId: 'myFirstDevice' })
      .catch(() => registry.get('myFirstDevice'))
      .then(({ responseBody }) => responseBody.authentication?.symmetricKey?.primaryKey);
    const module = await registry
      .addModule({ deviceId: 'myFirstDevice', moduleId: 'myFirstModule' })
      .catch(() => registry.getModule('myFirstDevice', 'myFirstModule'))
      .then(({ responseBody }) => responseBody.authentication?.symmetricKey?.primaryKey);
    return [device, module];
  };
  const first = await again();
  expect(first.every((text) => Buffer.from(text ?? '', 'base64').length === 32)).toBe(true);
  expect(await again()).toEqual(first);
  const { responseBody: modules } = await registry.getModulesOnDevice('myFirstDevice');
  expect(modules.map(({ moduleId }) => moduleId)).toEqual(['myFirstModule']);
});

test('the SDK adds devices in bulk; who is there already is named, the others are made', async () => {
  const ids = Array.from({ length: 100 }, (_, n) => `bulk-${n}`);
  const thumbprint = 'AB'.repeat(32);
  const devices = ids.map((deviceId, n) => ({
    deviceId,
    authentication:
      n % 2 === 0 ? sas('c') : ({ type: 'selfSigned', x509Thumbprint: { primaryThumbprint: thumbprint } } as const),
  }));
  expect((await registry.addDevices(devices as never)).responseBody).toEqual({
    isSuccessful: true,
    errors: [],
    warnings: [],
  });
  hub.switches.bulkFailure = 200;
  const { responseBody } = await registry.addDevices([...devices.slice(0, 2), { deviceId: 'bulk-new' }] as never);
  expect(responseBody.isSuccessful).toBe(false);
  expect(responseBody.errors.map((error) => [error.deviceId, error.errorCode])).toEqual([
    ['bulk-0', 'DeviceAlreadyExists'],
    ['bulk-1', 'DeviceAlreadyExists'],
  ]);
  expect((await registry.get('bulk-new')).responseBody.deviceId).toBe('bulk-new');
  expect((await registry.get('bulk-1')).responseBody.authentication).toMatchObject({
    type: 'selfSigned',
    x509Thumbprint: { primaryThumbprint: thumbprint },
  });
});

test('the SDK lists devices, and a query pages through their twins', async () => {
  const { responseBody: all } = await registry.list();
  expect(all.length).toBeGreaterThan(100);
  const query = registry.createQuery('SELECT * FROM devices', 40);
  const twins: string[] = [];
  while (query.hasMoreResults) twins.push(...(await query.nextAsTwin()).result.map(({ deviceId }) => deviceId));
  expect(twins.toSorted()).toEqual(all.map(({ deviceId }) => deviceId).toSorted());
  expect((await registry.getTwin('bulk-0')).responseBody).toMatchObject({ deviceId: 'bulk-0', tags: {} });
});

test('an IoT Edge device has its two modules from the beginning', async () => {
  await registry.create({ deviceId: 'edge', capabilities: { iotEdge: true } });
  const { responseBody } = await registry.getModulesOnDevice('edge');
  expect(responseBody.map(({ moduleId }) => moduleId)).toEqual(['$edgeAgent', '$edgeHub']);
});

test('a policy without the right to write is refused, and one that is no policy', async () => {
  const reader = registryOf(hub, 'registryRead');
  expect((await reader.get('edge')).responseBody.deviceId).toBe('edge');
  expect((await failure(reader.create({ deviceId: 'no' }))).name).toBe('UnauthorizedError');
});
