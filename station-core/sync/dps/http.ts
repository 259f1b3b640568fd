import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { connect } from 'node:tls';
import { StationError } from '../../contract/errors.ts';

/** How a service is reached. `connect` names another address for the host: a private endpoint, or the practice line. */
export type Endpoint = {
  readonly host: string;
  readonly connect?: { readonly host: string; readonly port: number };
  /** PEM of the only CA that is believed; without it, the system's. */
  readonly ca?: string;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

/** The largest answer that is read: a page of 100 enrollments has about 100 KB. */
const largestAnswer = 4 * 1024 * 1024;

/** One service over HTTPS, TLS 1.2 or newer (F-155), with connections kept alive. */
export class Https {
  readonly #endpoint: Endpoint;
  readonly #agent: Agent;

  constructor(endpoint: Endpoint) {
    const { ca, host } = endpoint;
    this.#endpoint = endpoint;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 8,
      minVersion: 'TLSv1.2',
      servername: host,
      ...(ca ? { ca } : {}),
    });
  }

  /**
   * One request and its whole answer. The caller zeroes `body`.
   * Throws `cloud.unreachable` with the system's code, or the signal's reason.
   */
  send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: Buffer | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const { host, connect } = this.#endpoint;
    const length = body || method !== 'GET' ? { 'content-length': String(body?.length ?? 0) } : {};
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => {
        if (signal.aborted) return reject(signal.reason);
        reject(new StationError('cloud.unreachable', { reason: error.code ?? 'no answer' }, { cause: error }));
      };
      const request = httpsRequest(
        {
          agent: this.#agent,
          host: connect?.host ?? host,
          port: connect?.port ?? 443,
          method,
          path,
          headers: { host, ...length, ...headers },
          signal,
        },
        (answer) => collect(answer).then(resolve, fail),
      );
      request.on('error', fail);
      request.end(body);
    });
  }

  /** Whether a TLS connection with the host's own certificate comes about; it is closed again. */
  reachable(signal: AbortSignal): Promise<boolean> {
    const { host, connect: at, ca } = this.#endpoint;
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const options = {
        host: at?.host ?? host,
        port: at?.port ?? 443,
        servername: host,
        minVersion: 'TLSv1.2',
      } as const;
      const socket = connect({ ...options, ...(ca ? { ca } : {}) });
      const end = (answer: boolean) => {
        signal.removeEventListener('abort', gone);
        socket.destroy();
        resolve(answer);
      };
      const gone = () => end(false);
      signal.addEventListener('abort', gone);
      // An error is the answer: there is no way to the service.
      socket
        .once('secureConnect', () => end(true))
        .once('close', gone)
        .on('error', gone);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function collect(answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestAnswer) {
      answer.destroy();
      throw new StationError('cloud.malformed', { what: `more than ${largestAnswer} bytes` });
    }
    chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
}
