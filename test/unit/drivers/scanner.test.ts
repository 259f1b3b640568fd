import { once } from 'node:events';
import { rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SerialScanner } from '../../../drivers/scanner.ts';
import { seeded } from '../../../drivers/simulated/unit/random.ts';
import { openPty, type Pty } from '../../suites/pty.ts';
import { long, testSeed } from '../../suites/seed.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

/** The machine may be busy with other tests. */
const patience = { timeout: 20_000 };

// A scanner at a pseudo-terminal, whose other end is the test.

let folder: string;
let server: Server;
let place: string;
let scanner: SerialScanner;
let cable: { pty: Pty; socket: Socket } | undefined;
let codes: (string | undefined)[];
let states: (string | undefined)[];

beforeEach(async () => {
  folder = temporaryFolder();
  place = join(folder, 'by-path');
  server = createServer();
  server.listen(join(folder, 'scanner'));
  await once(server, 'listening');
  codes = [];
  states = [];
});
afterEach(async () => {
  await scanner.close();
  await unplug();
  server.close();
});

async function plug(): Promise<Socket> {
  const joined = once(server, 'connection') as Promise<[Socket]>;
  const pty = await openPty(join(folder, 'scanner'));
  const [socket] = await joined;
  socket.on('error', () => socket.destroy());
  symlinkSync(pty.path, place);
  cable = { pty, socket };
  return socket;
}

async function unplug(): Promise<void> {
  rmSync(place, { force: true });
  await cable?.pty.cut();
  cable?.socket.destroy();
  cable = undefined;
}

function listen(prefix?: string): void {
  scanner = new SerialScanner(
    { scanner: 1, path: place, baud: 115_200, ending: 'line', ...(prefix ? { prefix } : {}) },
    {
      scanned: (frame) => codes.push('code' in frame ? frame.code : undefined),
      is: (error) => states.push(error?.code),
    },
  );
}

test('codes are told as they are read; unplugged, the scanner is missed once, and read again when it is back', async () => {
  const first = await plug();
  listen();
  await expect.poll(() => states, patience).toEqual([undefined]);
  first.write('P-1\r\nP-2\r\n');
  await expect.poll(() => codes, patience).toEqual(['P-1', 'P-2']);
  await unplug();
  await expect.poll(() => states, patience).toEqual([undefined, 'scanner.gone']);
  const second = await plug();
  await expect.poll(() => states, patience).toEqual([undefined, 'scanner.gone', undefined]);
  second.write('P-3\r\n');
  await expect.poll(() => codes, patience).toEqual(['P-1', 'P-2', 'P-3']);
});

test('a scanner that is not there at the start is told, and taken when it comes', async () => {
  listen();
  await expect.poll(() => states, patience).toEqual(['scanner.gone']);
  const socket = await plug();
  await expect.poll(() => states, patience).toEqual(['scanner.gone', undefined]);
  socket.write('P-1\r');
  await expect.poll(() => codes, patience).toEqual(['P-1']);
});

test('half a code that never ends is told as a misread, and the next code comes alone', async () => {
  const socket = await plug();
  listen();
  await expect.poll(() => states, patience).toEqual([undefined]);
  socket.write('HALF');
  await expect.poll(() => codes, patience).toEqual([undefined]);
  socket.write('P-1\r');
  await expect.poll(() => codes, patience).toEqual([undefined, 'P-1']);
});

test('half a code that was read when the cable went is no part of the first one afterwards', async () => {
  const socket = await plug();
  listen();
  await expect.poll(() => states, patience).toEqual([undefined]);
  socket.write('WHOLE\rHA');
  await expect.poll(() => codes, patience).toEqual(['WHOLE']);
  await unplug();
  await expect.poll(() => states, patience).toEqual([undefined, 'scanner.gone']);
  const again = await plug();
  await expect.poll(() => states, patience).toHaveLength(3);
  again.write('LF\r');
  await expect.poll(() => codes.at(-1), patience).toBe('LF');
  expect(codes.filter((code) => code !== undefined)).toEqual(['WHOLE', 'LF']);
});

const count = long ? 20_000 : 300;
test(`${count} bursts of garbage between codes: every code with its prefix arrives, whole, in order, and nothing else`, async () => {
  const random = seeded(testSeed('scanner'));
  const whole = (below: number) => Math.floor(random() * below);
  const socket = await plug();
  listen('~');
  await expect.poll(() => states, patience).toEqual([undefined]);
  const sent: string[] = [];
  for (let burst = 0; burst < count; burst++) {
    const garbage = Buffer.from(Array.from({ length: whole(40) }, () => whole(256)).filter((byte) => byte !== 0x7e));
    const code = `P-${burst}`;
    sent.push(code);
    if (!socket.write(Buffer.concat([garbage, Buffer.from(`~${code}\r\n`)]))) await once(socket, 'drain');
  }
  await expect.poll(() => codes.at(-1), patience).toBe(sent.at(-1));
  expect(codes.filter((code) => code !== undefined)).toEqual(sent);
});
