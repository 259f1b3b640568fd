// A TLS server that answers whatever bytes a test wants, HTTP or not, once it has read a whole request.

import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { openTlsIdentity } from '../../drivers/simulated/dps/tls.ts';
import { systemClock } from '../../station-core/clock.ts';
import { DpsClient } from '../../station-core/sync/dps/client.ts';

export type RawRequest = {
  readonly method: string;
  readonly path: string;
  readonly head: string;
  readonly body: Buffer;
};

/** What is sent: bytes, and then the connection is kept, closed, or reset. Nothing at all is a server that hangs. */
export type RawAnswer = { readonly bytes: Buffer; readonly after: 'keep' | 'close' | 'reset' } | 'hang';

export class RawService {
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();
  readonly requests: RawRequest[] = [];
  answer: (request: RawRequest) => RawAnswer = () => 'hang';

  constructor(tls: { readonly key: string; readonly cert: string }) {
    this.#server = createServer({ key: tls.key, cert: tls.cert }, (socket) => this.#serve(socket));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: TLSSocket): void {
    this.#sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const request = wholeRequest(received);
      if (!request) return;
      received = Buffer.alloc(0);
      this.requests.push(request);
      const answer = this.answer(request);
      if (answer === 'hang') return;
      socket.write(answer.bytes, () => {
        if (answer.after === 'close') socket.end();
        if (answer.after === 'reset') socket.destroy();
      });
    });
  }
}

/** A raw service, and a client of the station that asks it and waits for no budget. */
export type RawLine = { readonly service: RawService; readonly client: DpsClient; close(): void };

export async function openRawLine(): Promise<RawLine> {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
  const tls = openTlsIdentity(folder);
  const service = new RawService(tls);
  const host = 'raw.azure-devices-provisioning.net';
  const client = new DpsClient({
    endpoint: { host, connect: { host: '127.0.0.1', port: await service.listen() }, ca: tls.ca },
    connection: { host, policy: 'up', key: Buffer.alloc(32, 1) },
    pace: { perMinute: 1_000, take: async () => undefined, used: () => 0 },
    clock: systemClock,
    mode: 'practice',
  });
  const close = () => {
    client.close();
    service.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { service, client, close };
}

function wholeRequest(bytes: Buffer): RawRequest | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  if (bytes.length < end + 4 + length) return undefined;
  const [method = '', path = ''] = head.split(' ');
  return { method, path, head, body: bytes.subarray(end + 4, end + 4 + length) };
}

/** An answer as it should be: status, headers, a body of the right length. */
export function http(status: number, body: Buffer | string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const bytes = Buffer.from(body);
  const all = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Said\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}
