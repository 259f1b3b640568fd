import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { StationEvent } from '../../../station-core/contract/events.ts';
import { Client, type Port } from '../../../station-core/contract/rpc.ts';
import { hostOf, type Loopback, serveLoopback } from '../../../station-core/loopback.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
let served: Loopback;
let address: URL;

beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  const pages = mkdtempSync(join(tmpdir(), 'birthmark-pages-'));
  mkdirSync(join(pages, 'assets'));
  writeFileSync(join(pages, 'index.html'), '<!doctype html>');
  writeFileSync(join(pages, 'assets', 'a.js'), '1');
  writeFileSync(join(pages, '..', 'birthmark-outside.html'), 'no');
  served = await serveLoopback(hostOf(line.station), pages, 0);
  address = new URL(served.address);
});
afterAll(async () => {
  await served.close();
  await line.close();
});

const token = () => address.hash.slice(1);

function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: address.port, path, method, headers }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    });
    asked.on('error', reject).end();
  });
}

function connect(options: { token?: string; origin?: string; host?: string; path?: string } = {}): Promise<WebSocket> {
  const { origin = `http://127.0.0.1:${address.port}`, host, path = '/station' } = options;
  const socket = new WebSocket(`ws://127.0.0.1:${address.port}${path}`, ['birthmark', options.token ?? token()], {
    origin,
    ...(host ? { headers: { host } } : {}),
  });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

function portOf(socket: WebSocket): Port {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => socket.on('message', (bytes) => listener(JSON.parse(String(bytes)))),
    onClose: (listener) => socket.on('close', listener),
  };
}

test('the pages are served with a policy that lets nothing else in', async () => {
  const { status, headers } = await get('/');
  expect(status).toBe(200);
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect((await get('/assets/a.js')).status).toBe(200);
});

test.each([
  '/../birthmark-outside.html',
  '/..%2fbirthmark-outside.html',
  '/assets/../../birthmark-outside.html',
  '/none.html',
  '/assets/',
  '//etc/passwd',
  '/index.html%00',
])('%s is not there', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('another name for this machine, or another method, gets nothing', async () => {
  expect((await get('/', { host: 'evil.example' })).status).toBe(404);
  expect((await get('/', {}, 'POST')).status).toBe(404);
});

test.each([
  ['without the token', { token: 'x'.repeat(43) }],
  ['from another page', { origin: 'http://evil.example' }],
  ['under another name', { host: 'evil.example' }],
  ['at another path', { path: '/other' }],
])('no socket is opened %s', async (_, options) => {
  await expect(connect(options)).rejects.toThrow(/403/);
});

test('a person signs in over the socket, makes a unit, hears of it as it becomes durable, and of nothing after signing out', async () => {
  const { labels } = await line.order('symmetric-group', 2);
  const socket = await connect();
  const client = new Client(portOf(socket));
  await expect(client.call('station.view', {})).rejects.toMatchObject({ code: 'person.not-signed-in' });
  const { session } = await client.call('operators.signIn', { name: 'Tess Technician', pin: '1111' });
  const { n } = await client.call('station.view', {}, { session });
  const events: StationEvent[] = [];
  const closed = new Promise<void>((resolve) => {
    client.onEvent((event) => {
      events.push(event);
      if (event.event.type === 'closed') resolve();
    });
  });
  await client.call('events.follow', { since: n }, { session });
  await client.call('run.start', { lane: 1, serial: labels[0] ?? '' }, { session });
  await closed;
  expect(events.map(({ event }) => event.type).filter((type) => type !== 'began' && type !== 'ended')).toEqual([
    'opened',
    'closed',
  ]);
  expect(events.map((event) => event.n)).toEqual(events.map((_, index) => n + 1 + index));
  await client.call('operators.signOut', {}, { session });
  const told = events.length;
  expect((await line.scan(1, labels[1] ?? '')).outcome).toBe('passed');
  await client.call('station.describe', {});
  expect(events.length).toBe(told);
  await expect(client.call('station.view', {}, { session })).rejects.toMatchObject({ code: 'person.not-signed-in' });
  socket.close();
});

test('a client that comes back gets what it missed, and one too far behind is told to look again', async () => {
  const socket = await connect();
  const client = new Client(portOf(socket));
  const { session } = await client.call('operators.signIn', { name: 'Tess Technician', pin: '1111' });
  const newest = line.station.records.journal.newest();
  const missed: number[] = [];
  client.onEvent(({ n }) => missed.push(n));
  await expect(client.call('events.follow', { since: newest + 1 }, { session })).rejects.toMatchObject({
    code: 'input.invalid',
  });
  await client.call('events.follow', { since: newest - 2 }, { session });
  await expect.poll(() => missed).toEqual([newest - 1, newest]);
  socket.close();
});

test.each([
  '',
  'null',
  '[]',
  '{}',
  '{"id":0}',
  '{"id":1,"call":7}',
  '{"id":1,"call":"run.start","params":{},"more":1}',
  'not json',
  '{"id":1,"call":"__proto__","params":{}}',
])('the message %s is answered with an error', async (message) => {
  const socket = await connect();
  const answer = new Promise<string>((resolve) => socket.once('message', (bytes) => resolve(String(bytes))));
  socket.send(message);
  expect(JSON.parse(await answer)).toMatchObject({ error: { code: expect.stringMatching(/^input\./) as string } });
  socket.close();
});

test('a closed port rejects what is pending', async () => {
  const socket = await connect();
  const client = new Client(portOf(socket));
  const pending = client.call('operators.signIn', { name: 'Tess Technician', pin: '1111' });
  socket.terminate();
  await expect(pending).rejects.toMatchObject({ code: 'rpc.closed' });
  await expect(client.call('station.describe', {})).rejects.toMatchObject({ code: 'rpc.closed' });
});

test('a call that gets no answer ends at its deadline', async () => {
  const silent: Port = { send: () => undefined, onMessage: () => undefined, onClose: () => undefined };
  await expect(new Client(silent).call('station.describe', {}, { deadlineMs: 10 })).rejects.toMatchObject({
    code: 'rpc.deadline',
  });
});

test('nothing happened that nobody foresaw', () => {
  expect(line.log.incidents).toEqual([]);
});

test('who has no right to connect is in the audit trail, once a minute however often they knock', async () => {
  const { station } = line;
  const noted = () => line.entries().filter(({ action }) => action === 'connection.refused');
  const waited = noted().length;
  expect(waited).toBe(1);
  expect(noted()).toMatchObject([{ result: 'refused', details: { connections: 1, why: 'token' } }]);
  for (let knocks = 0; knocks < 20; knocks++) await expect(connect({ token: 'x' })).rejects.toThrow(/403/);
  await station.records.commits.commit(() => undefined);
  expect(noted().length).toBe(waited);
  // The end writes what is left: the others from above, and these.
  await served.close();
  expect(noted()).toMatchObject([{}, { details: { connections: 23, why: 'token' } }]);
  served = await serveLoopback(hostOf(station), '.', 0);
});
