import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { platform } from 'node:os';
import type { WiredUnit } from './wired.ts';

/** Where a fixture's cable ends: the unit that is on it now, if any. */
export type Fixture = {
  unit: WiredUnit | undefined;
  /** Whoever is connected now. */
  readonly sockets: Set<Socket>;
};

/**
 * Listens at the path (a Unix socket, or a Windows pipe) and lets whoever connects talk to the unit that is on the
 * fixture at that moment. Without a unit the bytes go nowhere, as on a real cable. Rejects when it cannot listen.
 */
export function listenFixture(path: string, fixture: Fixture): Promise<Server> {
  // A process that was killed leaves its socket's name behind.
  if (platform() !== 'win32') rmSync(path, { force: true });
  const server = createServer((socket) => serve(socket, fixture));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function serve(socket: Socket, fixture: Fixture): void {
  fixture.sockets.add(socket);
  socket.on('close', () => fixture.sockets.delete(socket));
  socket.on('data', (bytes: Buffer) => {
    for (const frame of fixture.unit?.receive(bytes) ?? []) socket.write(frame);
  });
  // The other end may vanish at any time; the unit goes on.
  socket.on('error', () => socket.destroy());
}
