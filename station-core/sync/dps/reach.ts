import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { addressOf, type Endpoint, reasonOf, tlsOptions } from './endpoint.ts';
import { lookupByIpv4 } from './ipv4.ts';
import { portOf } from './proxy.ts';

export type ReachStep = 'name' | 'connection' | 'proxy' | 'tls';

/** How far the way to a service leads. */
export type Reached = {
  /** What came about, in order, with what was found. */
  readonly steps: readonly { readonly step: ReachStep; readonly found: string }[];
  /** Where it ends, and why; nothing when TLS came about with the host's own certificate. */
  readonly failed?: { readonly step: ReachStep; readonly reason: string };
};

/**
 * Goes the way to a service step by step: the name, the connection, the proxy, TLS. Nothing is asked of the service. Never
 * throws: what is in the way is the answer.
 */
export async function reach(endpoint: Endpoint, signal: AbortSignal): Promise<Reached> {
  const steps: Reached['steps'][number][] = [];
  let at: ReachStep = 'name';
  let socket: Socket | undefined;
  try {
    const hop = firstHop(endpoint);
    const address = await addressBehind(hop.host, addressOf(endpoint).host, signal);
    steps.push({ step: at, found: `${hop.host} is ${address}` });
    at = 'connection';
    socket = connectTcp({ host: address, port: hop.port });
    await settled(socket, 'connect', signal);
    steps.push({ step: at, found: `${address} port ${hop.port}` });
    if (endpoint.proxy) {
      socket.destroy();
      at = 'proxy';
      socket = await tunnel(endpoint, signal);
      steps.push({ step: at, found: `${endpoint.proxy.shown} lets it through` });
    }
    at = 'tls';
    const secure: TLSSocket = connectTls({ socket, servername: endpoint.host, ...tlsOptions(endpoint) });
    socket = secure;
    await settled(secure, 'secureConnect', signal);
    steps.push({ step: at, found: `${secure.getProtocol()} with ${secure.getCipher().standardName}` });
    return { steps };
  } catch (thrown) {
    const reason = signal.aborted ? 'no answer in time' : reasonOf(thrown as NodeJS.ErrnoException, endpoint);
    return { steps, failed: { step: at, reason } };
  } finally {
    socket?.destroy();
  }
}

/** The first machine on the way. */
function firstHop(endpoint: Endpoint): { readonly host: string; readonly port: number } {
  if (!endpoint.proxy) return addressOf(endpoint);
  const url = new URL(endpoint.proxy.url);
  return { host: bare(url.hostname), port: portOf(url) };
}

/** A URL has an IPv6 address in brackets. */
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

function addressBehind(host: string, ipv4Host: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    lookupByIpv4(ipv4Host)(host, {}, (error, address) => (error ? reject(error) : resolve(String(address))));
  });
}

/** The event, or the error that comes first; a connection that is closed without either is one that was reset. */
async function settled(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  const gone = once(socket, 'close', { signal }).then(() => {
    throw Object.assign(new Error('closed'), { code: 'ECONNRESET' });
  });
  await Promise.race([once(socket, event, { signal }), gone]);
}

/** A way through the proxy (RFC 9110, 9.3.6). */
function tunnel({ proxy, ...endpoint }: Endpoint, signal: AbortSignal): Promise<Socket> {
  const url = new URL(proxy?.url ?? '');
  const { host, port } = addressOf(endpoint);
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization =
    url.username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send({
      host: bare(url.hostname),
      port: portOf(url),
      method: 'CONNECT',
      path: `${host}:${port}`,
      headers: { host: `${host}:${port}`, ...authorization },
      agent: false,
      signal,
    });
    const refuse = (statusCode: number | undefined) =>
      reject(Object.assign(new Error('no tunnel'), { code: 'ERR_PROXY_TUNNEL', statusCode }));
    request.on('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      refuse(statusCode);
    });
    request.on('response', ({ statusCode }) => {
      request.destroy();
      refuse(statusCode);
    });
    request.on('error', reject);
    request.end();
  });
}
