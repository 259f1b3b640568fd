import { expect, test } from 'vitest';
import { parseConfig } from '../../../station-core/config.ts';
import { lightStates } from '../../../station-core/contract/lights.ts';
import { practiceConfig } from '../../../station-core/practice.ts';

const states = <T>(of: T) => Object.fromEntries(lightStates.map((state) => [state, of]));
const serial = { kind: 'serial', lane: 1, path: '/dev/serial/by-path/l', states: states('A00101a2') };
const http = (url: string) => ({ kind: 'http', states: states({ method: 'PUT', url }) });
const config = (...lights: object[]) => parseConfig(JSON.stringify({ ...practiceConfig(2), lights }));

test('lights are read, with their defaults', () => {
  expect(config(serial, http('http://10.0.0.7/busy')).lights).toMatchObject([{ baud: 9_600 }, { timeoutMs: 2_000 }]);
});

test.each([
  'http://localhost:8080/a?b=c',
  'http://127.0.0.1',
  'https://192.168.1.20/x',
  'http://172.31.0.1/x',
  'http://[::1]:80/x',
  'http://[fd12:3456::1]/x',
  'http://andon-3/x',
  'http://andon.local/x',
])('%s is near enough', (url) => {
  expect(() => config(http(url))).not.toThrow();
});

test.each([
  'http://example.com/',
  'http://8.8.8.8/',
  'http://172.32.0.1/',
  'http://10.0.0.1.example.com/',
  'http://localhost@example.com/',
  'http://user:pass@10.0.0.1/',
  'http://10.0.0.1\\@example.com/',
  'http://134744072/',
  'http://0x08080808/',
  'http://[2001:db8::1]/',
  'ftp://10.0.0.1/',
  'file:///etc/passwd',
  'http://10.0.0.1/a b',
  '//10.0.0.1/',
])('%s is no address of a light', (url) => {
  expect(() => config(http(url))).toThrow(/lights.*expected/);
});

const { off: _, ...withoutOff } = serial.states;
test.each([
  ['a state that nobody said', { ...serial, states: withoutOff }],
  ['a state that there is not', { ...serial, states: { ...serial.states, broken: '00' } }],
  ['half a byte', { ...serial, states: states('A') }],
  ['no bytes', { ...serial, states: states('') }],
  ['a lane that is not there', { ...serial, lane: 3 }],
  ['another method', { kind: 'http', states: states({ method: 'DELETE', url: 'http://10.0.0.1/' }) }],
  ['an endless patience', { ...http('http://10.0.0.1/'), timeoutMs: 60_000 }],
])('a light with %s is refused at its place', (__, light) => {
  expect(() => config(light)).toThrow(/lights.*expected/);
});

test('a light on the port of a scanner or a lane, and two speeds on one port, are refused', () => {
  expect(() => config(serial, { ...serial, baud: 19_200 })).toThrow(/expected one speed for each port/);
  const scanners = [{ path: serial.path }];
  const taken = JSON.stringify({ ...practiceConfig(2), lights: [serial], scanners });
  expect(() => parseConfig(taken)).toThrow(/lights: expected lanes that are there, and ports/);
});
