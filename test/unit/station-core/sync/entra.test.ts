import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTlsIdentity } from '../../../../drivers/simulated/dps/tls.ts';
import { type Clock, systemClock } from '../../../../station-core/clock.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { DpsClient } from '../../../../station-core/sync/dps/client.ts';
import { EntraAuthorization } from '../../../../station-core/sync/dps/entra.ts';
import {
  type AssertionKind,
  type Credential,
  certificateCredential,
  secretCredential,
} from '../../../../station-core/sync/dps/entra-credential.ts';
import { Pace } from '../../../../station-core/sync/pace.ts';
import { AppCertificates, phrase } from '../../../suites/app-certificates.ts';
import { TokenServer } from '../../../suites/token-server.ts';

// Microsoft Entra ID: tokens by certificate and by secret, kept, replaced, and refused (F-156).

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
const tls = openTlsIdentity(folder);
const tenant = '11111111-2222-3333-4444-555555555555';
const clientId = 'aaaaaaaa-0000-0000-0000-000000000001';
const secret = 'Secr3t~canary.value';
const signal = () => AbortSignal.timeout(10_000);

const certificates = new AppCertificates(folder);
certificates.make('app');
certificates.make('other');
const file = (name: string) => certificates.file(name);

let authority: TokenServer;
let authorityPort: number;
let service: Server;
let servicePort: number;
/** Tokens that the service takes; and how often it was asked. */
let taken: (token: string) => boolean = () => true;
let asked: string[] = [];
let now = Date.now();
const clock: Clock = { ...systemClock, now: () => now };
const opened: DpsClient[] = [];

beforeAll(async () => {
  authority = new TokenServer({ tls, tenant, clientId, secret, certificate: file('app.crt').toString() });
  authorityPort = await authority.listen();
  service = createServer(tls, (request, response) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    asked.push(token);
    const good = authority.tokens.includes(token) && taken(token);
    request.resume().on('end', () => response.writeHead(good ? 404 : 401).end('{}'));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  servicePort = (service.address() as AddressInfo).port;
});
afterEach(() => {
  for (const client of opened.splice(0)) client.close();
  authority.tokens.length = 0;
  authority.refusals.length = 0;
  authority.instead.length = 0;
  authority.delayMs = 0;
  authority.lifeSeconds = 3_600;
  taken = () => true;
  asked = [];
  now = Date.now();
});
afterAll(() => {
  authority.close();
  service.closeAllConnections();
  service.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (port: number) => ({ host: '127.0.0.1', port });
const bySecret = (text = secret) => secretCredential(Buffer.from(text));
const byCertificate = (kind: AssertionKind = 'PS256', name = 'app') =>
  certificateCredential({ certificate: file(`${name}.crt`), key: file(`${name}.key`) }, Buffer.from(phrase), kind, now);

function clientWith(
  credential: Credential,
  more: { tenant?: string; clientId?: string; port?: number } = {},
): DpsClient {
  const { port = authorityPort, ...names } = more;
  const authorization = new EntraAuthorization({
    // The certificate of the practice line is for hosts of DPS; which of them stands here for the authority does not matter.
    authority: { host: 'authority.azure-devices-provisioning.net', connect: at(port), ca: tls.ca },
    tenant,
    clientId,
    ...names,
    credential,
    clock,
  });
  const endpoint = { host: 'one.azure-devices-provisioning.net', connect: at(servicePort), ca: tls.ca };
  const client = new DpsClient({ endpoint, authorization, pace: new Pace(10_000, clock), clock, mode: 'production' });
  opened.push(client);
  return client;
}

const failure = (call: Promise<unknown>): Promise<StationError> =>
  call.then(
    () => Promise.reject(new Error('it was let in')),
    (thrown: StationError) => thrown,
  );

test.each([
  ['a client secret', bySecret],
  ['an assertion signed with RSA-PSS', () => byCertificate('PS256')],
  ['an assertion signed as AD FS wants it', () => byCertificate('RS256')],
] as const)('an application proves itself with %s', async (_, credential) => {
  expect(await clientWith(credential()).getEnrollment('a', signal())).toBeUndefined();
  expect([authority.refusals, asked]).toEqual([[], authority.tokens]);
});

test('many calls at once ask for one token, which is kept until shortly before its end', async () => {
  authority.delayMs = 50;
  const client = clientWith(bySecret());
  const call = () => client.getEnrollment('a', signal());
  await Promise.all(Array.from({ length: 20 }, call));
  expect(authority.tokens.length).toBe(1);
  now += 3_600_000 - 5 * 60_000 - 1;
  await call();
  expect(authority.tokens.length).toBe(1);
  now += 2;
  await call();
  expect(authority.tokens.length).toBe(2);
});

test('who gives up waiting for a token takes it from nobody else', async () => {
  authority.delayMs = 100;
  const client = clientWith(bySecret());
  const stop = new AbortController();
  const gone = client.getEnrollment('a', stop.signal);
  const other = client.getEnrollment('a', signal());
  setTimeout(() => stop.abort(new Error('gone')), 20);
  await expect(gone).rejects.toThrow('gone');
  await other;
  expect(authority.tokens.length).toBe(1);
});

test('a token that the service no longer takes is replaced once', async () => {
  const client = clientWith(bySecret());
  const call = () => client.getEnrollment('a', signal());
  await call();
  now += 10 * 60_000;
  taken = (token) => token !== authority.tokens[0];
  await call();
  expect(authority.tokens.length).toBe(2);
  taken = () => false;
  now += 10 * 60_000;
  const error = await failure(call());
  expect(error).toMatchObject({ code: 'cloud.refused', details: { status: 401 } });
  expect(authority.tokens.length).toBe(3);
});

test('a fresh token that the service does not take blames role, tenant and IP filter, in that order', async () => {
  taken = () => false;
  const error = await failure(clientWith(bySecret()).getEnrollment('a', signal()));
  expect(error).toMatchObject({ code: 'cloud.refused', details: { status: 401, cause: 'credential' } });
  expect(error.message).toMatch(/has no role at one\.azure.*tenant.*IP filter/);
  expect(authority.tokens.length).toBe(1);
});

const refusals: readonly [string, () => DpsClient, RegExp][] = [
  ['a wrong secret', () => clientWith(bySecret('wrong~secret')), /AADSTS7000215\): the client secret is wrong/],
  [
    'a certificate that is not registered',
    () => clientWith(byCertificate('PS256', 'other')),
    /AADSTS700027\): the certificate/,
  ],
  [
    'an unknown application',
    () => clientWith(bySecret(), { clientId: 'nobody' }),
    /AADSTS700016\): the tenant has no such/,
  ],
  [
    'an unknown tenant',
    () => clientWith(bySecret(), { tenant: 'elsewhere' }),
    /AADSTS90002\): there is no such tenant/,
  ],
];
test.each(refusals)('%s is told by name, and quotes no secret', async (_, client, message) => {
  const error = await failure(client().getEnrollment('a', signal()));
  expect(error).toMatchObject({ code: 'cloud.refused', details: { cause: 'credential' } });
  expect(error.message).toMatch(message);
  expect(error.message).not.toMatch(/wrong~secret|Secr3t/);
  expect(asked).toEqual([]);
});

test('a refusal under a wrong clock blames the clock', async () => {
  now += 20 * 60_000;
  const body = JSON.stringify({ error: 'invalid_client', error_description: 'AADSTS700024' });
  authority.instead.push({ status: 401, body });
  const error = await failure(clientWith(bySecret()).getEnrollment('a', signal()));
  expect(error).toMatchObject({ code: 'cloud.refused', details: { cause: 'clock' } });
  expect(error.message).toMatch(/20 minutes ahead of it/);
});

const token = (more: object) =>
  JSON.stringify({ token_type: 'Bearer', expires_in: 3_600, access_token: 'abc', ...more });
const answers: readonly [string, number, string, string, Record<string, string>?][] = [
  ['HTML', 200, '<html>', 'cloud.malformed', { 'content-type': 'text/html' }],
  ['truncated JSON', 200, token({}).slice(0, -5), 'cloud.malformed'],
  ['an error with a 200', 200, '{"error":"invalid_client"}', 'cloud.malformed'],
  ['a token of another kind', 200, token({ token_type: 'mac' }), 'cloud.malformed'],
  ['a token that would break a header', 200, token({ access_token: 'a\r\nb' }), 'cloud.malformed'],
  ['a token without an end', 200, token({ expires_in: undefined }), 'cloud.malformed'],
  ['a life that is no number', 200, token({ expires_in: 'long' }), 'cloud.malformed'],
  ['a redirect', 302, '', 'cloud.malformed', { location: 'https://evil.example/' }],
  ['no content', 204, '', 'cloud.malformed'],
  ['a refusal in other words', 400, '<html>', 'cloud.malformed', { 'content-type': 'text/html' }],
  ['a limit', 429, '{}', 'cloud.throttled', { 'retry-after': '9' }],
  ['a fault', 503, 'x', 'cloud.failed'],
];
test.each(answers)('%s of the authority is no token', async (_, status, body, code, headers) => {
  authority.instead.push({ status, body, ...(headers ? { headers } : {}) });
  const error = await failure(clientWith(bySecret()).getEnrollment('a', signal()));
  expect([error instanceof StationError, error.code]).toEqual([true, code]);
  expect(asked).toEqual([]);
});

test('an authority that cannot be reached is a network that is away', async () => {
  const error = await failure(clientWith(bySecret(), { port: 1 }).getEnrollment('a', signal()));
  expect(error).toMatchObject({ code: 'cloud.unreachable', details: { reason: 'ECONNREFUSED' } });
});
