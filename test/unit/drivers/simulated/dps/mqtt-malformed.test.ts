import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { Framing, FramingError } from '../../../../../drivers/simulated/dps/mqtt/framing.ts';
import { readTopic, readUserName } from '../../../../../drivers/simulated/dps/mqtt/topics.ts';
import { long, testSeed } from '../../../../suites/seed.ts';
import { bareConnection, connectDevice, mqttCredential, RESPONSES, registerMqtt } from './mqtt-raw.ts';
import { enroll, freshEmulator, primary } from './raw.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await freshEmulator();
  await enroll(emulator, 'healthy');
});
afterAll(() => emulator.close());

/** That a well-behaved device is served still. */
async function serves(): Promise<void> {
  const client = await connectDevice(emulator, primary('healthy'));
  await client.subscribeAsync(RESPONSES);
  expect((await registerMqtt(client)).status).toBe(202);
  await client.endAsync(true);
}

/** What the emulator sends back until it closes the connection. */
async function exchanged(bytes: Buffer): Promise<Buffer> {
  const socket = await bareConnection(emulator);
  const answers: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => answers.push(chunk));
  // The emulator may close while these bytes are still being written.
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.end(bytes);
  await closed;
  return Buffer.concat(answers);
}

const connect = () =>
  generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 60,
    ...mqttCredential(emulator, primary('healthy')),
    password: Buffer.from(mqttCredential(emulator, primary('healthy')).password),
  });

test.each([
  ['a packet of 256 MB', Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x61])],
  ['a length of five bytes', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f])],
  ['a packet type that is reserved', Buffer.from([0x00, 0x00])],
  ['a PUBLISH before any CONNECT', Buffer.from([0x30, 0x03, 0, 1, 0x61])],
  ['a CONNECT whose parts are longer than it', Buffer.from([0x10, 0x04, 0xff, 0xff, 0x4d, 0x51])],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
])('%s ends its connection without an answer, and nothing else', async (_name, bytes) => {
  expect(await exchanged(bytes)).toEqual(Buffer.alloc(0));
  await serves();
});

test('a device that announces a large message cannot make the emulator gather it', async () => {
  const socket = await bareConnection(emulator);
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.write(Buffer.concat([connect(), Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])]));
  await closed;
  await serves();
});

const packet = fc.oneof(
  fc.constant(() => connect()),
  fc.constant(() => generate({ cmd: 'pingreq' })),
  fc.constant(() => generate({ cmd: 'subscribe', messageId: 7, subscriptions: [{ topic: RESPONSES, qos: 1 }] })),
  fc.constant(() =>
    generate({
      cmd: 'publish',
      topic: '$dps/registrations/PUT/iotdps-register/?$rid=1',
      payload: '{}',
      qos: 1,
      messageId: 8,
      dup: false,
      retain: false,
    }),
  ),
);
const change = fc.record({ at: fc.nat(400), to: fc.nat(255) });
/** Packets that belong together, of which some bytes were changed and the end is missing. */
const damaged = fc.record({
  packets: fc.array(packet, { minLength: 1, maxLength: 4 }),
  changes: fc.array(change, { maxLength: 4 }),
  kept: fc.nat(2000),
});
type Damaged = { packets: (() => Buffer)[]; changes: { at: number; to: number }[]; kept: number };

function bytesOf({ packets, changes, kept }: Damaged): Buffer {
  const bytes = Buffer.concat(packets.map((make) => make()));
  for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to;
  return bytes.subarray(0, kept);
}

const seed = testSeed('malformed MQTT');

test('damaged packets in any cuts are read or refused, never a fault of another kind', () => {
  fc.assert(
    fc.property(damaged, fc.integer({ min: 1, max: 300 }), (wish, cut) => {
      const bytes = bytesOf(wish);
      const framing = new Framing();
      try {
        for (let at = 0; at < bytes.length; at += cut) framing.packetsOf(bytes.subarray(at, at + cut));
      } catch (error) {
        expect(error).toBeInstanceOf(FramingError);
      }
    }),
    { numRuns: long ? 100_000 : 1000, seed },
  );
});

test('the same over the wire harms nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(damaged, async (wish) => {
      await exchanged(bytesOf(wish));
    }),
    { numRuns: long ? 5000 : 60, seed },
  );
  await serves();
});

test('a device that never finishes a packet holds no more of the memory than a message may have', async () => {
  const before = process.memoryUsage().rss;
  const piece = Buffer.alloc(16 * 1024, 0x61);
  const sockets = await Promise.all(Array.from({ length: 20 }, () => bareConnection(emulator)));
  // Each announces the largest packet that is allowed, and leaves its last part out.
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.write(Buffer.concat([connect(), Buffer.from([0x30, 0x80, 0x80, 0x06])]));
    for (let n = 0; n < 5; n += 1) socket.write(piece);
  }
  await serves();
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  for (const socket of sockets) socket.destroy();
});

test.each([
  ['$dps/registrations/PUT/iotdps-register/?$rid=a', { rid: 'a', method: 'PUT', tail: ['register'] }],
  ['$dps/registrations/PUT/iotdps-register/?x=1&$rid=a%2Fb', { rid: 'a%2Fb', method: 'PUT', tail: ['register'] }],
  [
    '$dps/registrations/GET/iotdps-get-operationstatus/?$rid=a&operationId=4.1',
    { rid: 'a', method: 'GET', tail: ['operations', '4.1'] },
  ],
  ['$dps/registrations/PUT/iotdps-register/?$rid=', undefined],
  ['$dps/registrations/PUT/iotdps-register/?$rid=#', undefined],
  ['$dps/registrations/PUT/iotdps-register?$rid=a', undefined],
  [`$dps/registrations/PUT/iotdps-register/?$rid=${'a'.repeat(1024)}`, undefined],
])('the topic %.80s is read for what it is', (topic, asked) => {
  expect(readTopic(topic)).toEqual(asked);
});

test.each([
  '',
  'a',
  '0ne1/registrations/a',
  '0ne1/devices/a/api-version=1',
  '/registrations/a/b',
  '0ne1/registrations//b',
])('the user name %j is none', (name) => {
  expect(readUserName(name)).toBeUndefined();
});

async function upgrade(path: string, protocols: string[]): Promise<string> {
  const { port, ca } = emulator;
  const socket = new WebSocket(`wss://localhost:${port}${path}`, protocols, { ca });
  return new Promise((resolve) => {
    socket.once('open', () => {
      resolve(socket.protocol);
      socket.terminate();
    });
    socket.once('unexpected-response', (_request, response) => {
      resolve(`${response.statusCode} ${String(response.headers['x-birthmark-emulator'])}`);
      socket.terminate();
    });
    // Ending it here is an error of its own.
    socket.on('error', () => undefined);
  });
}

test('a WebSocket is opened at one path, for one subprotocol', async () => {
  expect(await upgrade('/$iothub/websocket', ['mqtt'])).toBe('mqtt');
  expect(await upgrade('/%24iothub/websocket?x=1', ['amqp', 'mqtt'])).toBe('mqtt');
  expect(await upgrade('/$iothub/websocket', ['amqp'])).toBe('400 practice');
  expect(await upgrade('/$iothub/websocket', [])).toBe('400 practice');
  expect(await upgrade('/other', ['mqtt'])).toBe('404 practice');
});

/** Opens a WebSocket by hand, sends these bytes where frames should be, and waits for the end. */
async function scribble(bytes: Uint8Array): Promise<void> {
  const { port, ca } = emulator;
  const socket = connectTls({ host: '127.0.0.1', port, ca, servername: 'localhost' });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  const lines = [
    'GET /$iothub/websocket HTTP/1.1',
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol: mqtt',
    '',
    '',
  ];
  socket.write(lines.join('\r\n'));
  await once(socket, 'data');
  const closed = once(socket, 'close');
  socket.resume();
  socket.end(bytes);
  await closed;
}

test('what is no WebSocket frame, and a message that is too large, harms nobody else', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  await fc.assert(fc.asyncProperty(bytes, scribble), { numRuns: long ? 2000 : 30, seed });
  const { port, ca } = emulator;
  const socket = new WebSocket(`wss://localhost:${port}/$iothub/websocket`, ['mqtt'], { ca });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send(Buffer.alloc(300 * 1024, 0x61));
  const [code] = await once(socket, 'close');
  expect([1006, 1009]).toContain(code);
  await serves();
});
