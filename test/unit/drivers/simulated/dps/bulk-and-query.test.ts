import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { freshEmulator, json, list, service, symmetric } from './raw.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await freshEmulator();
});
afterAll(() => emulator.close());

const item = (registrationId: string, more: object = {}) => ({ registrationId, attestation: symmetric(), ...more });
const bulk = (mode: string, enrollments: unknown[]) =>
  service(emulator, 'POST', '/enrollments/', { mode, enrollments });
const exists = async (id: string) => (await service(emulator, 'GET', `/enrollments/${id}`)).status === 200;
const etagOf = async (id: string) => String(json(await service(emulator, 'GET', `/enrollments/${id}`)).etag);
const failed = (id: string, errorCode: number, errorStatus: unknown = expect.any(String)) => ({
  registrationId: id,
  errorCode,
  errorStatus,
});

test('a bulk creation with one bad item answers 200, names that item, and keeps the good ones', async () => {
  await bulk('create', [item('b-2')]);
  const tpm = { type: 'tpm', tpm: { endorsementKey: 'AAAA' } };
  const reply = await bulk('create', [item('b-1'), item('B-2'), item('b-3', { attestation: tpm }), item('b-4')]);
  expect(reply.status).toBe(200);
  expect(json(reply)).toEqual({
    isSuccessful: false,
    errors: [failed('B-2', 409201, 'Enrollment already exists.'), failed('b-3', 400201)],
  });
  expect(await Promise.all(['b-1', 'b-3', 'b-4'].map(exists))).toEqual([true, false, true]);
  expect(json(await bulk('create', [item('b-5')]))).toEqual({ errors: [], isSuccessful: true });
});

test('a bulk update needs the current tag of each item that exists, and makes those that do not', async () => {
  await bulk('create', [item('u-1'), item('u-2'), item('u-3')]);
  const current = item('u-1', { etag: await etagOf('u-1'), deviceId: 'changed' });
  const reply = await bulk('update', [current, item('u-2'), item('u-3', { etag: 'c3RhbGU=' }), item('u-4')]);
  expect(json(reply).errors).toEqual([failed('u-2', 409201, 'Enrollment already exists.'), failed('u-3', 412001)]);
  expect(json(await service(emulator, 'GET', '/enrollments/u-1')).deviceId).toBe('changed');
  expect(await exists('u-4')).toBe(true);
  emulator.switches.bulkUpdateOfAbsent = 'fails';
  expect(json(await bulk('update', [item('u-5')])).errors).toEqual([failed('u-5', 404201)]);
});

test.each(['updateIfMatchETag', 'updateIfMatchEtag'])('%s makes nothing and wants a tag', async (mode) => {
  const id = `m-${mode.at(-2)}`;
  await bulk('create', [item(id)]);
  const absent = `${id}-absent`;
  expect(json(await bulk(mode, [item(id), item(absent)])).errors).toEqual([failed(id, 412001), failed(absent, 404201)]);
  expect(json(await bulk(mode, [item(id, { etag: await etagOf(id) })])).isSuccessful).toBe(true);
});

test('a bulk deletion needs only IDs, honours tags, and lists what is absent', async () => {
  await bulk('create', [item('d-1'), item('d-2')]);
  const reply = await bulk('delete', [{ registrationId: 'd-1' }, { registrationId: 'd-2', etag: 'x' }, item('d-3')]);
  expect(json(reply).errors).toEqual([failed('d-2', 412001), failed('d-3', 404201)]);
  expect(await Promise.all(['d-1', 'd-2'].map(exists))).toEqual([false, true]);
});

test('groups have a bulk operation with their own names and numbers', async () => {
  const group = { enrollmentGroupId: 'bulk-group', attestation: symmetric() };
  const run = (mode: string) => service(emulator, 'POST', '/enrollmentGroups', { mode, enrollmentGroups: [group] });
  expect(json(await run('create')).isSuccessful).toBe(true);
  expect(json(await run('update')).errors).toEqual([
    { enrollmentGroupId: 'bulk-group', errorCode: 409202, errorStatus: 'EnrollmentGroup already exists.' },
  ]);
});

const eleven = Array.from({ length: 11 }, (_, n) => item(`e-${n}`));
test.each([
  ['eleven items', 'create', eleven, 400205],
  ['one ID twice, in two cases', 'create', [item('twice'), item('TWICE')], 400206],
  ['no item', 'create', [], 400004],
  ['an unknown mode', 'upsert', [item('mode')], 400004],
  ['an item without an ID', 'create', [{ attestation: symmetric() }], 400202],
  ['an item that is none', 'create', ['x'], 400004],
  ['no list', 'create', undefined, 400004],
])('%s is refused as a whole', async (_name, mode, items, code) => {
  const reply = await bulk(mode, items as unknown[]);
  expect([reply.status, json(reply).errorCode]).toEqual([400, code]);
  expect(await exists('twice')).toBe(false);
  expect(await exists('e-0')).toBe(false);
});

type Found = { pages: string[][]; types: unknown[] };

async function readAll(path: string, query: string, size: number, target = emulator): Promise<Found> {
  const found: Found = { pages: [], types: [] };
  let token: string | undefined;
  do {
    const headers: Record<string, string> = { 'x-ms-max-item-count': String(size) };
    if (token !== undefined) headers['x-ms-continuation'] = token;
    const reply = await service(target, 'POST', path, { query }, headers);
    found.pages.push(list(reply).map((entry) => String(entry.registrationId ?? entry.enrollmentGroupId)));
    found.types.push(reply.headers['x-ms-item-type']);
    token = reply.headers['x-ms-continuation'] as string | undefined;
  } while (token !== undefined);
  return found;
}

test('a query gives every entry once, in pages of the asked size, and no token with the last', async () => {
  const fresh = await freshEmulator();
  const made = Array.from({ length: 8 }, (_, n) => item(`q-${n}`));
  await service(fresh, 'POST', '/enrollments', { mode: 'create', enrollments: made });
  const first = await service(fresh, 'POST', '/enrollments/query', { query: 'select * from enrollments' });
  expect(list(first).length).toBe(8);
  expect(first.headers['x-ms-continuation']).toBeUndefined();
  const full = await readAll('/enrollments/query', 'SELECT *', 4, fresh);
  expect(full.pages.map((page) => page.length)).toEqual([4, 4]);
  await fresh.close();
  await bulk('create', made);
  const { pages, types } = await readAll('/enrollments/query', 'SELECT *', 4);
  const ids = pages.flat();
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(made.map((entry) => entry.registrationId)));
  expect(pages.slice(0, -1).every((page) => page.length === 4)).toBe(true);
  expect(new Set(types)).toEqual(new Set(['Enrollment']));
  const groups = await readAll('/enrollmentGroups/query', 'SELECT * FROM enrollmentGroups', 5);
  expect(groups).toEqual({ pages: [['bulk-group']], types: ['EnrollmentGroup'] });
});

test('the service may give less than was asked for', async () => {
  emulator.switches.pageSize = 2;
  const reply = await service(
    emulator,
    'POST',
    '/enrollments/query',
    { query: 'SELECT *' },
    { 'x-ms-max-item-count': '50' },
  );
  expect(list(reply).length).toBe(2);
});

const token = (asked: string) => Buffer.from(JSON.stringify([{ token: 'a', range: asked }])).toString('base64');
test.each([
  ['a condition', { query: "SELECT * FROM enrollments WHERE registrationId = 'x'" }, {}],
  ['a projection', { query: 'SELECT registrationId FROM enrollments' }, {}],
  ['no query', {}, {}],
  ['a page of none', { query: 'SELECT *' }, { 'x-ms-max-item-count': '0' }],
  ['a token of another query', { query: 'SELECT *' }, { 'x-ms-continuation': token('group SELECT *') }],
  ['a token that is none', { query: 'SELECT *' }, { 'x-ms-continuation': 'rubbish' }],
])('%s is refused', async (_name, body, headers) => {
  const reply = await service(emulator, 'POST', '/enrollments/query', body, headers);
  expect([reply.status, json(reply).errorCode]).toEqual([400, 400004]);
});
