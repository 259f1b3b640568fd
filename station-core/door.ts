import { createHash } from 'node:crypto';
import { chmodSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { Client, type Port } from './contract/rpc.ts';
import { serveStation } from './serve.ts';
import type { Station } from './station.ts';

// How commands reach the process that holds a station's folder: a socket in the folder, which only its user may open, with the
// same calls and the same sign-in as every other way in. One JSON message a line.

/** What `sun_path` of a Unix socket takes on every system, with its final zero byte (unix(7): 108; macOS: 104). */
const longestPath = 103;
const longestMessage = 1 << 24;

/** Where the door of a folder is; none when its path is too long for a socket. */
export function doorOf(folder: string): string | undefined {
  if (platform() === 'win32') {
    const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32);
    return `\\\\.\\pipe\\birthmark-${name}`;
  }
  const path = join(folder, 'door.sock');
  return Buffer.byteLength(path) <= longestPath ? path : undefined;
}

/** Serves a station at the door of its folder, which this process holds; answers how to close it. */
export async function openDoor(station: Station, folder: string): Promise<() => Promise<void>> {
  const path = doorOf(folder);
  if (path === undefined) {
    station.parts.log.logger.warn('other commands cannot reach this station: the path of its folder is too long');
    return async () => undefined;
  }
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    serveStation(station, portOf(socket));
  });
  // Whoever left this behind died with its lock.
  if (platform() !== 'win32') rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.on('error', (thrown) => void station.parts.log.incident(thrown));
  if (platform() !== 'win32') chmodSync(path, 0o600);
  return async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

/** A client at the door of a folder that somebody holds; none when nobody answers there. */
export function knock(folder: string): Promise<{ readonly client: Client; close(): void } | undefined> {
  const path = doorOf(folder);
  if (path === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => resolve({ client: new Client(portOf(socket)), close: () => socket.destroy() }));
  });
}

/** Lines of JSON as whole messages; what is none arrives as nothing and is answered as such, and who sends endless lines is cut off. */
function portOf(socket: Socket): Port {
  socket.setEncoding('utf8');
  let listener: (message: unknown) => void = () => undefined;
  let rest = '';
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) listener(json(line));
    if (rest.length > longestMessage) socket.destroy();
  });
  return {
    send: (message) => {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
    },
    onMessage: (hear) => {
      listener = hear;
    },
    onClose: (closed) => {
      socket.on('close', closed);
      socket.on('error', () => socket.destroy());
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the protocol answers it as a message that is none
  }
}
