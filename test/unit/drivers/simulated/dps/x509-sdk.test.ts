import { createHash, X509Certificate } from 'node:crypto';
import type { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import type { EnrollmentGroup, IndividualEnrollment } from 'azure-iot-provisioning-service/dist/interfaces.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { registerCertifiedDevice, serviceClient } from '../../../../suites/azure-sdk.ts';
import { type Certified, type ClientIdentity, Pki, showing } from '../../../../suites/x509-chains.ts';
import { freshEmulator, json, manage } from './raw.ts';

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

const upload = (name: string, { cert }: Certified, isVerified = true) =>
  manage(emulator, 'PUT', `/${name}`, { certificate: Buffer.from(cert).toString('base64'), isVerified });

function register(registrationId: string, identity: ClientIdentity) {
  return registerCertifiedDevice(emulator, { registrationId, idScope: emulator.idScope, ...identity });
}

/** The typings of this one call lost their promise form. */
async function putGroup(enrollmentGroupId: string, x509: object): Promise<void> {
  const attestation = { type: 'x509' as const, x509 };
  await (client.createOrUpdateEnrollmentGroup({
    enrollmentGroupId,
    attestation,
  } as EnrollmentGroup) as unknown as Promise<unknown>);
}

async function putIndividual(registrationId: string, x509: object, more: object = {}): Promise<void> {
  const attestation = { type: 'x509' as const, x509 };
  await client.createOrUpdateIndividualEnrollment({ registrationId, attestation, ...more } as IndividualEnrollment);
}

test.each([
  ['EC', false],
  ['RSA', true],
])('the device SDK registers a device of a group with %s certificates, through an intermediate', async (kind, rsa) => {
  const root = pki.authority(`root ${kind}`, { rsa });
  const line = pki.authority(`line ${kind}`, { issuer: root, rsa });
  const id = `sdk-member-${kind}`;
  await upload(`root-${kind}`, root);
  await putGroup(`sdk-group-${kind}`, { signingCertificates: { primary: { certificate: line.cert } } });
  const leaf = pki.device(id, { issuer: line, rsa });
  const result = await register(id, showing(leaf, line, root));
  expect(result).toMatchObject({ status: 'assigned', deviceId: id, substatus: 'initialAssignment' });
  expect(emulator.switches.linkedHubs).toContain(result.assignedHub);
  await expect(register(id, showing(leaf, line))).rejects.toThrow();
});

test('the device SDK registers a device of a group that names its CA certificate', async () => {
  const root = pki.authority('named root');
  await upload('named', root);
  await putGroup('sdk-named', { caReferences: { primary: 'named' } });
  const result = await register('sdk-of-named', showing(pki.device('sdk-of-named', { issuer: root }), root));
  expect(result).toMatchObject({ status: 'assigned', deviceId: 'sdk-of-named' });
});

test('the device SDK registers a self-signed device by its own certificate, primary or secondary', async () => {
  const [first, second, third] = [pki.device('sdk-alone'), pki.device('sdk-alone'), pki.device('sdk-alone')];
  const clientCertificates = { primary: { certificate: first.cert }, secondary: { certificate: second.cert } };
  await putIndividual('sdk-alone', { clientCertificates }, { deviceId: 'Sdk.Alone' });
  for (const own of [first, second]) {
    expect(await register('sdk-alone', showing(own))).toMatchObject({ status: 'assigned', deviceId: 'Sdk.Alone' });
  }
  await expect(register('sdk-alone', showing(third))).rejects.toThrow();
});

test('the service SDK reads back what of the certificates is public, and the record of the group', async () => {
  const root = pki.authority('read root');
  await upload('read', root);
  await putGroup('sdk-read', { signingCertificates: { primary: { certificate: root.cert } } });
  const { responseBody: group } = await client.getEnrollmentGroup('sdk-read');
  const thumbprint = createHash('sha256').update(new X509Certificate(root.cert).raw).digest('hex').toUpperCase();
  expect(group.attestation.x509?.signingCertificates?.primary.info?.sha256Thumbprint).toBe(thumbprint);
  await register('sdk-read-1', showing(pki.device('sdk-read-1', { issuer: root }), root));
  const { responseBody: record } = await client.getDeviceRegistrationState('sdk-read-1');
  expect(record).toMatchObject({ registrationId: 'sdk-read-1', status: 'assigned' });
  expect(json(await manage(emulator, 'GET', '/read'))).toMatchObject({ properties: { isVerified: true } });
});
