import type { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import type { IndividualEnrollment } from 'azure-iot-provisioning-service/dist/interfaces.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import {
  type MqttOver,
  registerCertifiedDeviceByMqtt,
  registerDevice,
  registerDeviceByMqtt,
  serviceClient,
} from '../../../../suites/azure-sdk.ts';
import { Pki, showing } from '../../../../suites/x509-chains.ts';
import { derived, enroll, freshEmulator, keyOfLetter, manage, putGroup, symmetric } from './raw.ts';

const pki = new Pki();
let emulator: Emulator;
let client: ProvisioningServiceClient;

beforeAll(async () => {
  emulator = await freshEmulator({ switches: { assigningPolls: 1 } });
  client = serviceClient(emulator);
});
afterAll(async () => {
  await emulator.close();
  pki.remove();
});

const key = (letter: string) => keyOfLetter(letter).toString('base64');
const overs: MqttOver[] = ['TLS', 'WebSocket'];

test.each(overs)('the device SDK registers a device with its individual key over MQTT over %s', async (over) => {
  const registrationId = `mqtt-${over.toLowerCase()}`;
  await enroll(emulator, registrationId, { deviceId: 'Named.Device' });
  for (const letter of ['p', 's']) {
    const device = { registrationId, key: key(letter), idScope: emulator.idScope };
    const result = await registerDeviceByMqtt(emulator, over, device);
    expect(result).toMatchObject({ status: 'assigned', deviceId: 'Named.Device', substatus: 'initialAssignment' });
    expect(emulator.switches.linkedHubs).toContain(result.assignedHub);
  }
  const { responseBody: read } = await client.getIndividualEnrollment(registrationId);
  expect(read.registrationState).toMatchObject({ status: 'assigned', deviceId: 'Named.Device' });
  const wrong = { registrationId, key: key('x'), idScope: emulator.idScope };
  await expect(registerDeviceByMqtt(emulator, over, wrong)).rejects.toThrow();
});

test.each(overs)(
  'the device SDK registers a device of a group with its derived key over MQTT over %s',
  async (over) => {
    await putGroup(emulator, `group-${over}`, symmetric(over[0], 'z'));
    const registrationId = `member-${over.toLowerCase()}`;
    const own = derived(keyOfLetter(over[0] ?? ''), registrationId).toString('base64');
    const result = await registerDeviceByMqtt(emulator, over, { registrationId, key: own, idScope: emulator.idScope });
    expect(result).toMatchObject({ status: 'assigned', deviceId: registrationId });
  },
);

test.each(overs)('the device SDK registers a device by its certificate over MQTT over %s', async (over) => {
  const root = pki.authority(`root ${over}`);
  const line = pki.authority(`line ${over}`, { issuer: root });
  await manage(emulator, 'PUT', `/root-${over}`, { certificate: root.cert, isVerified: true });
  const signingCertificates = { primary: { certificate: line.cert } };
  await putGroup(emulator, `x509-${over}`, { type: 'x509', x509: { signingCertificates } });
  const registrationId = `x509-${over.toLowerCase()}`;
  const leaf = pki.device(registrationId, { issuer: line });
  const device = { registrationId, idScope: emulator.idScope };
  const result = await registerCertifiedDeviceByMqtt(emulator, over, { ...device, ...showing(leaf, line, root) });
  expect(result).toMatchObject({ status: 'assigned', deviceId: registrationId });
  const short = registerCertifiedDeviceByMqtt(emulator, over, { ...device, ...showing(leaf, line) });
  await expect(short).rejects.toThrow();
});

test('a device that registered over one transport registers again over the others, at the same hub', async () => {
  const registrationId = 'everywhere';
  const attestation = { type: 'symmetricKey', symmetricKey: { primaryKey: key('p'), secondaryKey: key('s') } };
  await client.createOrUpdateIndividualEnrollment({ registrationId, attestation } as IndividualEnrollment);
  const device = { registrationId, key: key('p'), idScope: emulator.idScope };
  const results = [
    await registerDevice(emulator, device),
    await registerDeviceByMqtt(emulator, 'TLS', device),
    await registerDeviceByMqtt(emulator, 'WebSocket', device),
    await registerDevice(emulator, device),
  ];
  expect(new Set(results.map(({ assignedHub }) => assignedHub)).size).toBe(1);
  expect(new Set(results.map(({ createdDateTimeUtc }) => String(createdDateTimeUtc))).size).toBe(1);
  expect(new Set(results.map(({ etag }) => etag)).size).toBe(4);
});
