import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTlsIdentity } from '../../drivers/simulated/dps/tls.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { systemClock } from '../../station-core/clock.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import type { OutboxRow } from '../../station-core/store/outbox.ts';
import { DpsClient } from '../../station-core/sync/dps/client.ts';
import { Pace } from '../../station-core/sync/pace.ts';
import { DpsTarget } from '../../station-core/sync/targets/dps.ts';
import type { Sent } from '../../station-core/sync/targets/target.ts';
import { long, testSeed } from '../suites/seed.ts';

// A service whose answers were good once and are changed at random. Whatever comes: no crash, no hang, and never a receipt
// for a row that the service did not clearly say it took.

const count = long ? 100_000 : 1_000;
const from = testSeed('answers');
const random = seeded(from);
const whole = (below: number) => Math.floor(random() * below);
const host = 'fuzzed.azure-devices-provisioning.net';

let server: Server;
let client: DpsClient;
let target: DpsTarget;
let answer: { status: number; body: Buffer } = { status: 200, body: Buffer.alloc(0) };
const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));

beforeAll(async () => {
  const tls = openTlsIdentity(folder);
  server = createServer({ key: tls.key, cert: tls.cert, keepAliveTimeout: 60_000 }, (request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connect = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const connection = { host, policy: 'up', key: Buffer.alloc(32, 1) };
  client = new DpsClient({
    endpoint: { host, connect, ca: tls.ca },
    connection,
    pace: new Pace(1e9, systemClock),
    clock: systemClock,
    mode: 'practice',
  });
  target = new DpsTarget({
    client,
    carriedOf: async () => ({ keys: { primary: Buffer.alloc(64, 1), secondary: Buffer.alloc(32, 2) } }),
  });
});
afterAll(() => {
  client.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const row = (id: number): OutboxRow => ({
  id,
  target: 'dps',
  registrationId: `unit-${id}`,
  action: 'create',
  version: 1,
  body: { attestation: { type: 'symmetricKey' } },
  credential: 1,
  attempts: 0,
  replaces: null,
});

function mutate(good: string): Buffer {
  const bytes = Buffer.from(good);
  const at = whole(bytes.length);
  const kinds = [
    () =>
      Buffer.concat([bytes.subarray(0, at), Buffer.from([(bytes[at] ?? 0) ^ (1 << whole(8))]), bytes.subarray(at + 1)]),
    () => bytes.subarray(0, at),
    () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + whole(10))]),
    () => Buffer.concat([bytes, bytes]),
    () => Buffer.from(['<html>', '', 'null', '[]', '0', '"ok"', '{"errorCode":500001}'][whole(7)] ?? ''),
  ];
  return (kinds[whole(kinds.length)] ?? (() => bytes))();
}

/** What a reader that trusts nothing takes for a clear success: exactly this object says so, whatever else it holds. */
function clearlySaid(body: Buffer): { ok: boolean; failed: Set<string> } {
  try {
    const said = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as {
      isSuccessful?: unknown;
      errors?: unknown;
    };
    const errors = (said.errors ?? []) as { registrationId?: unknown }[];
    if (typeof said.isSuccessful !== 'boolean' || !Array.isArray(errors)) return { ok: false, failed: new Set() };
    return { ok: true, failed: new Set(errors.map((error) => String(error.registrationId).toLowerCase())) };
  } catch {
    return { ok: false, failed: new Set() };
  }
}

test(`${count} mutated bulk answers: no crash, no hang, no false receipt`, { timeout: 1_200_000 }, async () => {
  const good = [
    '{"errors":[],"isSuccessful":true}',
    '{"isSuccessful":false,"errors":[{"registrationId":"unit-2","errorCode":400004,"errorStatus":"no"}]}',
    '{"isSuccessful":false,"errors":[{"registrationId":"unit-1","errorCode":500001,"errorStatus":"no"},{"registrationId":"unit-3","errorCode":429001,"errorStatus":"no"}]}',
  ];
  const statuses = [200, 200, 200, 200, 201, 204, 302, 400, 401, 404, 409, 412, 429, 500, 503];
  const rows = [1, 2, 3].map(row);
  let receipts = 0;
  for (let n = 0; n < count; n++) {
    answer = { status: statuses[whole(statuses.length)] ?? 200, body: mutate(good[whole(good.length)] ?? '') };
    const { status, body } = answer;
    const told = `seed ${from}, answer ${n}: ${status} ${JSON.stringify(body.toString('latin1'))}`;
    const sent: Sent = { fates: new Map(), operations: 0 };
    await target.send(rows, AbortSignal.timeout(30_000), sent).catch((thrown: unknown) => {
      if (thrown instanceof StationError && thrown.code !== 'internal') return;
      throw new Error(told, { cause: thrown });
    });
    const { ok, failed } = clearlySaid(status === 204 ? Buffer.alloc(0) : body);
    for (const { id, registrationId } of rows) {
      const fate = sent.fates.get(id);
      if (!fate || !('done' in fate)) continue;
      receipts++;
      expect([told, status, ok, failed.has(registrationId)]).toEqual([told, 200, true, false]);
    }
  }
  expect(receipts).toBeGreaterThan(0);
  process.stderr.write(`answers: seed ${from}, ${receipts} receipts of ${3 * count} rows\n`);
});

test(`${count} mutated entries and keys: read whole or refused`, { timeout: 1_200_000 }, async () => {
  const key = Buffer.alloc(64, 1).toString('base64');
  const entry =
    '{"registrationId":"unit-1","etag":"IjA5MCI=","attestation":{"type":"symmetricKey"},"provisioningStatus":"enabled"}';
  const attestation = `{"type":"symmetricKey","symmetricKey":{"primaryKey":"${key}","secondaryKey":"${key}"}}`;
  for (let n = 0; n < count; n++) {
    const keys = random() < 0.5;
    answer = { status: 200, body: mutate(keys ? attestation : entry) };
    const asked = keys
      ? client.attestationOf('enrollments', 'unit-1', AbortSignal.timeout(30_000))
      : client.getEnrollment('unit-1', AbortSignal.timeout(30_000));
    const told = `seed ${from}, answer ${n}: ${JSON.stringify(answer.body.toString('latin1'))}`;
    await asked.then(
      (value) => expect([told, typeof value]).toEqual([told, 'object']),
      (thrown: unknown) => expect([told, thrown instanceof StationError]).toEqual([told, true]),
    );
  }
});
