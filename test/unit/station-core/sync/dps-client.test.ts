import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../../drivers/simulated/dps/emulator.ts';
import { openTlsIdentity } from '../../../../drivers/simulated/dps/tls.ts';
import { base64 } from '../../../../station-core/base64.ts';
import { systemClock } from '../../../../station-core/clock.ts';
import { refusal } from '../../../../station-core/sync/dps/answers.ts';
import { DpsClient } from '../../../../station-core/sync/dps/client.ts';
import { parseConnection } from '../../../../station-core/sync/dps/connection.ts';
import { bulkJson } from '../../../../station-core/sync/dps/keyed-json.ts';
import { serviceToken } from '../../../../station-core/sync/dps/sas.ts';
import { Pace } from '../../../../station-core/sync/pace.ts';
import { clientOf } from '../../../suites/station.ts';

const signal = () => AbortSignal.timeout(10_000);
const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
let emulator: Emulator;
let server: Server;
let answer = { status: 200, body: '{}', headers: {} };
let client: DpsClient;

beforeAll(async () => {
  emulator = await startEmulator({ folder: join(folder, 'dps') });
  // A server that answers whatever a test wants, under a certificate of the emulator's kind.
  const tls = openTlsIdentity(join(folder, 'dps'));
  server = createServer({ key: tls.key, cert: tls.cert }, (_, response) => {
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connection = parseConnection(Buffer.from(emulator.connectionString));
  const connect = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const pace = new Pace(100_000, systemClock);
  client = new DpsClient({
    endpoint: { host: connection.host, connect, ca: tls.ca },
    connection,
    pace,
    clock: systemClock,
    mode: 'practice',
  });
});
afterAll(async () => {
  client.close();
  server.closeAllConnections();
  server.close();
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the service token is the one of the published computation', () => {
  const key = Buffer.from('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', 'base64');
  const token = serviceToken({
    host: 'mydps.azure-devices-provisioning.net',
    policy: 'provisioningserviceowner',
    key,
    expiry: 1_700_000_000,
  });
  const signature = encodeURIComponent('+5V0HFPIoMYrcltM2Jj4oxVByh5pkp677OYUHTEHW70=');
  expect(token).toBe(
    `SharedAccessSignature sr=mydps.azure-devices-provisioning.net&sig=${signature}&se=1700000000&skn=provisioningserviceowner`,
  );
});

test('a connection string is read in any order and case; what is missing is named and the key is never quoted', () => {
  const text =
    'sharedaccesskey=AAECAwQFBgcICQoLDA0ODw==;HOSTNAME=a.azure-devices-provisioning.net;SharedAccessKeyName=up';
  expect(parseConnection(Buffer.from(text))).toMatchObject({ host: 'a.azure-devices-provisioning.net', policy: 'up' });
  expect(() => parseConnection(Buffer.from('HostName=a.b.c;SharedAccessKeyName=x'))).toThrow(
    /SharedAccessKey: expected a base64 key, found nothing/,
  );
  expect(() => parseConnection(Buffer.from('HostName=a.b.c;SharedAccessKeyName=x;SharedAccessKey=secret!'))).toThrow(
    /^(?!.*secret!).*$/,
  );
});

test('keys go into a request as bytes, and make the JSON that a string would have made', () => {
  const keys = { primary: Buffer.alloc(64, 5), secondary: Buffer.alloc(32, 250) };
  const bodies = [
    { body: { registrationId: 'a"b', attestation: { type: 'symmetricKey' }, deviceId: 'd' }, keys },
    { body: { registrationId: 'c' } },
  ];
  expect(JSON.parse(bulkJson('create', 'enrollments', bodies).toString())).toEqual({
    mode: 'create',
    enrollments: [
      {
        registrationId: 'a"b',
        deviceId: 'd',
        attestation: {
          type: 'symmetricKey',
          symmetricKey: {
            primaryKey: keys.primary.toString('base64'),
            secondaryKey: keys.secondary.toString('base64'),
          },
        },
      },
      { registrationId: 'c' },
    ],
  });
});

test.each([0, 1, 2, 3, 16, 31, 32, 64])("base64 of %i bytes is the platform's", (length) => {
  const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 151 + 7) % 256));
  expect(base64(bytes).toString('latin1')).toBe(bytes.toString('base64'));
});

const malformed: readonly [string, number, string][] = [
  ['HTML', 200, '<html>'],
  ['truncated JSON', 200, '{"isSuccessful":tr'],
  ['a 200 with an error body', 200, '{"errorCode":400004,"message":"no"}'],
  ['wrong types', 200, '{"isSuccessful":"yes","errors":[]}'],
  ['a list', 200, '[]'],
  ['nothing', 200, ''],
];
test.each(malformed)('%s is an error, never a success', async (_, status, body) => {
  answer = { status, body, headers: {} };
  await expect(client.bulk('create', [{ body: { registrationId: 'a' } }], signal())).rejects.toMatchObject({
    code: 'cloud.malformed',
  });
});

test('bytes that are not UTF-8 are an error', async () => {
  answer = { status: 200, body: Buffer.from([0x22, 0xff, 0x22]) as unknown as string, headers: {} };
  await expect(client.getEnrollment('a', signal())).rejects.toMatchObject({ code: 'cloud.malformed' });
});

const refusals: readonly [number, Record<string, string>, string, object][] = [
  [429, { 'retry-after': '7' }, 'cloud.throttled', { seconds: 7 }],
  [429, { 'retry-after': 'soon' }, 'cloud.throttled', { seconds: 0 }],
  [503, {}, 'cloud.failed', { status: 503 }],
  [409, {}, 'cloud.rejected', { status: 409, reason: '409201' }],
  [412, {}, 'cloud.rejected', { status: 412 }],
];
test.each(refusals)('HTTP %i with %o means %s', (status, headers, code, details) => {
  const body = Buffer.from('{"errorCode":409201,"message":"x"}');
  expect(refusal({ status, headers, body }, Date.now())).toMatchObject({ code, details });
});

test('a service that is not there is unreachable, and says how', async () => {
  const connection = parseConnection(Buffer.from(emulator.connectionString));
  const endpoint = { host: connection.host, connect: { host: '127.0.0.1', port: 1 } };
  const gone = new DpsClient({
    endpoint,
    connection,
    pace: new Pace(10, systemClock),
    clock: systemClock,
    mode: 'practice',
  });
  await expect(gone.getEnrollment('a', signal())).rejects.toMatchObject({
    code: 'cloud.unreachable',
    details: { reason: 'ECONNREFUSED' },
  });
  gone.close();
});

test('a certificate of another authority is not believed', async () => {
  const connection = parseConnection(Buffer.from(emulator.connectionString));
  const endpoint = { host: connection.host, connect: { host: '127.0.0.1', port: emulator.port } };
  const other = new DpsClient({
    endpoint,
    connection,
    pace: new Pace(10, systemClock),
    clock: systemClock,
    mode: 'practice',
  });
  await expect(other.getEnrollment('a', signal())).rejects.toMatchObject({ code: 'cloud.unreachable' });
  other.close();
});

test('a page after the other brings every enrollment', async () => {
  const owner = clientOf(emulator);
  for (let n = 0; n < 7; n++)
    await owner.putEnrollment(
      `q-${n}`,
      { registrationId: `q-${n}`, attestation: { type: 'symmetricKey' } },
      undefined,
      signal(),
    );
  const pages = [];
  for await (const page of owner.query(3, signal())) pages.push(page.map(({ registrationId }) => registrationId));
  expect(pages.flat().sort()).toEqual(Array.from({ length: 7 }, (_, n) => `q-${n}`));
  expect(pages.length).toBe(3);
  owner.close();
});

test('an entry is replaced with its etag alone, and deleted twice without harm', async () => {
  const owner = clientOf(emulator);
  const body = { registrationId: 'e', attestation: { type: 'symmetricKey' } };
  const { etag } = await owner.putEnrollment('e', body, undefined, signal());
  await expect(owner.putEnrollment('e', body, undefined, signal())).rejects.toMatchObject({
    code: 'cloud.rejected',
    details: { reason: '409201' },
  });
  await owner.putEnrollment('e', { ...body, provisioningStatus: 'disabled' }, etag, signal());
  await expect(owner.putEnrollment('e', body, etag, signal())).rejects.toMatchObject({ details: { status: 412 } });
  await owner.deleteEnrollment('e', undefined, signal());
  await owner.deleteEnrollment('e', undefined, signal());
  expect(await owner.getEnrollment('e', signal())).toBeUndefined();
  owner.close();
});
