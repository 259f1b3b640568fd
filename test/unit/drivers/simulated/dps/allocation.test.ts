import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { defaultSwitches } from '../../../../../drivers/simulated/dps/switches.ts';
import {
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
