import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { asStationError, StationError } from '../contract/errors.ts';
import { find, read } from './finding.ts';
import { Gate, type GateNeed } from './gate.ts';
import { readJson } from './read-body.ts';
import { problemOf, Refusal } from './refusals.ts';
import { type Desk, type Reply, types } from './routes.ts';

export type MesServerNeed = GateNeed & {
  readonly desk: Desk;
  readonly incident: (thrown: unknown) => string;
};

/** Where it listens; `tls` are PEM. */
export type MesPlace = {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
};

export type MesServer = { readonly port: number; close(): Promise<void> };

/** What one station has for factory systems: a handful of clients, never so many that lanes would feel it. */
const mostConnections = 64;
const mostAtOnce = 16;
const limits = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 10_000,
  /** With its body: 16 MB at 10 Mbit/s take 13 s. */
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
} as const;

/** Serves factory systems, until it is closed. Throws `link.refused` where the port is not to be had. */
export async function serveMes(need: MesServerNeed, place: MesPlace): Promise<MesServer> {
  const answering = new Answering(need);
  const server = listening(place, (request, response) => void answering.answer(request, response));
  server.maxConnections = mostConnections;
  server.maxHeadersCount = 64;
  server.maxRequestsPerSocket = 10_000;
  // The body is asked for once it is known who sends it, and not before.
  server.on('checkContinue', (request, response) => void answering.answer(request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseRaw(error, socket));
  await listen(server, place);
  server.on('error', (thrown) => void need.incident(thrown));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening({ tls }: MesPlace, listener: RequestListener): Server {
  return tls
    ? createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 }, listener)
    : createServer(limits, listener);
}

function listen(server: Server, { host, port }: MesPlace): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new StationError('link.refused', { port: `${host}:${port}`, reason: cause.code ?? 'unknown' }, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

/** Answers each request, whatever it is, with what was asked for or with a problem. */
class Answering {
  readonly #need: MesServerNeed;
  readonly #gate: Gate;
  #now = 0;
  /** One body at a time: an order fills 16 MB, and is read before it is checked. */
  #reading = false;

  constructor(need: MesServerNeed) {
    this.#need = need;
    this.#gate = new Gate(need);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#now++;
    response.on('error', () => undefined); // whoever asked is gone; nothing is left to tell
    try {
      send(request, response, await this.#reply(request, response));
    } catch (thrown) {
      const known = thrown instanceof Refusal ? thrown : asStationError(thrown, () => this.#need.incident(thrown));
      const { status, headers, body } = problemOf(known);
      write(request, response, status, { ...headers, 'content-type': 'application/problem+json' }, body);
    } finally {
      this.#now--;
    }
  }

  async #reply(request: IncomingMessage, response: ServerResponse): Promise<Reply> {
    const { headers, socket, method = '', url = '' } = request;
    if (this.#now > mostAtOnce) throw busy();
    // Nobody learns what there is without a key.
    const key = this.#gate.enter(headers, socket.remoteAddress ?? '');
    const { route, ...given } = find(method, url);
    this.#gate.require(key, route.scope);
    const path = read(route.parameters, given.path, 'path');
    const query = read(route.query, given.query, 'query');
    const { desk } = this.#need;
    if (!route.body) return route.reply(desk, { key, path, query, body: undefined });
    if (this.#reading) throw busy();
    this.#reading = true;
    try {
      return await route.reply(desk, { key, path, query, body: await readJson(request, response) });
    } finally {
      this.#reading = false;
    }
  }
}

const busy = (): Refusal => new Refusal('http.busy', {}, { 'retry-after': '1' });

/** An answer is tagged by what it says, so that whoever has it already gets it told in few bytes (RFC 9110 section 13.1.2). */
function send(request: IncomingMessage, response: ServerResponse, { status, type, body }: Reply): void {
  const headers = { 'content-type': types[type] };
  if (type !== 'json' || status !== 200) {
    write(request, response, status, headers, body);
    return;
  }
  const etag = `"${createHash('sha256').update(body, 'utf8').digest('base64url').slice(0, 22)}"`;
  const has = (request.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  const same = request.method !== 'PUT' && has.includes(etag);
  write(request, response, same ? 304 : status, { ...headers, etag }, same ? '' : body);
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  if (response.headersSent || response.destroyed) return;
  // What is left of a body that nobody wants is not read: the connection ends with the answer.
  const rest = request.complete || !hasBody(request) ? {} : { connection: 'close' };
  const length = status === 304 ? {} : { 'content-length': String(Buffer.byteLength(body, 'utf8')) };
  response.writeHead(status, { ...always, ...rest, ...length, ...headers });
  response.end(body);
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** What is no HTTP, or comes too slowly: the same refusals, without a response to write them into. */
function refuseRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, body } = problemOf(rawRefusal(error.code));
  const { title } = JSON.parse(body) as { title: string };
  const head = `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function rawRefusal(code: string | undefined): Refusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Refusal('http.late');
  if (code === 'HPE_HEADER_OVERFLOW') return new Refusal('http.headers');
  return new Refusal('http.malformed', { what: 'it is no HTTP/1.1' });
}
