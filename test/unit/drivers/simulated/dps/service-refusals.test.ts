import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { ask, credential, enroll, freshEmulator, json, sas, service } from './raw.ts';
import { eccArea, rsaArea } from './tpm-areas.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await freshEmulator();
});
afterAll(() => emulator.close());

const put = (id: string, body: object, headers = {}) => enroll(emulator, id, body, headers);
const codeOf = async (reply: ReturnType<typeof put>) => {
  const { status, text } = await reply;
  return status < 300 ? status : (JSON.parse(text) as { errorCode: number }).errorCode;
};

const tpm = (endorsementKey: Buffer, storageRootKey?: string) => ({
  attestation: { type: 'tpm', tpm: { endorsementKey: endorsementKey.toString('base64'), storageRootKey } },
});

const long = 'x'.repeat(129);
const badBodies: [string, object, number, string][] = [
  ['an ID with a blank', { registrationId: 'bad one' }, 400202, 'registrationId'],
  ['an ID of 129 characters', { registrationId: long }, 400202, 'registrationId'],
  ['an ID that ends with a dot', { registrationId: 'bad.' }, 400202, 'registrationId'],
  ['another ID than the path', { registrationId: 'other' }, 400004, 'registrationId'],
  ['no ID', { registrationId: null }, 400004, 'registrationId'],
  ['no attestation', { attestation: null }, 400004, 'attestation'],
  ['the attestation none', { attestation: { type: 'none' } }, 400004, 'attestation.type'],
  ['a status of its own', { provisioningStatus: 'asleep' }, 400004, 'provisioningStatus'],
  ['a hub that is not linked', { iotHubs: ['elsewhere.azure-devices.net'] }, 400004, 'iotHubs'],
  ['custom allocation without a webhook', { allocationPolicy: 'custom' }, 400004, 'customAllocationDefinition'],
  ['a device ID with a blank', { deviceId: 'a b' }, 400004, 'deviceId'],
  ['a policy with half its members', { reprovisionPolicy: { migrateDeviceData: true } }, 400004, 'reprovisionPolicy'],
  [
    'a key of 15 bytes',
    { attestation: { type: 'symmetricKey', symmetricKey: { primaryKey: Buffer.alloc(15, 1).toString('base64') } } },
    400004,
    'attestation.symmetricKey.primaryKey',
  ],
  ['an endorsement key without its size', tpm(rsaArea('ek').subarray(2)), 400201, 'tpm.endorsementKey'],
  ['an endorsement key with ECC', tpm(eccArea('ek')), 400201, 'tpm.endorsementKey'],
  ['a storage root key that is no base64', tpm(rsaArea('ek'), '!'), 400203, 'tpm.storageRootKey'],
  ['a storage root key with ECC', tpm(rsaArea('ek'), eccArea('srk').toString('base64')), 400203, 'tpm.storageRootKey'],
  [
    'a certificate that is none',
    { attestation: { type: 'x509', x509: { clientCertificates: { primary: { certificate: 'AAAA' } } } } },
    400004,
    'clientCertificates.primary',
  ],
  ['no certificate', { attestation: { type: 'x509', x509: {} } }, 400004, 'attestation.x509'],
];

test.each(badBodies)('%s is refused with the name of the member', async (_name, body, code, place) => {
  const reply = await put('refused', body);
  const error = json(reply);
  expect([reply.status, error.errorCode]).toEqual([400, code]);
  expect(error.message).toContain(place);
  expect(error.timestampUtc).toMatch(/Z$/);
  expect(await codeOf(service(emulator, 'GET', '/enrollments/refused'))).toBe(404201);
});

const owner = () => ({ Authorization: sas(credential(emulator.connectionString)) });
const version = '?api-version=2021-10-01';
const badCalls: [string, () => Parameters<typeof ask>[1], number][] = [
  ['no api-version', () => ({ method: 'GET', path: '/enrollments/x' }), 400004],
  ['no JSON', () => ({ method: 'PUT', path: `/enrollments/x${version}`, body: '{' }), 400012],
  ['a list for a body', () => ({ method: 'PUT', path: `/enrollments/x${version}`, body: [] }), 400004],
  [
    'another media type',
    () => ({ method: 'PUT', path: `/enrollments/x${version}`, body: '{}', headers: { 'Content-Type': 'text/plain' } }),
    415000,
  ],
  ['a PUT without an ID', () => ({ method: 'PUT', path: `/enrollments${version}`, body: {} }), 405000],
  ['a GET without an ID', () => ({ method: 'GET', path: `/enrollments${version}` }), 405000],
  ['a PATCH', () => ({ method: 'PATCH', path: `/enrollments/x${version}`, body: {} }), 405000],
  ['an unknown path', () => ({ method: 'GET', path: `/elsewhere${version}` }), 404000],
  ['an ID that is none', () => ({ method: 'GET', path: `/enrollments/%20${version}` }), 400202],
  ['97 KB', () => ({ method: 'PUT', path: `/enrollments/x${version}`, body: 'x'.repeat(97 * 1024) }), 413001],
  [
    'the service API at the global host',
    () => ({ method: 'GET', path: `/enrollments/x${version}`, host: emulator.deviceHost }),
    404000,
  ],
];

test.each(badCalls)('%s is refused by number', async (_name, make, code) => {
  const call = make();
  const reply = await ask(emulator, { ...call, headers: { ...owner(), ...call.headers } });
  expect([reply.status, json(reply).errorCode]).toEqual([Math.floor(code / 1000), code]);
});
