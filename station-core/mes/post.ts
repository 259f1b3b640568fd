import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { StationError } from '../contract/errors.ts';

/** A receiver that takes longer is asked again later. */
const deadlineMs = 10_000;
/** What a receiver says beside its status is nobody's business, and is not read beyond this. */
const largestAnswer = 64 * 1024;
const mostSockets = 8;

export type Answered = {
  readonly status: number;
  /** What it asked us to wait, if it did. */
  readonly retryAfterSeconds: number;
};

/** One receiver, with connections kept alive. Redirects are not followed: what is signed for one place goes to no other. */
export class Post {
  readonly #name: string;
  readonly #url: URL;
  readonly #agent: Agent;

  /** `ca` is PEM of the only CAs that are believed. */
  constructor(name: string, url: string, ca: Buffer | undefined) {
    this.#name = name;
    this.#url = new URL(url);
    const kept = { keepAlive: true, maxSockets: mostSockets } as const;
    this.#agent =
      this.#url.protocol === 'https:'
        ? new TlsAgent({ ...kept, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) })
        : new Agent(kept);
  }

  /** Throws `webhook.unreachable` where nobody answers in time, or the signal's reason. */
  async send(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answered> {
    const late = AbortSignal.timeout(deadlineMs);
    try {
      return await this.#request(Buffer.from(body, 'utf8'), headers, AbortSignal.any([signal, late]));
    } catch (cause) {
      signal.throwIfAborted();
      const reason = late.aborted ? `no answer in ${deadlineMs / 1_000} s` : reasonOf(cause);
      throw new StationError('webhook.unreachable', { name: this.#name, reason }, { cause });
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #request(body: Buffer, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answered> {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    const start = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = start(this.#url, {
      method: 'POST',
      agent: this.#agent,
      headers: { 'content-type': 'application/json', 'content-length': String(body.length), ...headers },
      signal,
    });
    let answered = false;
    request.on('response', (answer) => {
      answered = true;
      drained(answer).then(() => resolve(answeredBy(answer)), reject);
    });
    request.on('error', reject);
    // A switch to another protocol ends a request with neither an error nor an answer.
    request.on('close', () => {
      if (!answered) reject(new Error('no answer before the end'));
    });
    request.end(body);
    return promise;
  }
}

async function drained(answer: IncomingMessage): Promise<void> {
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestAnswer) continue;
    answer.destroy();
    return;
  }
}

const answeredBy = ({ statusCode = 0, headers }: IncomingMessage): Answered => ({
  status: statusCode,
  retryAfterSeconds: /^\d{1,5}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : 0,
});

const reasonOf = (thrown: unknown): string => {
  const { code } = thrown as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'no answer';
};
