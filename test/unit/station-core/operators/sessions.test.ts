import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../../../station-core/clock.ts';
import type { Method, Params } from '../../../../station-core/contract/api.ts';
import type { Progress } from '../../../../station-core/contract/events.ts';
import { Client, type Port } from '../../../../station-core/contract/rpc.ts';
import { serveStation } from '../../../../station-core/serve.ts';
import { TestStation } from '../../../suites/station.ts';

// Every PIN that is judged takes a third of a second and 128 MiB, on purpose; beside other tests, many times that.
vi.setConfig({ testTimeout: 180_000 });

const minuteMs = 60_000;

/** A clock whose monotonic time passes when a test says so; only what waits for minutes waits for it. */
class HandClock implements Clock {
  #passedMs = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly ring: () => void }>();
  readonly now = () => systemClock.now() + this.#passedMs;
  readonly monotonic = () => systemClock.monotonic() + this.#passedMs;

  timer(ms: number, ring: () => void): () => void {
    if (ms < minuteMs) return systemClock.timer(ms, ring);
    const waits = { at: this.monotonic() + ms, ring };
    this.#waiting.add(waits);
    return () => this.#waiting.delete(waits);
  }

  pass(minutes: number): void {
    this.#passedMs += minutes * minuteMs;
    for (const waits of [...this.#waiting]) {
      if (waits.at > this.monotonic()) continue;
      this.#waiting.delete(waits);
      waits.ring();
    }
  }
}

const clock = new HandClock();
let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1, parts: { clock, idleMinutes: 10 } });
});
afterAll(() => line.close());

/** A page's connection: what it asks, and what it is told. */
function openPort() {
  let toStation: (message: unknown) => void = () => undefined;
  let toPage: (message: unknown) => void = () => undefined;
  const stationEnd: Port = {
    send: (message) => queueMicrotask(() => toPage(message)),
    onMessage: (listener) => {
      toStation = listener;
    },
    onClose: () => undefined,
  };
  serveStation(line.station, stationEnd);
  const client = new Client({
    send: (message) => queueMicrotask(() => toStation(message)),
    onMessage: (listener) => {
      toPage = listener;
    },
    onClose: () => undefined,
  });
  const told: Progress[] = [];
  client.onProgress((progress) => told.push(progress));
  return { client, told };
}

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );

let client: Client;
let told: Progress[];
let session: string;
const ask = <M extends Method>(method: M, params: Params<M>) => client.call(method, params, { session });
const ended = () => told.filter(({ type }) => type === 'session');
beforeEach(async () => {
  ({ client, told } = openPort());
  ({ session } = await client.call('operators.signIn', { name: 'Tess Technician', pin: '1111' }));
  const { n } = await ask('station.view', {});
  await ask('events.follow', { since: n });
});

test('a page that only looks on is signed out after the minutes of station.json, is told, and hears no more', async () => {
  clock.pass(6);
  await ask('station.view', {});
  clock.pass(6);
  await expect.poll(ended).toEqual([{ type: 'session', ended: 'idle' }]);
  expect(await code(ask('station.view', {}))).toBe('person.not-signed-in');
  await expect
    .poll(() => line.entries().findLast(({ action }) => action === 'operator.signed-out'))
    .toMatchObject({ role: 'technician', details: { why: 'idle' } });
  const before = told.length;
  line.station.plugged(1, true);
  await client.call('station.describe', {});
  expect(told).toHaveLength(before);
});

test('keys and pointers keep somebody signed in, and so does any call of theirs', async () => {
  for (const stays of [() => ask('operators.active', {}), () => ask('orders.list', {})]) {
    clock.pass(3);
    await stays();
    clock.pass(6);
    expect(await code(ask('station.view', {}))).toBe('ok');
  }
  expect(ended()).toEqual([]);
});

test('a lane goes on when its person is signed out for idleness', async () => {
  const { labels } = await line.order('symmetric-group', 1);
  const { run } = await ask('run.start', { lane: 1, serial: labels[0] ?? '' });
  clock.pass(11);
  await line.station.lanes.ended(1);
  expect(await line.as('lead', 'run.show', { run })).toMatchObject({ outcome: 'passed' });
  expect(await code(ask('station.view', {}))).toBe('person.not-signed-in');
});

test('a second person who comes and goes on the same page leaves the first one followed', async () => {
  const second = await client.call('operators.signIn', { name: 'Lee Lead', pin: '2222' });
  await client.call('operators.signOut', {}, { session: second.session });
  line.station.plugged(1, true);
  await expect.poll(() => told.filter(({ type }) => type === 'lane')).toHaveLength(1);
  expect(ended()).toEqual([]);
});

test('a page hears that its person left or was locked', async () => {
  await line.station.operators.add('Gil Gone', 'technician', Buffer.from('7777'));
  ({ session } = await client.call('operators.signIn', { name: 'Gil Gone', pin: '7777' }));
  await ask('events.follow', { since: line.station.records.journal.newest() });
  await line.agreed('lead', 'operators.leave', { name: 'Gil Gone' });
  await expect.poll(ended).toEqual([{ type: 'session', ended: 'left' }]);
});
