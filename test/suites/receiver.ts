// A system that is told of results: it answers as a test says, and keeps what it was sent.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Told = {
  readonly token: string;
  readonly body: { data: { n: number; serial: string; outcome: string } };
  readonly signed: boolean;
};
/** A status to answer with, or nothing at all: the connection breaks. */
export type Answering = (told: Told) => number | 'break';

export class Receiver {
  readonly told: Told[] = [];
  answering: Answering = () => 204;
  readonly #server: Server;
  readonly #listeners = new Set<() => void>();

  private constructor(secret: Buffer, tls?: { cert: string; key: string }) {
    const listener: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const told = {
          token: String(request.headers['webhook-id']),
          body: JSON.parse(text),
          signed: isSigned(request.headers, text, secret),
        };
        const status = this.answering(told);
        this.told.push(told);
        for (const listen of this.#listeners) listen();
        if (status === 'break') request.socket.destroy();
        else response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end();
      });
    };
    this.#server = tls ? createTlsServer(tls, listener) : createServer(listener);
  }

  static async open(secret: Buffer, tls?: { cert: string; key: string }): Promise<Receiver> {
    const receiver = new Receiver(secret, tls);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when it was sent what a test waits for. */
  until(there: (told: readonly Told[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!there(this.told)) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** As a receiver checks a message by the words of Standard Webhooks. */
function isSigned(headers: IncomingHttpHeaders, body: string, secret: Buffer): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given } = headers;
  const [version, signature = ''] = String(given).split(',');
  const own = createHmac('sha256', secret)
    .update(`${String(id)}.${String(time)}.${body}`)
    .digest();
  const theirs = Buffer.from(signature, 'base64');
  return version === 'v1' && theirs.length === own.length && timingSafeEqual(own, theirs);
}
