import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { StationError } from './contract/errors.ts';
import { pageFile, pageHeaders } from './contract/pages.ts';
import type { Port } from './contract/rpc.ts';
import { RefusedConnections } from './refused-connections.ts';
import { serveStation } from './serve.ts';
import { serveSetup } from './setup/serve-setup.ts';
import type { SetupHost } from './setup/setup-host.ts';
import type { Station } from './station.ts';

/** A station's screens on this machine alone. */
export type Loopback = { readonly address: string; close(): Promise<void> };

/** Who answers behind the socket: a station, or the set-up of one. */
export type Host = {
  readonly station: () => Station | undefined;
  readonly serve: (port: Port) => void;
  readonly incident: (thrown: unknown) => string;
};

export const hostOf = (station: Station): Host => ({
  station: () => station,
  serve: (port) => serveStation(station, port),
  incident: station.parts.log.incident,
});

/** `incident` takes what nobody foresaw before there is a station with a log. */
export function hostOfSetup(setup: SetupHost, early: (thrown: unknown) => string): Host {
  const station = () => setup.station?.station;
  const incident = (thrown: unknown) => station()?.parts.log.incident(thrown) ?? early(thrown);
  return { station, serve: (port) => serveSetup(setup, port, incident), incident };
}

/** An order of 100,000 units has about 10 MB. */
const largestMessage = 16 * 1024 * 1024;

const headers = (port: number) => pageHeaders(`ws://127.0.0.1:${port}`);

/**
 * Serves the screens in `pages` and the contract over a WebSocket, on 127.0.0.1 alone. The socket wants the random token
 * of this start, our own Origin and our own Host, so that no other page and no other name reaches it.
 */
export async function serveLoopback(host: Host, pages: string, port: number): Promise<Loopback> {
  const token = randomBytes(32).toString('base64url');
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    handleProtocols: () => 'birthmark',
  });
  const refused = new RefusedConnections(host.station);
  const server = createServer((request, response) => {
    page(pages, request, response, bound.port).catch((thrown: unknown) => {
      host.incident(thrown);
      response.writeHead(500).end();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const why = refusalOf(request, bound.port, token);
    if (why) {
      refused.note(why);
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => host.serve(portOf(opened)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new StationError(
          'link.refused',
          { port: `127.0.0.1:${port}`, reason: error.code ?? 'unknown' },
          { cause: error },
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    // Behind the #, so that the token stays in the browser and out of every log.
    address: `http://127.0.0.1:${bound.port}/#${token}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await refused.stop();
    },
  };
}

async function page(pages: string, request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  const found = pageFile(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
  if (request.headers.host !== `127.0.0.1:${port}` || request.method !== 'GET' || !found) {
    response.writeHead(404, headers(port)).end();
    return;
  }
  try {
    const bytes = await readFile(join(pages, found.file));
    response.writeHead(200, { ...headers(port), 'content-type': found.kind }).end(bytes);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    response.writeHead(404, headers(port)).end();
  }
}

/** What is wrong with a connection that may not be, or nothing. */
function refusalOf({ url, headers }: IncomingMessage, port: number, token: string): string | undefined {
  const { host, origin } = headers;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  if (url !== '/station') return 'path';
  if (host !== `127.0.0.1:${port}`) return 'host';
  if (origin !== `http://127.0.0.1:${port}`) return 'origin';
  return offered.some((one) => same(one, token)) ? undefined : 'token';
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A WebSocket as a port; what is no JSON text arrives as nothing, and is answered as such. */
function portOf(socket: WebSocket): Port {
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage: (listener) =>
      socket.on('message', (bytes, isBinary) => listener(isBinary ? undefined : json(String(bytes)))),
    onClose: (listener) => {
      socket.on('close', listener);
      socket.on('error', () => socket.terminate());
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
