// The Microsoft reference simulator's framing in front of an swtpm, written from the protocol's description (TpmTcpProtocol.h of the
// simulator): the simulator itself is in no package that this project can install, and its framing is all that differs.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const sendCommand = 8;
const sessionEnd = 20;

/** A port that speaks the simulator's framing, with the TPM of `port` behind it. */
export async function simulatorInFrontOf(port: number): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((client) => serve(client, port));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

function serve(client: Socket, port: number): void {
  const tpm = connect(port, '127.0.0.1');
  let asked = Buffer.alloc(0);
  let answered = Buffer.alloc(0);
  client.on('data', (bytes) => {
    asked = Buffer.concat([asked, bytes]);
    while (asked.length >= 4) {
      const code = asked.readUInt32BE(0);
      if (code === sessionEnd) return void client.end();
      if (code !== sendCommand) return void client.destroy();
      // Locality, size, command.
      if (asked.length < 9 || asked.length < 9 + asked.readUInt32BE(5)) return;
      const end = 9 + asked.readUInt32BE(5);
      tpm.write(asked.subarray(9, end));
      asked = asked.subarray(end);
    }
  });
  tpm.on('data', (bytes) => {
    answered = Buffer.concat([answered, bytes]);
    if (answered.length < 10 || answered.length < answered.readUInt32BE(2)) return;
    const size = Buffer.alloc(4);
    size.writeUInt32BE(answered.length);
    // Size, response, and the zero that ends an exchange; in pieces, as TCP may bring them.
    client.write(Buffer.concat([size, answered.subarray(0, 7)]));
    client.write(Buffer.concat([answered.subarray(7), Buffer.alloc(4)]));
    answered = Buffer.alloc(0);
  });
  for (const [one, other] of [
    [client, tpm],
    [tpm, client],
  ] as const) {
    one.on('close', () => other.destroy());
    one.on('error', () => other.destroy());
  }
}
