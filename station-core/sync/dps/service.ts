import type * as z from 'zod/mini';
import type { Clock } from '../../clock.ts';
import { StationError } from '../../contract/errors.ts';
import type { Mode } from '../../contract/record.ts';
import { refusal, understood } from './answers.ts';
import type { Authorization } from './authorization.ts';
import { causeOfAnswer, causeOfRead, type Refused, refusedDetails, rightOf } from './diagnosis.ts';
import type { Endpoint } from './endpoint.ts';
import { type HttpAnswer, Https } from './http.ts';
import { parseHttpDate } from './http-date.ts';
import { refuseKeys, refusePrivate } from './outbound.ts';

const version = 'api-version=2021-10-01';

/** A probe of a network that is away ends after this time. */
const probeMs = 5_000;

/** No message may be larger (DPS quotas and limits; F-141). */
export const largestMessage = 96 * 1024;

/** An entry that nobody has: reading it is harmless, and shows whether the station may read at all. */
export const absentId = 'birthmark-check-absent';

/** The budget that all calls share. `cost` is how many operations a call counts as; one, when it is left out. */
export type Budget = {
  readonly perMinute: number;
  take(signal: AbortSignal, cost?: number): Promise<void>;
  /** How many operations went out in the last minute. */
  used(): number;
};

export type ServiceNeed = {
  readonly endpoint: Endpoint;
  readonly authorization: Authorization;
  readonly pace: Budget;
  readonly clock: Clock;
  readonly mode: Mode;
  /** Whether the service's limit counts a bulk call as one operation or as its entries: not published (docs/decisions.md). */
  readonly bulkCountsAs?: 'call' | 'items';
};

export type Call = {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  /** JSON; zeroed once it was sent. */
  readonly body?: Buffer;
  /** How many pairs of symmetric keys belong into the body. */
  readonly keyPairs?: number;
  readonly etag?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many entries it carries. */
  readonly items?: number;
};

/** One DPS instance as something that is called: budget, token, the last look at a body, deadline, and what a refusal means. */
export class Service {
  readonly #need: ServiceNeed;
  readonly #https: Https;
  #skewMs: number | undefined;
  #emulated = false;
  readonly #granted = new Set<string>();

  constructor(need: ServiceNeed) {
    this.#need = need;
    this.#https = new Https(need.endpoint);
  }

  /** How far the service's clock is ahead of the station's, in milliseconds, by the last answer; it tells whole seconds. */
  get skewMs(): number | undefined {
    return this.#skewMs;
  }

  /** Whether the service has said that it is the emulator. */
  get emulated(): boolean {
    return this.#emulated;
  }

  get need(): ServiceNeed {
    return this.#need;
  }

  /** Whether a TLS connection to the service comes about; nothing is asked and nothing is counted. */
  reachable(signal: AbortSignal): Promise<boolean> {
    return this.#https.reachable(AbortSignal.any([signal, AbortSignal.timeout(probeMs)]));
  }

  /** Reads one thing, or undefined where there is none. */
  async read<S extends z.core.$ZodType>(
    path: string,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S> | undefined> {
    const answer = await this.call({ method: 'GET', path }, signal);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw this.refusal(answer);
    return understood(answer, schema);
  }

  /** Makes a call that answers with something. */
  async ask<S extends z.core.$ZodType>(call: Call, schema: S, signal: AbortSignal): Promise<z.output<S>> {
    const answer = await this.call(call, signal);
    if (answer.status !== 200) throw this.refusal(answer);
    return understood(answer, schema);
  }

  /** Deletes something; what is not there counts as deleted. */
  async delete(path: string, etag: string | undefined, signal: AbortSignal): Promise<void> {
    const answer = await this.call({ method: 'DELETE', path, etag }, signal);
    if (answer.status !== 204 && answer.status !== 404) throw this.refusal(answer);
  }

  /** What an answer other than the wanted one means. */
  refusal(answer: HttpAnswer): StationError {
    return refusal(answer, this.#need.clock.now());
  }

  /**
   * One call and its whole answer, whatever it says but 401 and 403, which throw `cloud.refused` with what they likely mean.
   * Throws `cloud.private-key`, `cloud.key-in-body` or `cloud.too-large` for a body that must not leave.
   */
  async call(call: Call, signal: AbortSignal): Promise<HttpAnswer> {
    try {
      const answer = await this.#authorized(call, signal);
      if (answer.status !== 401 && answer.status !== 403) return answer;
      throw await this.#refused(call, answer, signal);
    } finally {
      call.body?.fill(0);
    }
  }

  /** The call's status and no meaning; for checks of what the station may do. */
  async statusOf(call: Call, signal: AbortSignal): Promise<number> {
    return (await this.#authorized(call, signal)).status;
  }

  close(): void {
    this.#https.close();
    this.#need.authorization.close();
  }

  /** Asks with a token, and once more with a fresh one where the token was kept and is refused. */
  async #authorized(call: Call, signal: AbortSignal): Promise<HttpAnswer> {
    const { authorization } = this.#need;
    if (call.body) lookOver(call.body, call.keyPairs ?? 0);
    const header = await authorization.header(signal);
    const answer = await this.#send(call, header, signal);
    if (answer.status !== 401 || !authorization.forget(header)) return answer;
    return this.#send(call, await authorization.header(signal), signal);
  }

  async #send(call: Call, authorization: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { pace, clock, mode, bulkCountsAs = 'call' } = this.#need;
    const { method, path, body, etag, headers, items = 1 } = call;
    await pace.take(signal, bulkCountsAs === 'call' ? 1 : items);
    const asked = {
      authorization,
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}),
      ...(etag === undefined ? {} : { 'if-match': etag }),
      ...headers,
    };
    const sentAt = clock.now();
    const answer = await this.#https.ask(method, `${path}?${version}`, asked, body, signal);
    this.#note(call, answer, sentAt);
    if (mode === 'production' && this.#emulated) {
      throw new StationError('station.mode', { what: 'The DPS emulator', mode });
    }
    return answer;
  }

  /** What every answer tells beside what was asked: the time, and whether this is the emulator. */
  #note({ method, path }: Call, { headers, status }: HttpAnswer, sentAt: number): void {
    const now = this.#need.clock.now();
    const served = parseHttpDate(headers.date ?? '', now);
    // The header drops the fraction of its second: half a second is the best guess.
    if (served !== undefined) this.#skewMs = served + 500 - (sentAt + now) / 2;
    this.#emulated = headers['x-birthmark-emulator'] !== undefined;
    if (status < 300 || status === 404 || status === 409 || status === 412) this.#granted.add(rightOf(method, path));
  }

  async #refused(call: Call, answer: HttpAnswer, signal: AbortSignal): Promise<StationError> {
    answer.body.fill(0);
    const refused: Refused = {
      status: answer.status,
      host: this.#need.endpoint.host,
      who: this.#need.authorization.who,
      right: rightOf(call.method, call.path),
      skewMs: this.#skewMs,
      granted: this.#granted,
    };
    const cause = causeOfAnswer(refused) ?? causeOfRead(refused, await this.#reads(call, signal));
    return new StationError('cloud.refused', refusedDetails(refused, cause));
  }

  /** Whether a harmless read is let through, when something else was not; undefined without an answer. */
  async #reads(call: Call, signal: AbortSignal): Promise<boolean | undefined> {
    const path = `/enrollments/${absentId}`;
    if (call.method === 'GET' && call.path.startsWith('/enrollments/')) return false;
    try {
      return [200, 404].includes(await this.statusOf({ method: 'GET', path }, signal));
    } catch (thrown) {
      if (thrown instanceof StationError) return undefined; // what the first answer said stands
      throw thrown;
    }
  }
}

function lookOver(body: Buffer, keyPairs: number): void {
  refusePrivate(body);
  refuseKeys(body, keyPairs);
  if (body.length < largestMessage) return;
  throw new StationError('cloud.too-large', { bytes: body.length, most: largestMessage - 1 });
}
