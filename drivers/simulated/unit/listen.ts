import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { platform } from 'node:os';
import type { Cable } from './cable.ts';
import type { PoweredUnit } from './power.ts';

/** Where a fixture's cable ends: the unit that is on it now, if any. */
export type Fixture = {
  unit: PoweredUnit | undefined;
  /** What lies between the unit and whoever is connected. */
  cable: Cable;
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
  fixture.unit?.linked();
  const hear = (bytes: Buffer) => {
    if (socket.writable) socket.write(bytes);
  };
  const say = (bytes: Buffer) => fixture.cable.toStation.put(bytes, hear);
  const reach = (bytes: Buffer) => {
    for (const said of fixture.unit?.receive(bytes, say) ?? []) say(said);
  };
  socket.on('data', (bytes: Buffer) => fixture.cable.toUnit.put(bytes, reach));
  // The other end may vanish at any time; the unit goes on.
  socket.on('error', () => socket.destroy());
}
