import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuplexLink } from '../../../drivers/duplex.ts';
import { noticeHangUp } from '../../../drivers/hang-up.ts';
import type { Link } from '../../../drivers/link.ts';
import { links } from '../../../drivers/registry.ts';
import { openSerial } from '../../../drivers/serial.ts';
import { openSocket } from '../../../drivers/socket.ts';
import { refusal } from '../../suites/protocol.suite.ts';
import { openPty } from '../../suites/pty.ts';

const never = new AbortController().signal;
let folder: string;
let socketPath: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-links-'));
  socketPath = join(folder, 'echo');
  server = createServer((socket) => socket.on('error', () => socket.destroy()).pipe(socket)).listen(socketPath);
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The next bytes, until there are as many as expected. */
function heard(link: Link, length: number): Promise<Buffer> {
  return new Promise((resolve) => {
    let all = Buffer.alloc(0);
    const stop = link.listen((bytes) => {
      all = Buffer.concat([all, bytes]);
      if (all.length < length) return;
      stop();
      resolve(all);
    });
  });
}

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

describe.each([
  ['a socket', async () => ({ link: await openSocket({ path: socketPath }, never), cut: async () => undefined })],
  [
    'a serial port',
    async () => {
      const pty = await openPty(socketPath);
      return { link: await openSerial({ path: pty.path, baud: 115_200, signal: never }), cut: () => pty.cut() };
    },
  ],
])('%s', (_, opened) => {
  test('carries every byte as it is, both ways', async () => {
    const { link, cut } = await opened();
    const answer = heard(link, 256);
    await link.write(everyByte, never);
    expect((await answer).equals(everyByte)).toBe(true);
    await link.close();
    await cut();
  });

  test('stops telling a listener that has stopped', async () => {
    const { link, cut } = await opened();
    const first: Uint8Array[] = [];
    const stop = link.listen((bytes) => first.push(bytes));
    stop();
    const answer = heard(link, 1);
    await link.write(Buffer.of(1), never);
    await answer;
    expect(first).toEqual([]);
    await link.close();
    await cut();
  });

  test('is lost when it is closed, once and with a reason, and refuses to write', async () => {
    const { link, cut } = await opened();
    await Promise.all([link.close(), link.close()]);
    expect(link.lost.reason).toMatchObject({ code: 'link.lost', details: { port: link.port } });
    await refusal(link.write(Buffer.of(1), never), 'link.lost');
    await cut();
  });

  test('does not write for a signal that is aborted', async () => {
    const { link, cut } = await opened();
    await expect(link.write(Buffer.of(1), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(link.lost.aborted).toBe(false);
    await link.close();
    await cut();
  });
});

test('pulling the cable loses a serial link without anybody asking', async () => {
  const pty = await openPty(socketPath);
  const link = await openSerial({ path: pty.path, baud: 115_200, signal: never });
  const lost = once(link.lost, 'abort');
  await pty.cut();
  await lost;
  expect(link.lost.reason).toMatchObject({ code: 'link.lost' });
  await link.close();
});

test('a port that gives no bytes is hung up, and is not read over and over', async () => {
  const file = await open('/dev/null', 'r');
  // Enough of serialport's binding: what a terminal does after a hang-up, /dev/null does at once.
  const port = { fd: file.fd, isOpen: true, poller: { once: () => undefined }, read: () => Promise.resolve() };
  noticeHangUp(port);
  await expect(Reflect.apply(port.read, port, [Buffer.alloc(8), 0, 8])).rejects.toThrow('hung up');
  await file.close();
});

test('the other end hanging up loses a socket link', async () => {
  const sockets: Socket[] = [];
  const shy = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(shy, 'listening');
  const connected = once(shy, 'connection');
  const link = await openSocket({ tcp: (shy.address() as AddressInfo).port }, never);
  await connected;
  const lost = once(link.lost, 'abort');
  for (const socket of sockets) socket.end();
  await lost;
  await refusal(link.write(Buffer.of(1), never), 'link.lost');
  await link.close();
  shy.close();
});

describe('a port that cannot be opened', () => {
  test('because it is not there is missing, by its name and lane', async () => {
    const path = join(folder, 'nothing');
    for (const missing of [
      links.socket({ path, lane: 3 }, never),
      links.serial({ path, baud: 115_200, lane: 3 }, never),
    ]) {
      expect((await refusal(missing, 'link.missing')).details).toEqual({ port: path, lane: 3 });
    }
  });

  test('because another lane holds it is refused with that reason', async () => {
    const pty = await openPty(socketPath);
    const first = await openSerial({ path: pty.path, baud: 115_200, signal: never });
    const error = await refusal(openSerial({ path: pty.path, baud: 115_200, signal: never }), 'link.refused');
    expect(error.details).toEqual({ port: pty.path, reason: 'this station holds it itself, for another lane' });
    await first.close();
    await pty.cut();
  });

  test('because it is no serial port, or its speed is none, is refused with that reason', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    const noPort = await refusal(openSerial({ path, baud: 115_200, signal: never }), 'link.refused');
    expect(noPort.details).toEqual({ port: path, reason: 'it is no serial port' });
    for (const baud of [0, 9_599, 3_000_001, 115_200.5, Number.NaN]) {
      await refusal(openSerial({ path, baud, signal: never }), 'link.refused');
    }
  });

  test('because nobody wants it any more ends with the signal’s reason', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(openSocket({ path: socketPath }, signal)).rejects.toThrow('enough');
    await expect(openSerial({ path: socketPath, baud: 9_600, signal })).rejects.toThrow('enough');
    const stop = new AbortController();
    const opening = openSocket({ path: socketPath }, stop.signal);
    stop.abort(new Error('changed my mind'));
    await expect(opening).rejects.toThrow('changed my mind');
  });
});

describe('a driver that misbehaves', () => {
  test('by never ending its close is left behind', async () => {
    const link = new DuplexLink('stuck', new PassThrough(), { isOpen: () => true, end: () => undefined });
    await link.close();
    expect(link.lost.aborted).toBe(true);
  });

  test('by an error after its close does not end the process', async () => {
    const stream = new PassThrough();
    const link = new DuplexLink('late', stream, { isOpen: () => true, end: (ended) => ended() });
    await link.close();
    const { reason } = link.lost;
    stream.emit('error', new Error('Port is not open'));
    expect(link.lost.reason).toBe(reason);
  });

  test('by never finishing a write ends with the caller’s signal', async () => {
    const stream = new PassThrough({ highWaterMark: 1, write: () => undefined });
    const link = new DuplexLink('full', stream, { isOpen: () => true, end: (ended) => ended() });
    const stop = new AbortController();
    const write = link.write(Buffer.of(1), stop.signal);
    stop.abort(new Error('enough'));
    await expect(write).rejects.toThrow('enough');
    expect(link.lost.aborted).toBe(false);
    await link.close();
  });
});
