import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { malformations } from '../../../../../drivers/simulated/dps/switches.ts';
import { ask, device, enroll, freshEmulator, json, primary, registration, service, symmetric } from './raw.ts';

let emulator: Emulator;

beforeEach(async () => {
  emulator = await freshEmulator();
});
afterEach(() => emulator.close());

const get = (registrationId: string) => service(emulator, 'GET', `/enrollments/${registrationId}`);

test('a storm fails its share of the requests without acting, and the same share again with the same seed', async () => {
  const statuses = async (seed: number) => {
    emulator.switches.storm = { share: 0.9, statuses: [429, 500, 503], retryAfterSeconds: 2, seed };
    const seen: number[] = [];
    for (let n = 0; n < 150; n += 1) {
      const reply = await get('absent');
      seen.push(reply.status);
      if (reply.status !== 404) expect(reply.headers['retry-after']).toBe('2');
    }
    return seen;
  };
  const first = await statuses(7);
  expect(first.filter((status) => status !== 404).length).toBeGreaterThan(120);
  expect(first.filter((status) => status === 404).length).toBeGreaterThan(2);
  expect(new Set(first)).toEqual(new Set([404, 429, 500, 503]));
  expect(await statuses(7)).toEqual(first);
  expect(await statuses(8)).not.toEqual(first);
  emulator.switches.storm = { share: 1, statuses: [503], seed: 1 };
  expect((await enroll(emulator, 'stormy')).status).toBe(503);
  emulator.switches.storm = { share: 0, statuses: [503], seed: 1 };
  expect((await get('stormy')).status).toBe(404);
});

test('items of a bulk call fail as told, by place and by ID, and were not acted on; the others were', async () => {
  const told = { errorCode: 500001, errorStatus: 'Internal server error' };
  emulator.switches.failItems = {
    calls: 1,
    items: [
      { position: 0, ...told },
      { id: 'ITEM-7', ...told },
    ],
  };
  const ids = Array.from({ length: 10 }, (_, n) => `item-${n}`);
  const enrollments = ids.map((registrationId) => ({ registrationId, attestation: symmetric() }));
  const bulk = async () => json(await service(emulator, 'POST', '/enrollments', { mode: 'create', enrollments }));
  const first = await bulk();
  const failed = (first.errors as { registrationId: string }[]).map(({ registrationId }) => registrationId);
  expect([first.isSuccessful, failed]).toEqual([false, ['item-0', 'item-7']]);
  expect([(await get('item-0')).status, (await get('item-1')).status]).toEqual([404, 200]);
  const again = (await bulk()).errors as { registrationId: string; errorCode: number }[];
  expect(again.map(({ errorCode }) => errorCode)).toEqual(Array.from({ length: 8 }, () => 409201));
});

test.each(malformations)('a malformed answer (%s) is what no client should believe, and was acted on', async (how) => {
  const id = how.toLowerCase();
  emulator.switches.malformNext = { count: 1, how };
  const given = await enroll(emulator, id).then(
    ({ status, headers, text }) => ({ status, type: headers['content-type'], text }),
    (error: Error) => ({ status: 0, type: '', text: error.message }),
  );
  expect(seems(given.text)).toBe(false);
  if (how === 'html') expect(given.type).toBe('text/html');
  if (how === 'errorIn200') expect([given.status, JSON.parse(given.text).errorCode]).toEqual([200, 500001]);
  if (how === 'cutOff') expect(given.text).toBe('aborted');
  expect((await get(id)).status).toBe(200);
});

/** Whether a text looks like an enrollment. */
function seems(text: string): boolean {
  try {
    const body = JSON.parse(text) as { registrationId?: unknown; etag?: unknown };
    return typeof body.registrationId === 'string' && typeof body.etag === 'string';
  } catch {
    return false;
  }
}

test('every answer has a Date, and a skewed clock dates, and judges tokens, by its own time', async () => {
  const date = async (reply: ReturnType<typeof get>) => Date.parse(String((await reply).headers.date)) - Date.now();
  await enroll(emulator, 'dated');
  expect(Math.abs(await date(get('dated')))).toBeLessThan(30_000);
  expect(Math.abs(await date(get('absent')))).toBeLessThan(30_000);
  emulator.switches.dateSkewSeconds = 3600;
  const refused = await get('dated');
  expect(refused.status).toBe(401);
  expect(await date(Promise.resolve(refused))).toBeGreaterThan(3_500_000);
  expect((await device(emulator, 'PUT', '/register', primary('dated'), {})).status).toBe(401);
  emulator.switches.dateSkewSeconds = -86_400;
  expect(await date(get('dated'))).toBeLessThan(-86_000_000);
  const state = json(await registration(emulator, primary('dated'))).registrationState as {
    createdDateTimeUtc: string;
  };
  expect(Date.parse(state.createdDateTimeUtc)).toBeLessThan(Date.now() - 86_000_000);
});

test('the switches of faults are refused by name when they are none', async () => {
  for (const [change, name] of [
    [{ storm: { share: 2, statuses: [500], seed: 1 } }, 'storm.share'],
    [{ storm: { share: 0.5, statuses: [], seed: 1 } }, 'storm.statuses'],
    [{ malformNext: { count: 1, how: 'sideways' } }, 'malformNext.how'],
    [
      { failItems: { calls: 1, items: [{ position: 10, errorCode: 1, errorStatus: '' }] } },
      'failItems.items.0.position',
    ],
    [{ dateSkewSeconds: 'late' }, 'dateSkewSeconds'],
    [{ webhookMethod: 'GET' }, 'webhookMethod'],
  ] as const) {
    const headers = { Authorization: `Bearer ${emulator.adminToken}` };
    const reply = await ask(emulator, { method: 'PUT', path: '/birthmark-emulator/switches', headers, body: change });
    expect(reply.status).toBe(400);
    expect(json(reply).message).toContain(name);
  }
});
