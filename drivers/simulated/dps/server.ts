import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { readBody, readHead, send } from '../messages.ts';
import { ADMIN_ROOT, answerAdmin } from './admin-api.ts';
import { answerDevice } from './device-api.ts';
import { answerLogin, LOGIN_HOST } from './entra/token-endpoint.ts';
import { DpsError } from './errors.ts';
import { answered, carryOut } from './exchange.ts';
import { failingToken } from './faults.ts';
import type { Instance } from './instance.ts';
import { answerManagement } from './management-api.ts';
import type { Sessions } from './mqtt/sessions.ts';
import { MqttUpgrade } from './mqtt/websocket.ts';
import { type Answer, type Call, segmentsOf } from './route.ts';
import { answerService } from './service-api.ts';
import { Handshakes, type TlsIdentity, tlsOptions } from './tls.ts';

/** No message may be larger (DPS quotas and limits). */
const MOST_BYTES = 96 * 1024;

/** Every answer says that it comes from the emulator, so that a production station can refuse the service. */
const ALWAYS = {
  'x-birthmark-emulator': 'practice',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
};

/** Serves an instance over HTTPS, and MQTT over WebSocket beside it. */
export function serve(instance: Instance, tls: TlsIdentity, adminToken: string, sessions: Sessions): Server {
  const server = createServer(tlsOptions(tls));
  const handshakes = new Handshakes();
  server.on('secureConnection', (socket) => handshakes.note(socket));
  server.on('clientError', (_error, socket) => complain(instance, socket, '400 Bad Request'));
  server.on('request', (request, response) => {
    instance.background.begin(() => respond({ instance, adminToken, handshakes }, request, response));
  });
  const upgrade = new MqttUpgrade();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = upgrade.refusal(request);
    if (refusal !== undefined) return complain(instance, socket, refusal);
    const peer = handshakes.peerOf(request.socket as TLSSocket);
    upgrade.accept(request, socket, head, (stream) => sessions.begin(stream, peer));
  });
  return server;
}

/** What is no call of HTTP is told so with the emulator's name on it, too. */
function complain(instance: Instance, socket: Duplex, status: string): void {
  const date = `Date: ${dateOf(instance)}`;
  const lines = [`HTTP/1.1 ${status}`, date, 'x-birthmark-emulator: practice', 'Connection: close', '', ''];
  if (socket.writable) socket.end(lines.join('\r\n'));
}

type Served = { readonly instance: Instance; readonly adminToken: string; readonly handshakes: Handshakes };

async function respond(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const given = await answerOf(served, request);
    if (given === 'dropped') request.socket.destroy();
    else send(response, { ...ALWAYS, Date: dateOf(served.instance) }, given);
  } catch (error) {
    const gone = request.socket.destroyed;
    request.socket.destroy();
    // The caller went away: there is nobody left to answer.
    if (!gone) throw error;
  }
}

async function answerOf(served: Served, request: IncomingMessage): Promise<Answer | 'dropped'> {
  const { instance, adminToken, handshakes } = served;
  const body = await readBody(request, MOST_BYTES);
  const { path, call } = readCall(request, body ?? '', handshakes);
  if (call.segments[0]?.toLowerCase() === ADMIN_ROOT) {
    return answered(instance, () => answerAdmin(instance, adminToken, call));
  }
  const forLogin = hostOf(call) === LOGIN_HOST;
  const act = (): Answer => {
    if (body === undefined) throw new DpsError('tooLarge', undefined, { Connection: 'close' });
    return forLogin ? answerLogin(instance, call) : dispatch(instance, adminToken, call);
  };
  return carryOut(instance, {
    method: call.method,
    path,
    transport: 'https',
    act,
    ...(forLogin && { failing: () => failingToken(instance) }),
    gone: () => request.socket.destroyed,
  });
}

/** The global host serves devices alone; an instance's own host serves both (private endpoints). */
function dispatch(instance: Instance, adminToken: string, call: Call): Answer {
  const forDevices = hostOf(call) === instance.deviceHost;
  const found =
    (forDevices ? undefined : (answerManagement(instance, adminToken, call) ?? answerService(instance, call))) ??
    answerDevice(instance, call);
  if (!found) throw new DpsError('noSuchResource');
  return found;
}

function hostOf(call: Call): string | undefined {
  return call.header('host')?.replace(/:\d+$/, '').toLowerCase();
}

function dateOf(instance: Instance): string {
  return new Date(instance.now()).toUTCString();
}

function readCall(request: IncomingMessage, body: string, handshakes: Handshakes): { path: string; call: Call } {
  const { path, ...head } = readHead(request);
  const { certificates, address } = handshakes.peerOf(request.socket as TLSSocket);
  const call: Call = {
    ...head,
    segments: segmentsOf(path),
    body,
    certificates,
    transport: 'https',
    address,
  };
  return { path, call };
}
