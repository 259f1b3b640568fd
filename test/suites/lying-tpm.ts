import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of a command: its code, the command, and how the TPMs behind the port are asked. */
export type Lie = (
  code: number,
  command: Buffer,
  ask: (port: number, command: Buffer) => Promise<Buffer>,
) => Promise<Buffer>;

/** A TCP port that answers as a TPM, by asking real ones and lying. The caller closes it. */
export async function lyingTpm(lie: Lie): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let asked = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      asked = Buffer.concat([asked, bytes]);
      if (asked.length < 10 || asked.length < asked.readUInt32BE(2)) return;
      const command = asked;
      asked = Buffer.alloc(0);
      lie(command.readUInt32BE(6), command, askAt).then(
        (answer) => socket.write(answer),
        () => socket.destroy(),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** A connection for each command: swtpm serves one client at a time. */
async function askAt(port: number, command: Buffer): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(command);
  let answer = Buffer.alloc(0);
  while (answer.length < 10 || answer.length < answer.readUInt32BE(2)) {
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    answer = Buffer.concat([answer, bytes]);
  }
  const closed = once(socket, 'close');
  socket.end();
  await closed;
  return answer;
}
