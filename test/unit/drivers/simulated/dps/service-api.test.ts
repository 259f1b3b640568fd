import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { enroll, freshEmulator, json, keyOfLetter, service, symmetric } from './raw.ts';
import { rsaArea } from './tpm-areas.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await freshEmulator();
});
afterAll(() => emulator.close());

const put = (id: string, body: object, headers = {}) => enroll(emulator, id, body, headers);
const read = async (id: string) => json(await service(emulator, 'GET', `/enrollments/${id}`));
const codeOf = async (reply: ReturnType<typeof put>) => {
  const { status, text } = await reply;
  return status < 300 ? status : (JSON.parse(text) as { errorCode: number }).errorCode;
};

test('every answer, good or bad, names the emulator', async () => {
  const replies = [await put('named', {}), await service(emulator, 'GET', '/nowhere')];
  expect(replies.map((reply) => reply.status)).toEqual([200, 404]);
  for (const reply of replies) {
    expect(reply.headers['x-birthmark-emulator']).toBe('practice');
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  }
});

test('PUT tells both keys, GET and query tell none, the attestation mechanism tells them again', async () => {
  expect(json(await put('keys-1', {})).attestation).toEqual(symmetric());
  expect((await read('keys-1')).attestation).toEqual({ type: 'symmetricKey' });
  const mechanism = await service(emulator, 'POST', '/enrollments/keys-1/attestationmechanism');
  expect(json(mechanism)).toEqual(symmetric());
  const query = await service(emulator, 'POST', '/enrollments/query', { query: 'SELECT * FROM enrollments' });
  expect(query.text).toContain('keys-1');
  expect(query.text).not.toContain(keyOfLetter('p').toString('base64'));
});

test.each([
  ['left out', undefined],
  ['null', { primaryKey: null, secondaryKey: null }],
])('keys that are %s are generated, 64 bytes each', async (name, symmetricKey) => {
  const reply = await put(`generated-${name.replace(' ', '-')}`, {
    attestation: { type: 'symmetricKey', symmetricKey },
  });
  const made = json(reply).attestation as ReturnType<typeof symmetric>;
  const lengths = Object.values(made.symmetricKey).map((key) => Buffer.from(key, 'base64').length);
  expect(lengths).toEqual([64, 64]);
  expect(made.symmetricKey.primaryKey).not.toBe(made.symmetricKey.secondaryKey);
});

test('null members vanish, except that of the provisioning status; twins keep theirs', async () => {
  const initialTwin = { tags: { line: null, version: 3 }, properties: { desired: { a: [null, 1] } } };
  const optionalDeviceInformation = { checkpoint: 'x', nothing: null };
  const sent = { deviceId: null, iotHubs: null, provisioningStatus: null, initialTwin, optionalDeviceInformation };
  const entry = json(await put('nulls', sent));
  expect(entry).not.toHaveProperty('deviceId');
  expect(entry).not.toHaveProperty('iotHubs');
  expect(entry).toMatchObject({ provisioningStatus: null, initialTwin, optionalDeviceInformation });
});

test('GET alone shows the registration state of a device that never registered', async () => {
  expect(json(await put('state', {}))).not.toHaveProperty('registrationState');
  expect((await read('state')).registrationState).toEqual({ registrationId: 'state', status: 'unassigned' });
});

test('times are UTC with at most seven digits; an update keeps the first and changes the second and the tag', async () => {
  const first = json(await put('times', {}));
  const second = json(await put('times', {}, { 'If-Match': '*' }));
  expect(first.createdDateTimeUtc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?Z$/);
  expect(second.createdDateTimeUtc).toBe(first.createdDateTimeUtc);
  expect(second.lastUpdatedDateTimeUtc).not.toBe(first.lastUpdatedDateTimeUtc);
  expect(second.etag).not.toBe(first.etag);
  expect(Buffer.from(String(first.etag), 'base64').toString()).toMatch(/^"[0-9a-f-]{36}"$/);
});

test.each([
  ['raw', (etag: string) => etag],
  ['quoted', (etag: string) => `"${etag}"`],
  ['decoded', (etag: string) => Buffer.from(etag, 'base64').toString()],
  ['weak', (etag: string) => `W/"${etag}"`],
  ['a star', () => '*'],
  ['a quoted star', () => '"*"'],
])('If-Match takes the tag %s', async (name, form) => {
  const id = `tag-${name.replaceAll(' ', '-')}`;
  const { etag } = json(await put(id, {}));
  expect((await put(id, {}, { 'If-Match': form(String(etag)) })).status).toBe(200);
  if (!name.includes('star')) expect(await codeOf(put(id, {}, { 'If-Match': form(String(etag)) }))).toBe(412001);
});

test('a write without If-Match never overwrites, and one with it never makes', async () => {
  await put('Conflict', {});
  expect(await codeOf(put('conflict', { deviceId: 'other' }))).toBe(409201);
  expect(await read('CONFLICT')).toMatchObject({ registrationId: 'Conflict' });
  expect(await read('conflict')).not.toHaveProperty('deviceId');
  expect(await codeOf(put('absent', {}, { 'If-Match': '*' }))).toBe(412001);
  emulator.switches.ifMatchOnAbsent = 404;
  expect(await codeOf(put('absent', {}, { 'If-Match': '*' }))).toBe(404201);
  expect(await codeOf(put('conflict', { etag: '"quoted"' }, { 'If-Match': '*' }))).toBe(400004);
});

test('DELETE takes If-Match or none, and an absent entry is 404', async () => {
  await put('gone', {});
  expect(await codeOf(service(emulator, 'DELETE', '/enrollments/gone', undefined, { 'If-Match': 'stale' }))).toBe(
    412001,
  );
  const reply = await service(emulator, 'DELETE', '/enrollments/gone');
  expect([reply.status, reply.text]).toEqual([204, '']);
  expect(await codeOf(service(emulator, 'DELETE', '/enrollments/gone'))).toBe(404201);
  expect(await codeOf(service(emulator, 'DELETE', '/enrollmentGroups/gone'))).toBe(404204);
});

test('a group is stored like an enrollment, has its own conflict number, and takes no TPM', async () => {
  const group = { enrollmentGroupId: 'group-1', attestation: symmetric() };
  const write = (body: object) => service(emulator, 'PUT', '/enrollmentGroups/group-1', body);
  expect(json(await write(group))).toMatchObject(group);
  expect(await codeOf(write(group))).toBe(409202);
  expect(json(await service(emulator, 'GET', '/enrollmentgroups/GROUP-1/'))).not.toHaveProperty('registrationState');
  const tpm = { type: 'tpm', tpm: { endorsementKey: rsaArea('ek').toString('base64') } };
  expect(await codeOf(write({ enrollmentGroupId: 'group-1', attestation: tpm }))).toBe(409202);
  const other = { enrollmentGroupId: 'group-2', attestation: tpm };
  expect(await codeOf(service(emulator, 'PUT', '/enrollmentGroups/group-2', other))).toBe(400004);
});

test('an endorsement key is stored and shown as it came, on both reads', async () => {
  const [endorsementKey, storageRootKey] = [rsaArea('ek'), rsaArea('srk')].map((area) => area.toString('base64'));
  const attestation = { type: 'tpm', tpm: { endorsementKey, storageRootKey } };
  expect(json(await put('tpm-1', { attestation })).attestation).toEqual(attestation);
  expect((await read('tpm-1')).attestation).toEqual(attestation);
});

test.each([
  ['PEM', (pem: string) => pem],
  ['base64 of PEM', (pem: string) => Buffer.from(pem).toString('base64')],
  ['base64 of DER', (pem: string) => new X509Certificate(pem).raw.toString('base64')],
])('a certificate as %s comes back as its info alone', async (name, form) => {
  const id = `x509-${name.replaceAll(' ', '-')}`;
  const clientCertificates = { primary: { certificate: form(emulator.ca) } };
  const reply = await put(id, { attestation: { type: 'x509', x509: { clientCertificates } } });
  const expected = new X509Certificate(emulator.ca);
  const { attestation } = json(reply) as { attestation: { x509: { clientCertificates: { primary: object } } } };
  expect(attestation.x509.clientCertificates.primary).toEqual({
    info: {
      subjectName: expected.subject,
      issuerName: expected.issuer,
      sha1Thumbprint: expected.fingerprint.replaceAll(':', ''),
      sha256Thumbprint: expected.fingerprint256.replaceAll(':', ''),
      serialNumber: expected.serialNumber,
      notBeforeUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      notAfterUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      version: 3,
    },
  });
  const back = await read(id);
  expect((await put(id, { ...back, deviceId: 'x' }, { 'If-Match': String(back.etag) })).status).toBe(200);
});

test('an escaped ID, another case and a trailing slash all find the entry', async () => {
  await put('a:b', {});
  for (const path of ['/enrollments/a%3Ab', '/ENROLLMENTS/A:B', '/enrollments/a:b/']) {
    expect(json(await service(emulator, 'GET', path)).registrationId).toBe('a:b');
  }
});

test('an update that leaves the keys out makes new ones, unless the switch keeps the old', async () => {
  await put('rekeyed', {});
  const mechanism = async () => json(await service(emulator, 'POST', '/enrollments/rekeyed/attestationmechanism'));
  const omitting = { attestation: { type: 'symmetricKey' } };
  emulator.switches.omittedKeysOnUpdate = 'kept';
  await put('rekeyed', omitting, { 'If-Match': '*' });
  expect(await mechanism()).toEqual(symmetric());
  emulator.switches.omittedKeysOnUpdate = 'generated';
  await put('rekeyed', omitting, { 'If-Match': '*' });
  expect(await mechanism()).not.toEqual(symmetric());
});
