import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Emulator } from '../../../../drivers/simulated/dps/emulator.ts';
import { openTlsIdentity } from '../../../../drivers/simulated/dps/tls.ts';
import { systemClock } from '../../../../station-core/clock.ts';
import { parseConfig } from '../../../../station-core/config.ts';
import { openClient } from '../../../../station-core/open-client.ts';
import { DpsClient } from '../../../../station-core/sync/dps/client.ts';
import { parseConnection } from '../../../../station-core/sync/dps/connection.ts';
import type { Endpoint } from '../../../../station-core/sync/dps/endpoint.ts';
import { lookupByIpv4, type SystemLookup } from '../../../../station-core/sync/dps/ipv4.ts';
import { proxyFor } from '../../../../station-core/sync/dps/proxy.ts';
import { reach } from '../../../../station-core/sync/dps/reach.ts';
import { Pace } from '../../../../station-core/sync/pace.ts';
import { ConnectProxy } from '../../../suites/connect-proxy.ts';
import { freshEmulator } from '../../drivers/simulated/dps/raw.ts';

// The way to the service: TLS, proxies, private endpoints, IPv4.

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
const signal = () => AbortSignal.timeout(10_000);
const login = 'line-3:pass word@canary';
const encoded = 'line-3:pass%20word%40canary';
let emulator: Emulator;
let proxy: ConnectProxy;
let proxyPort: number;

beforeAll(async () => {
  emulator = await freshEmulator();
  proxy = new ConnectProxy(() => emulator.port, login);
  proxyPort = await proxy.listen();
  writeFileSync(join(folder, 'ca.pem'), emulator.ca);
});
afterAll(async () => {
  proxy.close();
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const proxyUrl = (text = encoded) => `http://${text}@127.0.0.1:${proxyPort}`;
const through = (url = proxyUrl()) => proxyFor('any.host', 443, { HTTPS_PROXY: url }) ?? expect.fail('no proxy');

function clientAt(endpoint: Partial<Endpoint>): DpsClient {
  const connection = parseConnection(Buffer.from(emulator.connectionString));
  const pace = new Pace(10_000, systemClock);
  const whole = { host: connection.host, ca: emulator.ca, ...endpoint };
  return new DpsClient({ endpoint: whole, connection, pace, clock: systemClock, mode: 'practice' });
}

async function using<T>(client: DpsClient, act: (client: DpsClient) => Promise<T>): Promise<T> {
  try {
    return await act(client);
  } finally {
    client.close();
  }
}

test('calls go through a proxy with its login, several over one way', async () => {
  proxy.asked.length = 0;
  await using(clientAt({ proxy: through() }), async (client) => {
    expect(await client.reachable(signal())).toBe(true);
    for (let n = 0; n < 3; n++) expect(await client.getEnrollment('a', signal())).toBeUndefined();
  });
  const authority = `${emulator.serviceHost}:443`;
  // Once to see whether there is a way, and once for the calls.
  expect(proxy.asked).toEqual([
    { authority, login },
    { authority, login },
  ]);
});

test('a proxy that refuses is named, and its password is not', async () => {
  await using(clientAt({ proxy: through(proxyUrl('line-3:wrong-canary')) }), async (client) => {
    const error = await client.getEnrollment('a', signal()).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'cloud.unreachable' });
    expect(String(error)).toContain(`the proxy 127.0.0.1:${proxyPort} answered 407`);
    expect(JSON.stringify(error) + String((error as Error).cause)).not.toMatch(/wrong-canary/);
    expect(await client.reachable(signal())).toBe(false);
  });
  const gone = through('http://u:canary@127.0.0.1:1');
  await using(clientAt({ proxy: gone }), async (client) => {
    const error = await client.getEnrollment('a', signal()).catch((thrown: Error) => thrown);
    expect(String(error)).toContain('ECONNREFUSED, through the proxy 127.0.0.1:1');
  });
});

const noProxy: readonly [string, string, boolean][] = [
  ['', 'a.azure-devices-provisioning.net', true],
  ['*', 'a.azure-devices-provisioning.net', false],
  ['azure-devices-provisioning.net', 'a.azure-devices-provisioning.net', false],
  ['.azure-devices-provisioning.net', 'A.azure-devices-provisioning.net', false],
  ['*.azure-devices-provisioning.net', 'a.azure-devices-provisioning.net', false],
  ['provisioning.net', 'a.azure-devices-provisioning.net', true],
  ['localhost, a.azure-devices-provisioning.net:443', 'a.azure-devices-provisioning.net', false],
  ['a.azure-devices-provisioning.net:8443', 'a.azure-devices-provisioning.net', true],
  ['10.0.0.4', '10.0.0.4', false],
];
test.each(noProxy)('NO_PROXY=%s, for %s: proxy %s', (list, host, used) => {
  const found = proxyFor(host, 443, { HTTPS_PROXY: 'http://p:3128', NO_PROXY: list });
  expect(found !== undefined).toBe(used);
  if (used) expect(found?.shown).toBe('p:3128');
});

test.each(['p:3128', 'socks5://p', 'http://', 'not a url'])('HTTPS_PROXY=%s is refused and not quoted', (text) => {
  expect(() => proxyFor('a.b', 443, { https_proxy: text })).toThrow(
    /HTTPS_PROXY: expected a URL such as .*, found something else/,
  );
});

test('a private endpoint, a CA of its own and a proxy stand in station.json and the environment', async () => {
  const config = parseConfig(
    JSON.stringify({
      schema: 1,
      hsm: { kind: 'soft' },
      lanes: [{ lane: 1, kind: 'simulated' }],
      dps: {
        kind: 'azure',
        idScope: emulator.idScope,
        serviceEndpoint: { host: '127.0.0.1', port: emulator.port },
        caFile: 'ca.pem',
      },
    }),
  );
  const secret = () => Buffer.from(emulator.connectionString);
  const open = (text: Buffer) => openClient({ config, folder, mode: 'practice' }, undefined, text) ?? expect.fail();
  const given = secret();
  await using(open(given), async (client) => {
    expect(await client.getEnrollment('a', signal())).toBeUndefined();
  });
  expect(given.every((byte) => byte === 0)).toBe(true);
  vi.stubEnv('HTTPS_PROXY', proxyUrl());
  proxy.asked.length = 0;
  await using(open(secret()), async (client) => {
    expect(await client.getEnrollment('a', signal())).toBeUndefined();
  });
  vi.unstubAllEnvs();
  expect(proxy.asked).toEqual([{ authority: `127.0.0.1:${emulator.port}`, login }]);
});

const tls = openTlsIdentity(mkdtempSync(join(folder, 'tls-')));
async function served<T>(options: object, act: (port: number) => Promise<T>): Promise<T> {
  const server: Server = createServer({ key: tls.key, cert: tls.cert, ...options }, (_, response) => {
    response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await act((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a server that speaks TLS 1.1 alone is refused (F-155)', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await served(old, async (port) => {
    const protocol = await new Promise((resolve, reject) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...old }, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      }).on('error', reject);
    });
    expect(protocol).toBe('TLSv1.1');
    const endpoint = { connect: { host: '127.0.0.1', port }, ca: tls.ca };
    await using(clientAt(endpoint), async (client) => {
      await expect(client.getEnrollment('a', signal())).rejects.toMatchObject({ code: 'cloud.unreachable' });
    });
    const reached = await reach({ host: emulator.serviceHost, ...endpoint }, signal());
    expect(reached.failed).toMatchObject({ step: 'tls' });
  });
});

test.each([
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-RSA-AES128-SHA256',
])('a server that takes %s alone is reached (F-155)', async (ciphers) => {
  await served({ maxVersion: 'TLSv1.2', ciphers }, async (port) => {
    await using(clientAt({ connect: { host: '127.0.0.1', port }, ca: tls.ca }), async (client) => {
      expect(await client.getEnrollment('a', signal())).toBeUndefined();
    });
  });
});

test.each(['AES256-GCM-SHA384', 'ECDHE-RSA-AES256-SHA'])('a server that takes %s alone is refused', async (ciphers) => {
  await served({ maxVersion: 'TLSv1.2', ciphers }, async (port) => {
    await using(clientAt({ connect: { host: '127.0.0.1', port }, ca: tls.ca }), async (client) => {
      await expect(client.getEnrollment('a', signal())).rejects.toMatchObject({ code: 'cloud.unreachable' });
    });
  });
});

/** A system's name service with one host of its own. */
const names =
  (known: Readonly<Record<number, string>>): SystemLookup =>
  (_, { family }, callback) => {
    const address = known[Number(family ?? 4)];
    if (address === undefined) callback(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), '', 4);
    else callback(null, address, 4);
  };
const found = (lookup: LookupFunction, host: string) =>
  new Promise((resolve) => lookup(host, {}, (error, address) => resolve(error?.code ?? address)));

test('names are looked up by IPv4, and a host with IPv6 alone is told so (F-154)', async () => {
  expect(await found(lookupByIpv4('h', names({ 4: '10.0.0.1', 6: '::1' })), 'h')).toBe('10.0.0.1');
  expect(await found(lookupByIpv4('h', names({ 6: '::1' })), 'h')).toBe('EIPV6ONLY');
  expect(await found(lookupByIpv4('h', names({})), 'h')).toBe('ENOTFOUND');
  expect(await found(lookupByIpv4('other', names({ 4: '10.0.0.1' })), 'h')).toBe('10.0.0.1');
});

const broken: readonly [string, () => Partial<Endpoint>, string, RegExp][] = [
  [
    'a name that there is not',
    () => ({ connect: { host: 'no-such-name.invalid', port: 443 } }),
    'name',
    /ENOTFOUND|EAI_AGAIN/,
  ],
  ['a port that nobody listens on', () => ({ connect: { host: '127.0.0.1', port: 1 } }), 'connection', /ECONNREFUSED/],
  ['a proxy that is not there', () => ({ proxy: through('http://127.0.0.1:1') }), 'connection', /through the proxy/],
  ['a proxy that refuses', () => ({ proxy: through(proxyUrl('a:b')) }), 'proxy', /answered 407/],
  [
    'another authority',
    () => ({ connect: { host: '127.0.0.1', port: emulator.port }, ca: tls.ca }),
    'tls',
    /CERT|VERIFY|SIGN/,
  ],
];
test.each(broken)('the way ends at %s, and says where', async (_, endpoint, step, reason) => {
  const reached = await reach({ host: emulator.serviceHost, ca: emulator.ca, ...endpoint() }, signal());
  expect(reached.failed?.step).toBe(step);
  expect(reached.failed?.reason).toMatch(reason);
});

test('the way is told step by step, through a proxy too', async () => {
  const way = async (endpoint: Partial<Endpoint>) => {
    const reached = await reach({ host: emulator.serviceHost, ca: emulator.ca, ...endpoint }, signal());
    expect(reached.failed).toBeUndefined();
    return reached.steps.map(({ step }) => step);
  };
  expect(await way({ connect: { host: '127.0.0.1', port: emulator.port } })).toEqual(['name', 'connection', 'tls']);
  expect(await way({ proxy: through() })).toEqual(['name', 'connection', 'proxy', 'tls']);
});
