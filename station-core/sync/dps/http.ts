import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { StationError } from '../../contract/errors.ts';
import { addressOf, type Endpoint, reasonOf, tlsOptions } from './endpoint.ts';
import { lookupByIpv4 } from './ipv4.ts';
import { reach } from './reach.ts';

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

/** The largest answer that is read: a page of 100 enrollments has about 100 KB. */
const largestAnswer = 4 * 1024 * 1024;

/** Each request ends: with an answer, or as unreachable after this time. */
const deadlineMs = 30_000;

/** One service over HTTPS, with connections kept alive. */
export class Https {
  readonly #endpoint: Endpoint;
  readonly #agent: Agent;

  constructor(endpoint: Endpoint) {
    const { host, proxy } = endpoint;
    this.#endpoint = endpoint;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 8,
      servername: host,
      ...tlsOptions(endpoint),
      lookup: lookupByIpv4(addressOf(endpoint).host),
      ...(proxy ? { proxyEnv: { HTTPS_PROXY: proxy.url } } : {}),
    });
  }

  /** As `send`, and ends as `cloud.unreachable` when no answer comes in time: each request ends. */
  async ask(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: Buffer | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const late = AbortSignal.timeout(deadlineMs);
    try {
      return await this.send(method, path, headers, body, AbortSignal.any([signal, late]));
    } catch (thrown) {
      if (!late.aborted || signal.aborted) throw thrown;
      const reason = `no answer in ${deadlineMs / 1_000} s`;
      throw new StationError('cloud.unreachable', { reason }, { cause: thrown });
    }
  }

  /**
   * One request and its whole answer. The caller zeroes `body`.
   * Throws `cloud.unreachable` with what is in the way, `cloud.malformed`, or the signal's reason.
   */
  send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: Buffer | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const { host } = this.#endpoint;
    const length = body || method !== 'GET' ? { 'content-length': String(body?.length ?? 0) } : {};
    return new Promise((resolve, reject) => {
      let answered = false;
      const fail = (error: Error) => reject(signal.aborted ? signal.reason : this.#failure(error));
      const request = httpsRequest(
        {
          agent: this.#agent,
          ...addressOf(this.#endpoint),
          method,
          path,
          headers: { host, ...length, ...headers },
          signal,
        },
        (answer) => {
          answered = true;
          collect(answer).then(resolve, fail);
        },
      );
      request.on('error', fail);
      // A switch to another protocol ends a request with neither an error nor an answer.
      request.on('close', () => {
        if (!answered) fail(new StationError('cloud.malformed', { what: 'no answer before the end' }));
      });
      request.end(body);
    });
  }

  /** Whether a TLS connection with the host's own certificate comes about; it is closed again. */
  async reachable(signal: AbortSignal): Promise<boolean> {
    const { failed } = await reach(this.#endpoint, signal);
    return failed === undefined;
  }

  close(): void {
    this.#agent.destroy();
  }

  #failure(error: NodeJS.ErrnoException): StationError {
    if (error instanceof StationError) return error;
    if (error.code?.startsWith('HPE_')) {
      return new StationError('cloud.malformed', { what: 'an answer that is not HTTP' }, { cause: error });
    }
    return new StationError('cloud.unreachable', { reason: reasonOf(error, this.#endpoint) }, { cause: error });
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
  const body = Buffer.concat(chunks);
  for (const chunk of chunks) chunk.fill(0);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}
