import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { holders } from '../../../drivers/holders.ts';
import type { Link } from '../../../drivers/link.ts';
import { uartV1 } from '../../../drivers/protocols/uart-v1.ts';
import { leadsTo, openSerial } from '../../../drivers/serial.ts';
import { SimulatedLine } from '../../../drivers/simulated/line.ts';
import { refusal } from '../../suites/protocol.suite.ts';
import { openPty, type Pty } from '../../suites/pty.ts';

const never = new AbortController().signal;
const top = join(import.meta.dirname, '../../..');
/** More than socket, pty and socat take when nobody reads at the other end. */
const tooMuch = Buffer.alloc(4_000_000, 1);
let folder: string;
let deaf: Server;
const deafEnds: Socket[] = [];
let pty: Pty;
let link: Link;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-serial-'));
  deaf = createServer({ pauseOnConnect: true }, (socket) => deafEnds.push(socket.on('error', () => socket.destroy())));
  deaf.listen(join(folder, 'deaf'));
  await once(deaf, 'listening');
});
afterAll(() => {
  deaf.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  pty = await openPty(join(folder, 'deaf'));
  link = await openSerial({ path: pty.path, baud: 3_000_000, signal: never });
});
afterEach(async () => {
  await link.close();
  await pty.cut();
  for (const socket of deafEnds.splice(0)) socket.destroy();
});

test('a write to a port that was closed is rejected, and is not queued for nobody', async () => {
  await link.close();
  await refusal(link.write(Buffer.of(1), never), 'link.lost');
});

test('a unit that never reads does not keep a write waiting for longer than its signal', async () => {
  const stop = new AbortController();
  const write = link.write(tooMuch, stop.signal);
  stop.abort(new Error('enough'));
  await expect(write).rejects.toThrow('enough');
  expect(link.lost.aborted).toBe(false);
});

test('closing ends with writes pending, which are rejected, and no later error ends the process', async () => {
  const writes = [tooMuch, Buffer.of(2), Buffer.of(3)].map((bytes) => refusal(link.write(bytes, never), 'link.lost'));
  await link.close();
  await Promise.all(writes);
  await link.close();
});

test('a cable that is pulled with writes pending rejects them as lost', async () => {
  const writes = [tooMuch, Buffer.of(2)].map((bytes) => refusal(link.write(bytes, never), 'link.lost'));
  await pty.cut();
  await Promise.all(writes);
});

test('a port that another program holds is refused, naming the program, and is free when that has ended', async () => {
  await link.close();
  const other = await openPty(join(folder, 'deaf'));
  const program = join(top, 'test/suites/port-holder.ts');
  const holder = fork(program, [other.path], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(holder, 'message');
  const error = await refusal(openSerial({ path: other.path, baud: 115_200, signal: never }), 'link.refused');
  // socat, which makes the terminal, has it open as well.
  expect(error.details.reason).toMatch(new RegExp(`^another program holds it \\(.*node, process ${holder.pid}\\b`));
  expect(error.message).toContain('Close the program that uses it.');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect((await holders(other.path)).map(({ pid }) => pid)).not.toContain(holder.pid);
  await other.cut();
});

test('a path that leads to another port by now is not the port that was opened', () => {
  const path = join(folder, 'place');
  const fd = openSync('/dev/null', 'r');
  symlinkSync('/dev/null', path);
  expect(leadsTo(path, { fd })).toBe(true);
  rmSync(path);
  expect(leadsTo(path, { fd })).toBe(false);
  symlinkSync('/dev/zero', path);
  expect(leadsTo(path, { fd })).toBe(false);
  closeSync(fd);
});

test('garbage, a pulled cable and a port under another number leave the lane usable at its place', async () => {
  const line = await SimulatedLine.start({ folder, lanes: 1 });
  await line.place(1, { label: 'SN-1', serial: 'SN-1' });
  const path = join(folder, 'usb-1');
  const plugged: Pty[] = [];
  for (let time = 0; time < 3; time += 1) {
    const cable = await openPty(line.port(1));
    plugged.push(cable);
    rmSync(path, { force: true });
    symlinkSync(cable.path, path);
    const own = await openSerial({ path, baud: 115_200, signal: never });
    await own.write(Buffer.from('00ff0355aa'.repeat(300), 'hex'), never);
    expect(await (await uartV1.open(own, never)).identity(never)).toMatchObject({ serial: 'SN-1' });
    const lost = once(own.lost, 'abort');
    await cable.cut();
    await lost;
    await own.close();
  }
  await line.stop();
});
