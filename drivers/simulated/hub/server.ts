import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TlsIdentity } from '../dps/tls.ts';
import { readBody, readHead, send } from '../messages.ts';
import { errorBody, HubError } from './errors.ts';
import type { Hub } from './instance.ts';
import { answerRegistry } from './registry-api.ts';
import { type Answer, type Call, segmentsOf } from './route.ts';

/** A bulk call and a message have this much at most (dps-reference 10.4). */
const MOST_BYTES = 256 * 1024;

/** Every answer says that it comes from the stub, so that a production station can refuse the service. */
const ALWAYS = { 'x-birthmark-emulator': 'practice' };

/** Serves a hub over TLS. `settled` resolves when no request is being worked on; `closing` ends what waits. */
export function serve(hub: Hub, tls: TlsIdentity, closing: AbortSignal) {
  const pending = new Set<Promise<void>>();
  const server = createServer({ minVersion: 'TLSv1.2', key: tls.key, cert: [tls.cert, tls.ca].join('\n') });
  server.on('request', (request, response) => {
    const work = exchange(hub, closing, request, response).catch((error: unknown) => {
      // The caller went away, or the stub is closing: there is nobody left to answer.
      if (!closing.aborted && !request.socket.destroyed) reportFault(error);
      request.socket.destroy();
    });
    pending.add(work);
    void work.finally(() => pending.delete(work));
  });
  return { server, settled: () => Promise.all(pending) };
}

async function exchange(
  hub: Hub,
  closing: AbortSignal,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { switches } = hub;
  const body = await readBody(request, MOST_BYTES);
  const { path, call } = readCall(request, body ?? '');
  const write = (status: number | 'dropped') => {
    hub.requests.push({ method: call.method, path, status });
    if (hub.requests.length > 20_000) hub.requests.splice(0, 10_000);
  };
  if (switches.latencyMs > 0) await sleep(switches.latencyMs, undefined, { signal: closing });
  const drop = () => {
    write('dropped');
    request.socket.destroy();
  };
  if (switches.offline || request.socket.destroyed) return drop();
  const given = failing(hub) ?? answer(hub, call, body);
  if (switches.loseReplies > 0) {
    switches.loseReplies -= 1;
    return drop();
  }
  write(given.status);
  send(response, ALWAYS, given);
}

/** The answer of a switch instead of the registry's, and without acting. */
function failing(hub: Hub): Answer | undefined {
  const { failNext } = hub.switches;
  if (failNext.count <= 0) return undefined;
  hub.switches.failNext = { ...failNext, count: failNext.count - 1 };
  const { status, retryAfterSeconds, body } = failNext;
  const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
  const said =
    body === undefined ? errorBody('ServerError', 'A switch of the stub says so', hub.now()) : Buffer.from(body);
  return { status, headers, body: said };
}

function answer(hub: Hub, call: Call, body: string | undefined): Answer {
  try {
    if (body === undefined) throw new HubError('MessageTooLarge', undefined, { Connection: 'close' });
    return answerRegistry(hub, call);
  } catch (error) {
    const refusal = error instanceof HubError ? error : new HubError('ServerError', undefined, {}, error);
    if (refusal !== error) reportFault(error);
    const headers = { ...refusal.headers, 'iothub-errorcode': refusal.refusal };
    return { status: refusal.status, headers, body: errorBody(refusal.refusal, refusal.message, hub.now()) };
  }
}

function readCall(request: IncomingMessage, body: string): { path: string; call: Call } {
  const { path, ...head } = readHead(request);
  return { path, call: { ...head, segments: segmentsOf(path), body } };
}

/** A fault of the stub itself. Its text may name places in the code, never what a request carried. */
function reportFault(error: unknown): void {
  process.stderr.write(`IoT hub stub: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown fault'}\n`);
}
