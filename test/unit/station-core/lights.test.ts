import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../../station-core/config.ts';
import { type LightState, lightStates } from '../../../station-core/contract/lights.ts';
import { lightStateOf, openLights, worstLight } from '../../../station-core/lights.ts';
import { practiceConfig } from '../../../station-core/practice.ts';
import { TestStation } from '../../suites/station.ts';

/** The machine may be busy with other tests. */
const patience = { timeout: 20_000 };

let line: TestStation;
let server: Server;
let labels: readonly string[];
/** What each light was told, in order; a light that hangs answers nobody. */
const shown = new Map<string, LightState[]>([
  ['1', []],
  ['2', []],
  ['station', []],
]);
let hangs = false;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 2 });
  ({ labels } = await line.order('symmetric-group', 12, (index) => index === 2));
  server = createServer(({ url = '' }, response) => {
    if (hangs) return;
    const [, of = '', state] = url.split('/');
    shown.get(of)?.push(state as LightState);
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await line.close();
});

function config() {
  const { port } = server.address() as AddressInfo;
  const light = (of: string, lane?: number) => ({
    kind: 'http',
    timeoutMs: 1_000,
    ...(lane === undefined ? {} : { lane }),
    states: Object.fromEntries(
      lightStates.map((state) => [state, { method: 'PUT', url: `http://127.0.0.1:${port}/${of}/${state}` }]),
    ),
  });
  const lights = [light('1', 1), light('2', 2), light('station')];
  return parseConfig(JSON.stringify({ ...practiceConfig(2), lights }));
}

const now = () => [...shown.values()].map((states) => states.at(-1));
const label = (index: number) => labels[index] ?? '';

test('lights show what lanes do, the station’s the worst of them, and go off with the station', async () => {
  const close = openLights(config(), line.station);
  await expect.poll(now, patience).toEqual(['ready', 'ready', 'ready']);
  await line.scan(1, label(0));
  await expect.poll(now, patience).toEqual(['passed', 'ready', 'passed']);
  expect((await line.scan(2, label(2))).outcome).toBe('failed');
  await expect.poll(now, patience).toEqual(['passed', 'failed', 'failed']);
  await line.scan(2, label(1));
  await expect.poll(now, patience).toEqual(['passed', 'passed', 'passed']);
  await close();
  expect(now()).toEqual(['off', 'off', 'off']);
});

test('a light that comes late, or back, shows what the lanes show at that moment', async () => {
  const close = openLights(config(), line.station);
  await expect.poll(now, patience).toEqual(['passed', 'passed', 'passed']);
  await close();
});

test('lights that hang hold nobody up, are told of once, and show the newest state when they answer again', async () => {
  hangs = true;
  const close = openLights(config(), line.station);
  const views = () => line.station.lights.view().map(({ light, lane, error }) => [light, lane, error?.code]);
  const codes = ['light.unreachable', 'light.unreachable', 'light.unreachable'];
  await expect.poll(() => views().map(([, , code]) => code), patience).toEqual(codes);
  expect(views().map(([light, lane]) => [light, lane])).toEqual([
    [1, 1],
    [2, 2],
    [3, undefined],
  ]);
  expect((await line.as('technician', 'station.view', {})).lights).toHaveLength(3);
  for (const index of [3, 4]) expect((await line.scan(1, label(index))).outcome).toBe('passed');
  const before = shown.get('1')?.length;
  hangs = false;
  await expect.poll(() => views().map(([, , code]) => code), patience).toEqual([undefined, undefined, undefined]);
  await expect.poll(now, patience).toEqual(['passed', 'passed', 'passed']);
  // One word for all that happened meanwhile.
  expect(shown.get('1')?.slice(before)).toEqual(['passed']);
  await close();
  expect(line.log.incidents).toEqual([]);
});

test('a lane that waits for people says so; one that was aborted is ready; an unwritten record is the station’s', () => {
  const fault = (code: 'lane.stopped' | 'store.failed') => ({ code, details: {} });
  expect(lightStateOf({ last: undefined, fault: undefined })).toBe('ready');
  expect(lightStateOf({ last: 'aborted', fault: undefined })).toBe('ready');
  expect(lightStateOf({ last: 'indeterminate', fault: undefined })).toBe('person-needed');
  expect(lightStateOf({ last: 'passed', fault: fault('lane.stopped') })).toBe('person-needed');
  expect(lightStateOf({ last: 'passed', fault: fault('store.failed') })).toBe('errored');
  expect(worstLight(['passed', 'busy', 'ready'])).toBe('busy');
  expect(worstLight(['failed', 'errored', 'person-needed'])).toBe('person-needed');
  expect(worstLight([])).toBe('ready');
});
