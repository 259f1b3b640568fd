import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { type JWTHeaderParameters, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { dice, mutate } from '../../../../suites/mutations.ts';
import { long, testSeed } from '../../../../suites/seed.ts';
import { type Certified, Pki } from '../../../../suites/x509-chains.ts';
import { ask, enroll, freshEmulator, json, type Reply } from './raw.ts';

const HOST = 'login.microsoftonline.com';
const SCOPE = 'https://azure-devices-provisioning.net/.default';
const TENANT = '11111111-2222-3333-4444-555555555555';
const CLIENT = '99999999-8888-7777-6666-555555555555';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SECRET = 'a secret: 100 % & more';
const ENDPOINT = `https://${HOST}/${TENANT}/oauth2/v2.0/token`;

const pki = new Pki();
const own = pki.device('station', { rsa: true });
const other = pki.device('station', { rsa: true });
const expired = pki.device('station', { rsa: true, days: 1 });
let emulator: Emulator;
let now = Date.now();

beforeAll(async () => {
  emulator = await freshEmulator({ clock: () => now });
  await register(CLIENT, 'contributor');
});
afterAll(async () => {
  await emulator.close();
  pki.remove();
});
beforeEach(() => {
  now = Date.now();
});

async function register(clientId: string, role: string): Promise<Reply> {
  const headers = { Authorization: `Bearer ${emulator.adminToken}` };
  const path = `/birthmark-emulator/applications/${clientId}`;
  const body = { tenant: TENANT, role, secrets: [SECRET], certificates: [own.cert, expired.cert] };
  return ask(emulator, { method: 'PUT', path, headers, body });
}

function requestToken(fields: Record<string, string>, { tenant = TENANT, headers = {} } = {}): Promise<Reply> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPE, ...fields }).toString();
  const type = { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' };
  const path = `/${tenant}/oauth2/v2.0/token`;
  return ask(emulator, { method: 'POST', host: HOST, path, headers: { ...type, ...headers }, body: form });
}

const bySecret = (clientId = CLIENT) => requestToken({ client_id: clientId, client_secret: SECRET });

const thumbprint = ({ cert }: Certified, algorithm: string) =>
  createHash(algorithm).update(new X509Certificate(cert).raw).digest('base64url');

type Wish = { by?: Certified; header?: Partial<JWTHeaderParameters>; claims?: Record<string, unknown> };

async function byAssertion({ by = own, header, claims }: Wish = {}): Promise<Reply> {
  const seconds = Math.floor(Date.now() / 1000);
  const usual = { aud: ENDPOINT, iss: CLIENT, sub: CLIENT, jti: 'once', nbf: seconds, exp: seconds + 300 };
  const names = header ?? { alg: 'PS256', 'x5t#S256': thumbprint(by, 'sha256') };
  const signing = new SignJWT({ ...usual, ...claims }).setProtectedHeader({
    typ: 'JWT',
    ...names,
  } as JWTHeaderParameters);
  return requestToken({
    client_id: CLIENT,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await signing.sign(createPrivateKey(by.key)),
  });
}

const bearing = (method: string, path: string, token: unknown, body?: object, headers = {}) =>
  ask(emulator, {
    method,
    path: `${path}?api-version=2021-10-01`,
    headers: { Authorization: `Bearer ${String(token)}`, ...headers },
    body,
  });

const numberOf = (reply: Reply) => (json(reply).error_codes as number[])[0];

test('a client with a secret gets a token, which the service API takes instead of a signature', async () => {
  const reply = await bySecret();
  expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'no-store']);
  const { access_token: token, ...rest } = json(reply);
  expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 });
  await enroll(emulator, 'by-token');
  expect((await bearing('GET', '/enrollments/by-token', token)).status).toBe(200);
  expect((await bearing('DELETE', '/enrollments/by-token', token)).status).toBe(204);
  expect((await bearing('GET', '/enrollments/by-token', `${String(token).slice(0, -2)}AA`)).status).toBe(401);
  expect((await bearing('GET', '/enrollments/by-token', emulator.adminToken)).status).toBe(401);
});

test('a secret may come by HTTP Basic, form-encoded as OAuth says', async () => {
  const encoded = (text: string) => encodeURIComponent(text).replaceAll('%20', '+');
  const basic = Buffer.from(`${CLIENT}:${encoded(SECRET)}`).toString('base64');
  expect((await requestToken({}, { headers: { Authorization: `Basic ${basic}` } })).status).toBe(200);
});

test('a client with a certificate signs an assertion, by RSA with either padding, and names it by its thumbprint', async () => {
  expect((await byAssertion()).status).toBe(200);
  const header = { alg: 'RS256', x5t: thumbprint(own, 'sha1') };
  const { access_token: token } = json(await byAssertion({ header }));
  expect((await bearing('GET', '/enrollments/absent', token)).status).toBe(404);
});

test.each<[string, Wish, number]>([
  [
    'signed by another key under the right thumbprint',
    { by: other, header: { alg: 'RS256', x5t: thumbprint(own, 'sha1') } },
    700027,
  ],
  ['of a certificate that is not registered', { by: other }, 700027],
  ['without a thumbprint', { header: { alg: 'RS256' } }, 700027],
  ['for another endpoint', { claims: { aud: `https://${HOST}/other/oauth2/v2.0/token` } }, 700023],
  ['by somebody else', { claims: { iss: TENANT } }, 50027],
  ['about somebody else', { claims: { sub: TENANT } }, 50027],
  ['without an ID', { claims: { jti: undefined } }, 50027],
  ['whose time is over', { claims: { exp: Math.floor(Date.now() / 1000) - 3600 } }, 700024],
  ['whose time has not come', { claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } }, 700024],
])('an assertion %s is refused', async (_name, wish, number) => {
  const reply = await byAssertion(wish);
  expect([reply.status, numberOf(reply)]).toEqual([401, number]);
  expect(json(reply).error).toBe('invalid_client');
});

test('a changed assertion is refused and breaks nothing, wherever it was changed', async () => {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { aud: ENDPOINT, iss: CLIENT, sub: CLIENT, jti: 'once', exp: seconds + 300 };
  const header = { alg: 'RS256', x5t: thumbprint(own, 'sha1') };
  const good = Buffer.from(await new SignJWT(claims).setProtectedHeader(header).sign(createPrivateKey(own.key)));
  const present = (assertion: string) =>
    requestToken({ client_id: CLIENT, client_assertion_type: ASSERTION_TYPE, client_assertion: assertion });
  expect((await present(good.toString())).status).toBe(200);
  const roll = dice(testSeed('client assertions'));
  for (let n = 0; n < (long ? 20_000 : 200); n += 1) {
    const changed = mutate(good, roll, [0x2e, 0x3d, 0x41, 0x5f, 0x20]).toString('latin1');
    if (changed === good.toString()) continue;
    expect([400, 401], changed).toContain((await present(changed)).status);
  }
});

test('a certificate whose time is over proves nothing', async () => {
  expect((await byAssertion({ by: expired })).status).toBe(200);
  now += 3 * 86_400_000;
  const seconds = Math.floor(now / 1000);
  const reply = await byAssertion({ by: expired, claims: { nbf: seconds, exp: seconds + 300 } });
  expect(numberOf(reply)).toBe(700027);
});

test.each<[string, Record<string, string>, number, string, number]>([
  ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
  ['an unknown client', { client_id: TENANT }, 400, 'unauthorized_client', 700016],
  ['a wrong secret', { client_secret: 'guess' }, 401, 'invalid_client', 7000215],
  ['another resource', { scope: 'https://iothubs.azure.net/.default' }, 400, 'invalid_resource', 500011],
  ['a bare scope', { scope: 'https://azure-devices-provisioning.net' }, 400, 'invalid_scope', 1002012],
  ['an assertion without its type', { client_assertion: 'a.b.c' }, 400, 'invalid_request', 900144],
])('%s is refused as Entra ID says it', async (_name, fields, status, error, number) => {
  const reply = await requestToken({ client_id: CLIENT, client_secret: SECRET, ...fields });
  expect([reply.status, json(reply).error, numberOf(reply)]).toEqual([status, error, number]);
  expect(reply.text).not.toContain('guess');
});

test('no credential, another tenant and another media type are refused', async () => {
  expect(numberOf(await requestToken({ client_id: CLIENT }))).toBe(7000216);
  const fields = { client_id: CLIENT, client_secret: SECRET };
  expect(numberOf(await requestToken(fields, { tenant: 'contoso.example' }))).toBe(90002);
  expect(numberOf(await requestToken(fields, { headers: { 'Content-Type': 'application/json' } }))).toBe(900144);
  const elsewhere = await ask(emulator, { method: 'GET', host: HOST, path: `/${TENANT}/v2.0` });
  expect(elsewhere.status).toBe(404);
});

test('a reader reads and does not write, who has no role does neither', async () => {
  await enroll(emulator, 'read');
  await register('reader', 'reader');
  await register('nobody', 'none');
  const { access_token: reader } = json(await bySecret('reader'));
  expect((await bearing('GET', '/enrollments/read', reader)).status).toBe(200);
  expect((await bearing('POST', '/enrollments/read/attestationmechanism', reader)).status).toBe(200);
  expect((await bearing('DELETE', '/enrollments/read', reader)).status).toBe(401);
  emulator.switches.missingRight = 403;
  expect((await bearing('DELETE', '/enrollments/read', reader)).status).toBe(403);
  const { access_token: nobody } = json(await bySecret('nobody'));
  expect((await bearing('GET', '/enrollments/read', nobody)).status).toBe(403);
  emulator.switches.missingRight = 401;
  await register('reader', 'none');
  expect((await bearing('GET', '/enrollments/read', reader)).status).toBe(401);
});

test('a token lives as long as it says', async () => {
  emulator.switches.tokenLifetimeSeconds = 60;
  const reply = json(await bySecret());
  emulator.switches.tokenLifetimeSeconds = 3599;
  expect(reply.expires_in).toBe(60);
  const status = async () => (await bearing('GET', '/enrollments/absent', reply.access_token)).status;
  now += (60 + emulator.switches.clockSkewSeconds - 5) * 1000;
  expect(await status()).toBe(404);
  now += 10_000;
  expect(await status()).toBe(401);
});

test('faults of the service leave the token endpoint alone; it has its own', async () => {
  emulator.switches.failNext = { count: 1, status: 503 };
  expect((await bySecret()).status).toBe(200);
  emulator.switches.failNext = { count: 0, status: 503 };
  emulator.switches.failTokens = { count: 1, status: 429, retryAfterSeconds: 5 };
  const reply = await bySecret();
  expect([reply.status, reply.headers['retry-after']]).toEqual([429, '5']);
  expect((await bySecret()).status).toBe(200);
});

test('an application must be registered with what it needs, by the admin alone', async () => {
  const headers = { Authorization: `Bearer ${emulator.adminToken}` };
  const path = '/birthmark-emulator/applications/x';
  for (const body of [
    { role: 'reader' },
    { tenant: TENANT, role: 'owner' },
    { tenant: TENANT, role: 'reader', certificates: ['x'] },
  ]) {
    expect((await ask(emulator, { method: 'PUT', path, headers, body })).status).toBe(400);
  }
  const body = { tenant: TENANT, role: 'reader' };
  expect((await ask(emulator, { method: 'PUT', path, body })).status).toBe(401);
  const made = json(await ask(emulator, { method: 'PUT', path, headers, body }));
  expect(made).toEqual({ clientId: 'x', tenant: TENANT, role: 'reader', tokenEndpoint: ENDPOINT, scope: SCOPE });
});
