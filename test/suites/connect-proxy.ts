// A forward proxy as factories have them: CONNECT alone (RFC 9110, 9.3.6), with a login, over HTTP.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export class ConnectProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What it was asked to reach, and with which login. */
  readonly asked: { readonly authority: string; readonly login: string | undefined }[] = [];
  /** What it answers instead of making a way, when set. */
  refuseWith: string | undefined;

  /** `login` is wanted of everybody; the way leads to the port of this machine that stands for what was asked for. */
  constructor(portOf: (authority: string) => number, login: string) {
    this.#server = createServer((_, response) => response.writeHead(405).end());
    this.#server.on('connect', (request, client: Socket) => {
      this.#keep(client);
      const given = /^Basic (.+)$/.exec(request.headers['proxy-authorization'] ?? '')?.[1];
      const decoded = given === undefined ? undefined : Buffer.from(given, 'base64').toString();
      this.asked.push({ authority: request.url ?? '', login: decoded });
      const refusal = this.refuseWith ?? (decoded === login ? undefined : '407 Proxy Authentication Required');
      if (refusal !== undefined) {
        client.end(`HTTP/1.1 ${refusal}\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      const there = this.#keep(connect(portOf(request.url ?? ''), '127.0.0.1'));
      there.once('connect', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        there.pipe(client).pipe(there);
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
    return socket;
  }
}
