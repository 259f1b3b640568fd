import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { defaultSwitches } from '../../../../../drivers/simulated/dps/switches.ts';
import {
  ask,
  type Device,
  derived,
  enroll,
  freshEmulator,
  json,
  keyOfLetter,
  overwrite,
  primary,
  putGroup,
  registration,
  sas,
  service,
  symmetric,
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

test('a device may register again and again: same hub, same device ID, its record keeps its birth', async () => {
  await enroll(emulator, 'again', { deviceId: 'Device.Again' });
  const first = await stateOf(primary('again'));
  const second = await stateOf({ id: 'AGAIN', key: keyOfLetter('s') });
  expect(second).toMatchObject({
    registrationId: 'again',
    deviceId: 'Device.Again',
    assignedHub: first.assignedHub,
    createdDateTimeUtc: first.createdDateTimeUtc,
    substatus: 'initialAssignment',
  });
  expect(second.etag).not.toBe(first.etag);
});

test('the hash spreads devices over the linked hubs and always gives a device the same one', async () => {
  await putGroup(emulator, 'spread', symmetric('q', 'Q'));
  const ids = Array.from({ length: 24 }, (_, n) => `spread-${n}`);
  const assigned = async (target: Emulator) => {
    const states = ids.map((id) => registration(target, { id, key: derived(keyOfLetter('q'), id) }));
    return (await Promise.all(states)).map(
      (reply) => (json(reply).registrationState as { assignedHub: string }).assignedHub,
    );
  };
  const here = await assigned(emulator);
  expect(new Set(here)).toEqual(new Set(hubs));
  const other = await freshEmulator({ switches: { linkedHubs: hubs, throttle: emulator.switches.throttle } });
  const attestation = symmetric('q', 'Q');
  await service(other, 'PUT', '/enrollmentGroups/elsewhere', { enrollmentGroupId: 'elsewhere', attestation });
  expect(await assigned(other)).toEqual(here);
  await other.close();
});

test.each([
  ['static', { allocationPolicy: 'static', iotHubs: ['hub-c.azure-devices.net'] }, 'hub-c.azure-devices.net'],
  ['the older member', { iotHubHostName: 'hub-b.azure-devices.net' }, 'hub-b.azure-devices.net'],
  ['a list of one', { allocationPolicy: 'hashed', iotHubs: ['hub-a.azure-devices.net'] }, 'hub-a.azure-devices.net'],
  ['lowest latency', { allocationPolicy: 'geoLatency' }, 'hub-a.azure-devices.net'],
])('allocation by %s gives the hub that it names', async (name, settings, hub) => {
  const id = `allocated-${name.replaceAll(' ', '-')}`;
  await enroll(emulator, id, settings);
  expect(await stateOf(primary(id))).toMatchObject({ assignedHub: hub });
});

const policy = (updateHubAssignment: boolean, migrateDeviceData: boolean) => ({
  reprovisionPolicy: { updateHubAssignment, migrateDeviceData },
});
test.each([
  ['the default moves it', {}, 'hub-b', 'deviceDataMigrated'],
  ['migration moves it', policy(true, true), 'hub-b', 'deviceDataMigrated'],
  ['reset moves it', policy(true, false), 'hub-b', 'deviceDataReset'],
  ['never keeps it', policy(false, false), 'hub-a', 'initialAssignment'],
])('a device whose hub changed registers again: %s', async (name, settings, hub, substatus) => {
  const id = `moved-${name.replaceAll(' ', '-')}`;
  await enroll(emulator, id, { ...settings, iotHubHostName: 'hub-a.azure-devices.net' });
  await stateOf(primary(id));
  await enroll(emulator, id, { ...settings, iotHubHostName: 'hub-b.azure-devices.net' }, overwrite);
  expect(await stateOf(primary(id))).toMatchObject({ assignedHub: `${hub}.azure-devices.net`, substatus });
});

test('the hub with the lowest latency wins, of those that the enrollment may choose from', async () => {
  const [a = '', b = '', c = ''] = hubs;
  emulator.switches.hubLatencyMs = { [a]: 40, [b]: 8, [c]: 3.5 };
  await enroll(emulator, 'near', { allocationPolicy: 'geoLatency' });
  expect(await stateOf(primary('near'))).toMatchObject({ assignedHub: c });
  await enroll(emulator, 'nearer', { allocationPolicy: 'geoLatency', iotHubs: [a, b] });
  expect(await stateOf(primary('nearer'))).toMatchObject({ assignedHub: b });
  // The device has moved, so to say.
  emulator.switches.hubLatencyMs = { [a]: 1, [b]: 8 };
  expect(await stateOf(primary('near'))).toMatchObject({ assignedHub: a, substatus: 'deviceDataMigrated' });
});

test('weights decide how many devices a hub gets by hash', async () => {
  emulator.switches.hubWeights = { 'hub-a.azure-devices.net': 8 };
  await putGroup(emulator, 'weighted', symmetric('w', 'W'));
  const ids = Array.from({ length: 60 }, (_, n) => `weighted-${n}`);
  const states = await Promise.all(ids.map((id) => stateOf({ id, key: derived(keyOfLetter('w'), id) })));
  const share = (hub: string) => states.filter(({ assignedHub }) => assignedHub === hub).length;
  expect(share('hub-a.azure-devices.net')).toBeGreaterThan(35);
  expect(share('hub-b.azure-devices.net') + share('hub-c.azure-devices.net')).toBeGreaterThan(0);
});

test('a device that comes back to its first hub is told so', async () => {
  const at = async (hub: string, headers = {}) => {
    await enroll(emulator, 'returning', { iotHubHostName: `${hub}.azure-devices.net` }, headers);
    return (await stateOf(primary('returning'))).substatus;
  };
  expect(await at('hub-a')).toBe('initialAssignment');
  expect(await at('hub-b', overwrite)).toBe('deviceDataMigrated');
  expect(await at('hub-c', overwrite)).toBe('deviceDataMigrated');
  expect(await at('hub-a', overwrite)).toBe('reprovisionedToInitialAssignment');
});

test.each([
  ['2018-04-01', 'hub-a'],
  ['2017-11-15', 'hub-a'],
  ['2018-09-01-preview', 'hub-b'],
  ['2019-03-31', 'hub-b'],
])('without a stored policy a device that speaks %s comes to %s when its hub changed', async (version, hub) => {
  const id = `version-${version}`;
  const register = async () => {
    const sr = `${emulator.idScope}/registrations/${id}`;
    const headers = { Authorization: sas({ sr, key: keyOfLetter('p'), skn: 'registration' }) };
    const path = `/${sr}/register?api-version=${version}`;
    await ask(emulator, { method: 'PUT', path, host: emulator.deviceHost, headers, body: { registrationId: id } });
    return json(await service(emulator, 'GET', `/registrations/${id}`)).assignedHub;
  };
  await enroll(emulator, id, { iotHubHostName: 'hub-a.azure-devices.net' });
  expect(await register()).toBe('hub-a.azure-devices.net');
  await enroll(emulator, id, { iotHubHostName: 'hub-b.azure-devices.net' }, overwrite);
  expect(await register()).toBe(`${hub}.azure-devices.net`);
});

test('an initial twin is shown with the enrollment, begins with the device, and again when it is reset', async () => {
  const twin = (n: number) => ({ tags: { n, version: 'mine' }, properties: { desired: { on: null } } });
  const kept = async () => {
    const headers = { Authorization: `Bearer ${emulator.adminToken}` };
    const path = '/birthmark-emulator/registrations/twin';
    return json(await ask(emulator, { method: 'GET', path, headers })).initialTwin;
  };
  await enroll(emulator, 'twin', { initialTwin: twin(1) });
  expect(json(await service(emulator, 'GET', '/enrollments/twin')).initialTwin).toEqual(twin(1));
  await stateOf(primary('twin'));
  expect(await kept()).toEqual(twin(1));
  await enroll(emulator, 'twin', { initialTwin: twin(2) }, overwrite);
  await stateOf(primary('twin'));
  expect(await kept()).toEqual(twin(1));
  await enroll(emulator, 'twin', { initialTwin: twin(2), ...policy(true, false) }, overwrite);
  await stateOf(primary('twin'));
  expect(await kept()).toEqual(twin(2));
});

test('whether a registration is forced counts for nothing', async () => {
  await enroll(emulator, 'forced');
  const sr = `${emulator.idScope}/registrations/forced`;
  const headers = { Authorization: sas({ sr, key: keyOfLetter('p'), skn: 'registration' }) };
  const path = `/${sr}/register?api-version=2021-06-01&forceRegistration=true`;
  expect((await ask(emulator, { method: 'PUT', path, host: emulator.deviceHost, headers, body: {} })).status).toBe(202);
});
