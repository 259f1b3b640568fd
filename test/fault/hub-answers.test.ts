import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTlsIdentity } from '../../drivers/simulated/dps/tls.ts';
import { systemClock } from '../../station-core/clock.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import type { OutboxRow } from '../../station-core/store/outbox.ts';
import { readExport } from '../../station-core/sync/central/export.ts';
import { HubClient } from '../../station-core/sync/hub/client.ts';
import { parseHubConnection } from '../../station-core/sync/hub/connection.ts';
import { Pace } from '../../station-core/sync/pace.ts';
import { HubTarget } from '../../station-core/sync/targets/hub.ts';
import { fatesOf } from '../suites/hub.ts';
import { dice, mutate } from '../suites/mutations.ts';
import { long, testSeed } from '../suites/seed.ts';

// What comes from a hub, from IoT Central and from whoever types a connection string, changed at random: no crash, no hang, and
// never a receipt for a row that the hub did not clearly say it took.

const count = long ? 100_000 : 1_000;
const seed = testSeed('hub-answers');
const roll = dice(seed);
const telling = [...'"{}[],:;=\\<0\n\r'].map((letter) => letter.charCodeAt(0));
const host = 'fuzzed.azure-devices.net';
const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));

let server: Server;
let client: HubClient;
let target: HubTarget;
let answer: { status: number; body: Buffer } = { status: 200, body: Buffer.alloc(0) };

beforeAll(async () => {
  const tls = openTlsIdentity(folder);
  server = createServer({ key: tls.key, cert: tls.cert, keepAliveTimeout: 60_000 }, (request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connect = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  client = new HubClient({
    endpoint: { host, connect, ca: tls.ca },
    connection: async () => ({ host, policy: 'p', key: Buffer.alloc(32, 1) }),
    pace: new Pace(1e9, systemClock),
    clock: systemClock,
    mode: 'practice',
  });
  const keys = () => ({ primary: Buffer.alloc(64, 1), secondary: Buffer.alloc(32, 2) });
  target = new HubTarget({ client, carriedOf: async () => ({ keys: keys() }) });
});
afterAll(() => {
  client.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const rows = [1, 2, 3].map(
  (id): OutboxRow => ({
    id,
    target: 'hub',
    registrationId: `unit-${id}`,
    action: 'create',
    version: 1,
    body: { attestation: { type: 'symmetricKey' } },
    credential: 1,
    attempts: 0,
    replaces: null,
  }),
);

/** Whether the body clearly says of each device that it was made: a reader that trusts nothing, written for this test alone. */
function made(body: Buffer): ReadonlySet<string> {
  try {
    const said = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Record<string, unknown>;
    const errors = (said.errors ?? []) as { deviceId?: unknown }[];
    if (typeof said.isSuccessful !== 'boolean' || !Array.isArray(errors)) return new Set();
    const failed = new Set(errors.map(({ deviceId }) => deviceId));
    return new Set(rows.map(({ registrationId }) => registrationId).filter((id) => !failed.has(id)));
  } catch {
    return new Set();
  }
}

test(`${count} mutated bulk answers of a hub: no crash, no hang, no false receipt`, {
  timeout: 1_200_000,
}, async () => {
  const good = [
    '{"isSuccessful":true,"errors":[],"warnings":[]}',
    '{"isSuccessful":false,"errors":[{"deviceId":"unit-2","errorCode":"ArgumentInvalid","errorStatus":"no"}]}',
    '{"isSuccessful":false,"errors":[{"deviceId":"unit-1","errorCode":500001},{"deviceId":"unit-3","errorCode":"ThrottlingException"}]}',
  ];
  const statuses = [200, 200, 200, 400, 400, 201, 204, 302, 401, 404, 412, 429, 503];
  let receipts = 0;
  for (let n = 0; n < count; n += 1) {
    const body = mutate(Buffer.from(good[roll(good.length)] ?? ''), roll, telling);
    answer = { status: statuses[roll(statuses.length)] ?? 200, body };
    const told = `seed ${seed}, answer ${n}: ${answer.status} ${JSON.stringify(body.toString('latin1'))}`;
    const fates = await fatesOf(target, rows).catch((thrown: unknown) => {
      if (thrown instanceof StationError && thrown.code !== 'internal') return undefined;
      throw new Error(told, { cause: thrown });
    });
    for (const { id, registrationId } of rows) {
      const fate = fates?.get(id);
      if (!fate || !('done' in fate)) continue;
      receipts += 1;
      expect([told, [200, 400].includes(answer.status), made(body).has(registrationId)]).toEqual([told, true, true]);
    }
  }
  expect(receipts).toBeGreaterThan(0);
});

test(`${count} mutated identities of a hub: read whole or refused`, { timeout: 1_200_000 }, async () => {
  const key = Buffer.alloc(64, 1).toString('base64');
  const good = Buffer.from(
    `{"deviceId":"unit-1","etag":"MTIz","status":"enabled","authentication":{"type":"sas","symmetricKey":{"primaryKey":"${key}","secondaryKey":"${key}"}},"capabilities":{"iotEdge":false}}`,
  );
  for (let n = 0; n < count; n += 1) {
    answer = { status: 200, body: mutate(good, roll, telling) };
    const told = `seed ${seed}, identity ${n}: ${JSON.stringify(answer.body.toString('latin1'))}`;
    await client.get({ deviceId: 'unit-1' }, AbortSignal.timeout(30_000)).then(
      (value) => expect([told, typeof value?.deviceId]).toEqual([told, 'string']),
      (thrown: unknown) => expect([told, thrown instanceof StationError]).toEqual([told, true]),
    );
  }
});

/** Reads mutated bytes; what is refused is refused by its place. Answers how many were taken. */
function survives(good: Buffer, read: (bytes: Buffer) => unknown): number {
  let taken = 0;
  for (let n = 0; n < count; n += 1) {
    const bytes = mutate(good, roll, telling);
    const told = `seed ${seed}, input ${n}: ${JSON.stringify(bytes.toString('latin1'))}`;
    try {
      read(Buffer.from(bytes));
      taken += 1;
    } catch (thrown) {
      if (!(thrown instanceof StationError) || thrown.code !== 'input.invalid' || thrown.details.place === '') {
        throw new Error(told, { cause: thrown });
      }
    }
  }
  return taken;
}

test(`${count} mutated connection strings of a hub`, () => {
  const key = Buffer.alloc(32, 3).toString('base64');
  const good = `HostName=contoso.azure-devices.net;SharedAccessKeyName=registryReadWrite;SharedAccessKey=${key}`;
  const taken = survives(Buffer.from(good), (bytes) => {
    const { key: bytesOfKey } = parseHubConnection(bytes);
    expect(bytesOfKey.length).toBeGreaterThanOrEqual(16);
  });
  expect(taken).toBeLessThan(count);
});

test(`${count} mutated exports of IoT Central: whole or refused by line and column`, () => {
  const key = Buffer.alloc(32, 3).toString('base64');
  const good = `\ufeffIOTC_DEVICEID,IOTC_DEVICENAME,IOTC_SASKEY_PRIMARY,IOTC_SASKEY_SECONDARY,IOTC_X509THUMBPRINT_PRIMARY,IOTC_X509THUMBPRINT_SECONDARY\r\ngw-1,"One ""a"", b",${key},${key},,\r\ngw-2,,,,${'ab'.repeat(20)},\n`;
  const taken = survives(Buffer.from(good), (bytes) => {
    for (const { deviceId, primaryKey } of readExport(bytes, 'export.csv')) {
      if (!/^[\x21-\x7e]{1,128}$/.test(deviceId)) throw new Error('an ID that is none');
      if (primaryKey && Buffer.from(primaryKey.toString('latin1'), 'base64').length < 16)
        throw new Error('a key that is none');
    }
  });
  expect(taken).toBeLessThan(count);
});
