import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { covers, isSignedWith, parseSas } from '../../../../../drivers/simulated/dps/sas.ts';
import type { Right } from '../../../../../drivers/simulated/dps/switches.ts';
import { ask, credential, freshEmulator, json, sas, symmetric } from './raw.ts';

let emulator: Emulator;
const policies: Record<string, Right[]> = {
  uploader: ['EnrollmentRead', 'EnrollmentWrite'],
  reader: ['EnrollmentRead'],
  records: ['RegistrationStatusRead', 'RegistrationStatusWrite'],
};

beforeAll(async () => {
  emulator = await freshEmulator({ policies });
});
afterAll(() => emulator.close());

const now = () => Math.floor(Date.now() / 1000);
const get = (Authorization?: string, path = '/enrollments/nobody?api-version=2021-10-01') =>
  ask(emulator, { method: 'GET', path, headers: Authorization === undefined ? {} : { Authorization } });

test('the published service vector verifies, and a changed bit of it does not', () => {
  const key = Buffer.from('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', 'base64');
  const sig = '+5V0HFPIoMYrcltM2Jj4oxVByh5pkp677OYUHTEHW70=';
  const header = `SharedAccessSignature sig=${encodeURIComponent(sig)}&se=1700000000&skn=x&sr=mydps.azure-devices-provisioning.net`;
  const token = parseSas(header);
  expect(token && isSignedWith(token, key)).toBe(true);
  const changed = parseSas(header.replace('se=1700000000', 'se=1700000001'));
  expect(changed && isSignedWith(changed, key)).toBe(false);
});

test.each([
  ['the host', (host: string) => host],
  ['the host in other case', (host: string) => host.toUpperCase()],
  ['the host with a slash, in lower-case escapes', (host: string) => `${host}%2f`],
  ['the path of the call', (host: string) => `${host}%2Fenrollments%2Fnobody`],
  ['a segment above it, unencoded', (host: string) => `${host}/enrollments`],
])('a token for %s opens the call', async (_name, make) => {
  const { sr, key, skn } = credential(emulator.connectionString);
  const reply = await get(sas({ sr: make(sr), key, skn }));
  expect([reply.status, json(reply).errorCode]).toEqual([404, 404201]);
});

type Parts = { sr: string; key: Buffer; skn: string };
const badTokens: [string, (parts: Parts) => string | undefined][] = [
  ['no token at all', () => undefined],
  ['an expired token', (parts) => sas({ ...parts, se: now() - 3600 })],
  ['another key', (parts) => sas({ ...parts, key: Buffer.alloc(32) })],
  ['an unknown policy', (parts) => sas({ ...parts, skn: 'nobody' })],
  ['no policy', ({ sr, key }) => sas({ sr, key })],
  ['a token for another path', (parts) => sas({ ...parts, sr: `${parts.sr}%2FenrollmentGroups` })],
  ['a token for half a segment', (parts) => sas({ ...parts, sr: `${parts.sr}%2Fenroll` })],
  ['a token for another host', (parts) => sas({ ...parts, sr: `x${parts.sr}` })],
  ['a token for nothing', (parts) => sas({ ...parts, sr: '' })],
  ['a changed expiry', (parts) => sas(parts).replace(/se=\d+/, `se=${now() + 9999}`)],
  ['a field given twice', (parts) => `${sas(parts)}&skn=${parts.skn}`],
  ['a broken escape', (parts) => sas({ ...parts, sr: `${parts.sr}%2` })],
  ['a signature that is not base64', (parts) => sas(parts).replace(/sig=[^&]*/, 'sig=!')],
  ['a signature cut short', (parts) => sas(parts).replace(/sig=[^&]*/, 'sig=AAAA')],
  ['an expiry that is no number', (parts) => sas(parts).replace(/se=\d+/, 'se=soon')],
  ['a bearer token', () => 'Bearer x'],
];

test.each(badTokens)('%s is refused with 401', async (_name, make) => {
  const reply = await get(make(credential(emulator.connectionString)));
  expect([reply.status, json(reply).errorCode]).toEqual([401, 401002]);
  expect(reply.headers['x-ms-error-code']).toBe('401002');
  expect(reply.headers['x-ms-request-id']).toBe(json(reply).trackingId);
});

test('a token covers by whole path segments', () => {
  const { sr, key, skn } = credential(emulator.connectionString);
  const token = parseSas(sas({ sr: `${sr}/a/b`, key, skn }));
  const covered = [`${sr}/a/b`, `${sr}/a/b/c`, `${sr}/a/bc`, `${sr}/a`].map((path) => token && covers(token, path));
  expect(covered).toEqual([true, true, false, false]);
});

test.each([
  ['uploader', 'PUT', '/enrollments/auth-1', 200],
  ['uploader', 'GET', '/enrollments/auth-1', 200],
  ['uploader', 'GET', '/registrations/auth-1', 401],
  ['reader', 'GET', '/enrollments/auth-1', 200],
  ['reader', 'PUT', '/enrollments/auth-2', 401],
  ['reader', 'DELETE', '/enrollments/auth-1', 401],
  ['reader', 'POST', '/enrollments', 401],
  ['records', 'GET', '/registrations/auth-1', 404],
  ['records', 'GET', '/enrollments/auth-1', 401],
])('the policy %s gets from %s %s the status %i', async (policy, method, path, status) => {
  const Authorization = sas(credential(emulator.connectionStringOf(policy)));
  const body =
    method === 'GET' || method === 'DELETE'
      ? undefined
      : { registrationId: path.split('/').at(-1), attestation: symmetric() };
  const sent = { method, path: `${path}?api-version=2021-10-01`, headers: { Authorization }, body };
  expect((await ask(emulator, sent)).status).toBe(status);
});

test('the right that reads attestation mechanisms is a switch, and so is the status of a missing right', async () => {
  const { switches } = emulator;
  const Authorization = sas(credential(emulator.connectionStringOf('reader')));
  const path = '/enrollments/nobody/attestationmechanism?api-version=2021-10-01';
  const mechanism = async () => (await ask(emulator, { method: 'POST', path, headers: { Authorization } })).status;
  expect(await mechanism()).toBe(404);
  switches.attestationMechanismRight = 'EnrollmentWrite';
  expect(await mechanism()).toBe(401);
  switches.missingRight = 403;
  expect(await mechanism()).toBe(403);
});
