import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { ask, device, freshEmulator, json, keyOfLetter, service, symmetric } from './raw.ts';

let emulator: Emulator;
let now = Date.now();

beforeEach(async () => {
  now = Date.now();
  emulator = await freshEmulator({ clock: () => now });
});
afterEach(() => emulator.close());

const enroll = (registrationId: string) =>
  service(emulator, 'PUT', `/enrollments/${registrationId}`, { registrationId, attestation: symmetric() });
const get = (registrationId: string) => service(emulator, 'GET', `/enrollments/${registrationId}`);
const limits = (servicePerMinute: number | null, registrationsPerMinute: number | null, polls: number | null) => {
  emulator.switches.throttle = { servicePerMinute, registrationsPerMinute, pollsPerTenSeconds: polls };
};

test('offline drops every connection until it is switched back, and nothing was done', async () => {
  emulator.switches.offline = true;
  await expect(enroll('offline')).rejects.toThrow('socket hang up');
  emulator.switches.offline = false;
  expect((await get('offline')).status).toBe(404);
});

test('the next n replies are lost, after they were acted on', async () => {
  emulator.switches.loseReplies = 2;
  await expect(enroll('lost')).rejects.toThrow('socket hang up');
  await expect(get('lost')).rejects.toThrow('socket hang up');
  expect((await get('lost')).status).toBe(200);
});

test('the next n requests fail as told and are not acted on', async () => {
  emulator.switches.failNext = { count: 2, status: 503, retryAfterSeconds: 7 };
  const first = await enroll('failed');
  expect([first.status, first.headers['retry-after']]).toEqual([503, '7']);
  expect(json(first)).toMatchObject({ errorCode: 503000 });
  expect((await get('failed')).status).toBe(503);
  expect((await get('failed')).status).toBe(404);
});

test('an answer can be told to be what no client should believe', async () => {
  emulator.switches.failNext = { count: 1, status: 200, body: '<html>' };
  const reply = await enroll('garbled');
  expect([reply.status, reply.text]).toEqual([200, '<html>']);
  expect((await get('garbled')).status).toBe(404);
});

test('latency comes before the answer, and closing does not wait for it', async () => {
  emulator.switches.latencyMs = 60_000;
  const waiting = expect(enroll('late')).rejects.toThrow();
  const other = await freshEmulator();
  await emulator.close();
  await waiting;
  emulator = other;
});

test('the service budget refuses with 429 and says when to come back, and keeps that promise', async () => {
  limits(3, null, null);
  const statuses: number[] = [];
  for (let n = 0; n < 4; n += 1) statuses.push((await get('x')).status);
  expect(statuses).toEqual([404, 404, 404, 429]);
  now += 20_000;
  const refused = await get('x');
  expect(refused.headers['retry-after']).toBe('40');
  expect(json(refused).errorCode).toBe(429001);
  now += 39_000;
  expect((await get('x')).status).toBe(429);
  now += 1000;
  expect((await get('x')).status).toBe(404);
});

test('a bulk call counts as one call, or as its items by a switch', async () => {
  limits(10, null, null);
  const enrollments = ['a', 'b', 'c', 'd', 'e', 'f'].map((registrationId) => ({
    registrationId,
    attestation: symmetric(),
  }));
  const bulk = async (mode: string) => (await service(emulator, 'POST', '/enrollments', { mode, enrollments })).status;
  expect([await bulk('create'), await bulk('delete')]).toEqual([200, 200]);
  emulator.switches.bulkCountsAs = 'items';
  expect([await bulk('create'), await bulk('delete')]).toEqual([200, 429]);
  limits(5, null, null);
  now += 60_000;
  expect(await bulk('delete')).toBe(200);
});

test('registrations and polls have budgets of their own, polls one for each device', async () => {
  await enroll('polite');
  await enroll('eager');
  limits(1, 2, 2);
  const who = (id: string) => ({ id, key: keyOfLetter('p') });
  const register = (id: string) => device(emulator, 'PUT', '/register', who(id), {});
  const operations = [json(await register('polite')).operationId, json(await register('eager')).operationId];
  expect((await register('polite')).status).toBe(429);
  const poll = async (id: string, n: number) =>
    (await device(emulator, 'GET', `/operations/${String(operations[n])}`, who(id))).status;
  expect([await poll('eager', 1), await poll('eager', 1), await poll('eager', 1)]).toEqual([200, 200, 429]);
  expect(await poll('polite', 0)).toBe(200);
});

test('the log has method, path and status of each request, and no query, header or body', async () => {
  await enroll('logged');
  await get('nobody');
  emulator.switches.loseReplies = 1;
  await expect(get('logged')).rejects.toThrow();
  const lines = emulator.requests();
  expect(lines.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['PUT', '/enrollments/logged', 200],
    ['GET', '/enrollments/nobody', 404],
    ['GET', '/enrollments/logged', 'dropped'],
  ]);
  expect(JSON.stringify(lines)).not.toContain(symmetric().symmetricKey.primaryKey);
});

const admin = (method: string, path: string, body?: unknown, token = emulator.adminToken) =>
  ask(emulator, { method, path: `/birthmark-emulator/${path}`, headers: { Authorization: `Bearer ${token}` }, body });

test('the admin path changes switches with the admin token alone, also while the service is offline', async () => {
  expect((await admin('PUT', 'switches', { offline: true }, 'guess')).status).toBe(401);
  expect((await service(emulator, 'PUT', '/birthmark-emulator/switches', { offline: true })).status).toBe(401);
  expect(emulator.switches.offline).toBe(false);
  expect(json(await admin('PUT', 'switches', { offline: true }))).toMatchObject({ offline: true, latencyMs: 0 });
  await expect(get('x')).rejects.toThrow();
  await admin('PUT', 'switches', { offline: false });
  expect((await get('x')).status).toBe(404);
  expect((await admin('GET', 'requests')).text).toContain('dropped');
});

test('a switch that does not exist or has another type is refused by name, and changes nothing', async () => {
  const before = structuredClone(emulator.switches);
  for (const [change, name] of [
    [{ offlin: true }, 'offlin'],
    [{ offline: 'yes' }, 'offline'],
    [{ latencyMs: -1 }, 'latencyMs'],
    [{ failNext: { count: 1, status: 99 } }, 'failNext.status'],
  ] as const) {
    const reply = await admin('PUT', 'switches', change);
    expect(reply.status).toBe(400);
    expect(json(reply).message).toContain(name);
  }
  expect(emulator.switches).toEqual(before);
});

test('the admin path makes policies and gives their connection string', async () => {
  const made = json(await admin('PUT', 'policies/uploader', { rights: ['EnrollmentRead'] }));
  expect(made).toEqual({ rights: ['EnrollmentRead'], connectionString: emulator.connectionStringOf('uploader') });
  const again = json(await admin('PUT', 'policies/uploader', { rights: ['EnrollmentWrite'] }));
  expect(again.connectionString).toBe(made.connectionString);
});
