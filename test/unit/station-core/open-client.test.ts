import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openTlsIdentity } from '../../../drivers/simulated/dps/tls.ts';
import { type AzureDps, parseConfig } from '../../../station-core/config.ts';
import { openClient, questionOf } from '../../../station-core/open-client.ts';
import { practiceConfig } from '../../../station-core/practice.ts';
import { AppCertificates, phrase } from '../../suites/app-certificates.ts';
import { ConnectProxy } from '../../suites/connect-proxy.ts';
import { TokenServer } from '../../suites/token-server.ts';

// From station.json and one line of standard input to a client: files, proxy, CA and token together.

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
const certificates = new AppCertificates(folder);
const tls = openTlsIdentity(folder);
const serviceHost = 'line.azure-devices-provisioning.net';
// A name that the practice line's certificate is good for stands for the authority.
const authority = 'login.azure-devices-provisioning.net';
const ids = { tenant: 'contoso.example', clientId: 'app-1' };
const secret = 'cl1ent~secret';
let tokens: TokenServer;
let service: Server;
let proxy: ConnectProxy;

beforeAll(async () => {
  certificates.make('app');
  writeFileSync(join(folder, 'plant-ca.pem'), tls.ca);
  tokens = new TokenServer({ tls, ...ids, secret, certificate: certificates.file('app.crt').toString() });
  const tokenPort = await tokens.listen();
  service = createServer(tls, ({ headers }, response) => {
    const known = tokens.tokens.includes(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
    response.writeHead(known ? 404 : 401).end('{}');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const servicePort = (service.address() as AddressInfo).port;
  proxy = new ConnectProxy((asked) => (asked === `${authority}:443` ? tokenPort : servicePort), 'u:p');
  vi.stubEnv('HTTPS_PROXY', `http://u:p@127.0.0.1:${await proxy.listen()}`);
});
afterAll(() => {
  vi.unstubAllEnvs();
  proxy.close();
  tokens.close();
  service.closeAllConnections();
  service.close();
  rmSync(folder, { recursive: true, force: true });
});

function configured(credential: object) {
  const auth = { kind: 'entra', serviceHost, authority, ...ids, credential };
  const dps = { kind: 'azure', idScope: '0ne000956C5', auth, caFile: 'plant-ca.pem' };
  return parseConfig(JSON.stringify({ ...practiceConfig(1), dps }));
}
const files = { kind: 'certificate', certificateFile: 'app.crt', keyFile: 'app.key' };

test.each([
  ['client secret', { kind: 'secret' }, secret],
  ["pass phrase of the application's key", files, phrase],
  ["pass phrase of the application's key", { ...files, assertion: 'RS256' }, phrase],
])('a station is asked for the %s, and calls the service with a token', async (question, credential, typed) => {
  const config = configured(credential);
  expect(questionOf(config.dps as AzureDps)).toBe(question);
  const line = Buffer.from(typed);
  const client = openClient({ config, folder, mode: 'production' }, undefined, line) ?? expect.fail();
  expect(line.every((byte) => byte === 0)).toBe(true);
  expect(await client.getEnrollment('a', AbortSignal.timeout(10_000))).toBeUndefined();
  client.close();
  expect(new Set(proxy.asked.map(({ authority: asked }) => asked))).toEqual(
    new Set([`${authority}:443`, `${serviceHost}:443`]),
  );
});

test('a file that is not there is named by its place', () => {
  const config = configured({ ...files, keyFile: 'gone.key' });
  expect(() => openClient({ config, folder, mode: 'production' }, undefined, Buffer.from(phrase))).toThrow(
    /station\.json, dps\.auth\.credential\.keyFile: expected a file to read, found ENOENT/,
  );
});

test('without a secret there is no client, and nothing is asked', () => {
  expect(openClient({ config: configured(files), folder, mode: 'production' }, undefined, undefined)).toBeUndefined();
});
