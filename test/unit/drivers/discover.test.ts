import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Discovery, type PlugEvent } from '../../../drivers/discover.ts';
import { openSerial } from '../../../drivers/serial.ts';
import { refusal } from '../../suites/protocol.suite.ts';
import { openPty } from '../../suites/pty.ts';

let top: string;
let folder: string;
let events: PlugEvent[];
let failures: unknown[];
let discovery: Discovery | undefined;
let wake: () => void;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'birthmark-plugs-'));
  folder = join(top, 'serial', 'by-path');
  events = [];
  failures = [];
  wake = () => undefined;
  // Stand-ins for /dev/ttyUSB0 and so on: whatever a link can lead to.
  for (const device of ['tty0', 'tty1', 'tty2']) writeFileSync(join(top, device), '');
});
afterEach(() => {
  discovery?.close();
  rmSync(top, { recursive: true, force: true });
  expect(failures).toEqual([]);
});

function discover(): Discovery {
  const plugged = (event: PlugEvent) => {
    events.push(event);
    wake();
  };
  discovery = new Discovery({ folder, plugged, failed: (error) => failures.push(error) });
  return discovery;
}

/** The next events, in a short form; waits until there are so many. */
async function heard(count: number): Promise<string[]> {
  while (events.length < count) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  return events
    .splice(0, count)
    .map(({ type, byPath, device }) => `${type} ${byPath.slice(folder.length + 1)} ${name(device)}`);
}

const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const ports = () => discovery?.ports().map(({ byPath, device }) => `${name(byPath)} ${name(device)}`);
const makeFolder = () => mkdirSync(folder, { recursive: true });
/** As udev does it: the link is made under another name first, so that it is never half there. */
function plug(place: string, device: string): void {
  symlinkSync(join(top, device), join(top, 'serial', '.new'));
  renameSync(join(top, 'serial', '.new'), join(folder, place));
}
const pull = (place: string) => unlinkSync(join(folder, place));
/** As udev does it with the last link. */
function removeFolder(): void {
  rmdirSync(folder);
  rmdirSync(join(top, 'serial'));
}

test('what is plugged in already is known at once and is no event', async () => {
  makeFolder();
  plug('usb-1', 'tty0');
  discover();
  expect(ports()).toEqual(['usb-1 tty0']);
  plug('usb-2', 'tty1');
  expect(await heard(1)).toEqual(['attached usb-2 tty1']);
  expect(ports()).toEqual(['usb-1 tty0', 'usb-2 tty1']);
});

test('a port that is pulled is detached, and attached again when it comes back', async () => {
  makeFolder();
  plug('usb-1', 'tty0');
  plug('usb-2', 'tty1');
  discover();
  pull('usb-1');
  expect(await heard(1)).toEqual(['detached usb-1 tty0']);
  plug('usb-1', 'tty0');
  expect(await heard(1)).toEqual(['attached usb-1 tty0']);
});

test('a port that comes back under another number is the same place with another device', async () => {
  makeFolder();
  plug('usb-1', 'tty0');
  discover();
  plug('usb-1', 'tty2');
  expect(await heard(2)).toEqual(['detached usb-1 tty0', 'attached usb-1 tty2']);
  expect(ports()).toEqual(['usb-1 tty2']);
});

test('two adapters that change their numbers are told by their places', async () => {
  makeFolder();
  plug('usb-1', 'tty0');
  plug('usb-2', 'tty1');
  discover();
  plug('usb-1', 'tty1');
  plug('usb-2', 'tty0');
  const told = await heard(4);
  expect(told.filter((event) => event.startsWith('attached')).sort()).toEqual([
    'attached usb-1 tty1',
    'attached usb-2 tty0',
  ]);
});

test('the folder may be away at the start, and come with the first port', async () => {
  discover();
  expect(ports()).toEqual([]);
  makeFolder();
  plug('usb-1', 'tty0');
  expect(await heard(1)).toEqual(['attached usb-1 tty0']);
});

test('the folder goes with the last port and comes again with the next, however often', async () => {
  discover();
  for (let time = 0; time < 20; time += 1) {
    makeFolder();
    plug('usb-1', 'tty0');
    expect(await heard(1)).toEqual(['attached usb-1 tty0']);
    pull('usb-1');
    removeFolder();
    expect(await heard(1)).toEqual(['detached usb-1 tty0']);
  }
});

test('the folder may go while the one above it stays', async () => {
  makeFolder();
  plug('usb-1', 'tty0');
  discover();
  for (let time = 0; time < 3; time += 1) {
    pull('usb-1');
    rmdirSync(folder);
    expect(await heard(1)).toEqual(['detached usb-1 tty0']);
    makeFolder();
    plug('usb-1', 'tty0');
    expect(await heard(1)).toEqual(['attached usb-1 tty0']);
  }
});

test('a folder that is replaced before anybody looked is watched all the same', async () => {
  makeFolder();
  plug('usb-1', 'tty0');
  discover();
  pull('usb-1');
  removeFolder();
  makeFolder();
  plug('usb-1', 'tty1');
  expect(await heard(2)).toEqual(['detached usb-1 tty0', 'attached usb-1 tty1']);
  plug('usb-2', 'tty2');
  expect(await heard(1)).toEqual(['attached usb-2 tty2']);
});

test('a link that leads nowhere is no port', async () => {
  makeFolder();
  discover();
  plug('usb-1', 'nothing');
  plug('usb-2', 'tty0');
  expect(await heard(1)).toEqual(['attached usb-2 tty0']);
  expect(ports()).toEqual(['usb-2 tty0']);
});

test('nothing is told once it is closed, and closing twice is no error', async () => {
  makeFolder();
  const first = discover();
  first.close();
  first.close();
  plug('usb-1', 'tty0');
  discover();
  plug('usb-2', 'tty1');
  // The second one hears of it; the first would have told before.
  expect(await heard(1)).toEqual(['attached usb-2 tty1']);
});

test('a lane opens whatever is plugged at its place at that moment, and never another port', async () => {
  makeFolder();
  const server: Server = createServer((socket) => socket.on('error', () => socket.destroy())).listen(join(top, 'unit'));
  await once(server, 'listening');
  const [first, second] = await Promise.all([openPty(join(top, 'unit')), openPty(join(top, 'unit'))]);
  discover();
  const place = { path: join(folder, 'usb-1'), baud: 115_200, lane: 1, signal: new AbortController().signal };
  await refusal(openSerial(place), 'link.missing');
  for (const { path } of [first, second]) {
    rmSync(place.path, { force: true });
    symlinkSync(realpathSync(path), place.path);
    const link = await openSerial(place);
    // Held for this lane alone: that is how one sees which device was opened.
    await refusal(openSerial({ ...place, path: realpathSync(path) }), 'link.refused');
    expect(readdirSync(folder)).toEqual(['usb-1']);
    expect(link.port).toBe(place.path);
    await link.close();
  }
  pull('usb-1');
  await refusal(openSerial(place), 'link.missing');
  await Promise.all([first.cut(), second.cut()]);
  server.close();
});
