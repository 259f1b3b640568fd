import { constants, type X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_ROOT, answerAdmin } from './admin-api.ts';
import { sentCertificates } from './certificate-chain.ts';
import { answerDevice } from './device-api.ts';
import { DpsError, type ErrorBody, errorBody } from './errors.ts';
import type { Instance } from './instance.ts';
import { answerManagement } from './management-api.ts';
import { type Answer, type Call, segmentsOf } from './route.ts';
import { answerService } from './service-api.ts';
import type { TlsIdentity } from './tls.ts';

/** No message may be larger (DPS quotas and limits). */
const MOST_BYTES = 96 * 1024;

/** Every answer says that it comes from the emulator, so that a production station can refuse the service. */
const ALWAYS = {
  'x-birthmark-emulator': 'practice',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
};

/**
 * Devices may show a certificate and need not. Whether it is good is judged for each call, with no store of certificates
 * here: OpenSSL would fill gaps in a chain from it, and drop what was sent of a chain that it trusts. Without tickets no
 * session is resumed, since a resumed one has the device's own certificate and has lost those that it sent with it.
 */
const tlsOptions: ServerOptions = {
  minVersion: 'TLSv1.2',
  requestCert: true,
  rejectUnauthorized: false,
  ca: [],
  secureOptions: constants.SSL_OP_NO_TICKET,
};

/** What each connection's client showed of certificates at its handshake. */
const presented = new WeakMap<Socket, X509Certificate[]>();

/** Serves an instance over TLS. `settled` resolves when no request is being worked on; `closing` ends what waits. */
export function serve(instance: Instance, tls: TlsIdentity, adminToken: string, closing: AbortSignal) {
  const pending = new Set<Promise<void>>();
  const server: Server = createServer({ ...tlsOptions, key: tls.key, cert: [tls.cert, tls.ca].join('\n') });
  server.on('secureConnection', (socket) => presented.set(socket, sentCertificates(socket)));
  // What is no HTTP is told so with the emulator's name on it, too.
  server.on('clientError', (_error, socket) => {
    if (socket.writable)
      socket.end('HTTP/1.1 400 Bad Request\r\nx-birthmark-emulator: practice\r\nConnection: close\r\n\r\n');
  });
  server.on('request', (request, response) => {
    const work = exchange(instance, adminToken, closing, request, response).catch((error: unknown) => {
      // The caller went away, or the emulator is closing: there is nobody left to answer.
      if (!closing.aborted && !request.socket.destroyed) reportFault(error);
      request.socket.destroy();
    });
    pending.add(work);
    void work.finally(() => pending.delete(work));
  });
  return { server, settled: () => Promise.all(pending) };
}

async function exchange(
  instance: Instance,
  adminToken: string,
  closing: AbortSignal,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const { path, call } = readCall(request, body ?? '');
  const write = (status: number | 'dropped') =>
    instance.log.add({ at: new Date(instance.now()).toISOString(), method: call.method, path, status });
  if (call.segments[0]?.toLowerCase() === ADMIN_ROOT) {
    return send(
      response,
      answer(instance, () => answerAdmin(instance, adminToken, call)),
    );
  }
  const { switches } = instance;
  if (switches.latencyMs > 0) await sleep(switches.latencyMs, undefined, { signal: closing });
  if (switches.offline || request.socket.destroyed) return drop(request, write);
  const given = failing(instance) ?? answer(instance, () => dispatch(instance, adminToken, call, body));
  if (switches.loseReplies > 0) {
    switches.loseReplies -= 1;
    return drop(request, write);
  }
  write(given.status);
  send(response, given);
}

/** The global host serves devices alone; an instance's own host serves both (private endpoints). */
function dispatch(instance: Instance, adminToken: string, call: Call, body: string | undefined): Answer {
  if (body === undefined) throw new DpsError('tooLarge', undefined, { Connection: 'close' });
  const host = call.header('host')?.replace(/:\d+$/, '').toLowerCase();
  const forDevices = host === instance.deviceHost;
  const found =
    (forDevices ? undefined : (answerManagement(instance, adminToken, call) ?? answerService(instance, call))) ??
    answerDevice(instance, call);
  if (!found) throw new DpsError('noSuchResource');
  return found;
}

/** The answer of a switch instead of an API's, and without acting. */
function failing(instance: Instance): Answer | undefined {
  const { failNext } = instance.switches;
  if (failNext.count <= 0) return undefined;
  instance.switches.failNext = { ...failNext, count: failNext.count - 1 };
  const { status, retryAfterSeconds, body } = failNext;
  const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
  if (body !== undefined) return { status, headers, body: Buffer.from(body) };
  return refused(status, headers, errorBody(status * 1000, 'A switch of the emulator says so', instance.writeTime()));
}

function answer(instance: Instance, act: () => Answer): Answer {
  try {
    return act();
  } catch (error) {
    const refusal = error instanceof DpsError ? error : new DpsError('internal', undefined, {}, error);
    if (refusal !== error) reportFault(error);
    const body = errorBody(refusal.code, refusal.message, instance.writeTime());
    return refused(refusal.status, refusal.headers, body);
  }
}

function refused(status: number, headers: Record<string, string>, body: ErrorBody): Answer {
  const named = { 'x-ms-error-code': String(body.errorCode), 'x-ms-request-id': body.trackingId };
  return { status, body, headers: { ...headers, ...named } };
}

function drop(request: IncomingMessage, write: (status: 'dropped') => void): void {
  write('dropped');
  request.socket.destroy();
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (body === undefined) {
    response.writeHead(status, { ...ALWAYS, ...headers }).end();
    return;
  }
  const type = { 'Content-Type': 'application/json; charset=utf-8' };
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(status, { ...ALWAYS, ...type, 'Content-Length': bytes.length, ...headers }).end(bytes);
}

/** The body as text; undefined when it is too large, whose rest is left unread. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readCall(request: IncomingMessage, body: string): { path: string; call: Call } {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const header = (name: string) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const method = request.method ?? 'GET';
  const certificates = presented.get(request.socket) ?? [];
  const segments = segmentsOf(path);
  return { path, call: { method, segments, query: new URLSearchParams(query), header, body, certificates } };
}

/** A fault of the emulator itself. Its text may name places in the code, never what a request carried. */
function reportFault(error: unknown): void {
  process.stderr.write(`DPS emulator: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown fault'}\n`);
}
