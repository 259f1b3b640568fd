import * as z from 'zod/mini';
import type { Clock } from '../../clock.ts';
import { StationError } from '../../contract/errors.ts';
import type { Mode } from '../../contract/record.ts';
import type { Pace } from '../pace.ts';
import type { Connection } from './connection.ts';
import { type Endpoint, type HttpAnswer, Https } from './http.ts';
import { type KeyedBody, keyedJson } from './keyed-json.ts';
import { refusePrivate } from './outbound.ts';
import { serviceToken } from './sas.ts';
import {
  type Attestation,
  attestationSchema,
  type Bulk,
  bulkSchema,
  type Enrollment,
  enrollmentSchema,
  type Group,
  groupSchema,
  problemSchema,
} from './schemas.ts';

const version = 'api-version=2021-10-01';

/** Each request ends: with an answer, or as unreachable after this time. */
const deadlineMs = 30_000;

/** A probe of a network that is away ends after this time. */
const probeMs = 5_000;

/** Tokens live an hour, as the SDKs' do; the clock's drift against the service must stay small (F-45). */
const tokenSeconds = 3_600;

export type BulkMode = 'create' | 'update' | 'updateIfMatchETag' | 'delete';

export type DpsClientNeed = {
  readonly endpoint: Endpoint;
  readonly connection: Connection;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly mode: Mode;
};

/** The service API of one DPS instance: enrollments, groups, bulk, query, attestation mechanisms (DPS REST API). */
export class DpsClient {
  readonly #need: DpsClientNeed;
  readonly #https: Https;

  constructor(need: DpsClientNeed) {
    this.#need = need;
    this.#https = new Https(need.endpoint);
  }

  /** Whether a TLS connection to the service comes about; nothing is asked and nothing is counted. */
  reachable(signal: AbortSignal): Promise<boolean> {
    return this.#https.reachable(AbortSignal.any([signal, AbortSignal.timeout(probeMs)]));
  }

  getEnrollment(id: string, signal: AbortSignal): Promise<Enrollment | undefined> {
    return this.#read(`/enrollments/${encodeURIComponent(id)}`, enrollmentSchema, signal);
  }

  getGroup(id: string, signal: AbortSignal): Promise<Group | undefined> {
    return this.#read(`/enrollmentGroups/${encodeURIComponent(id)}`, groupSchema, signal);
  }

  /** Creates, or with `etag` replaces, an enrollment. Throws `cloud.rejected` 409 when one exists and no etag was given. */
  putEnrollment(id: string, body: object, etag: string | undefined, signal: AbortSignal): Promise<Enrollment> {
    return this.#write('PUT', `/enrollments/${encodeURIComponent(id)}`, body, enrollmentSchema, signal, etag);
  }

  /** As `putEnrollment`, for a group. The product never calls it for a symmetric group; the practice line's owner does. */
  putGroup(id: string, body: object, etag: string | undefined, signal: AbortSignal): Promise<Group> {
    return this.#write('PUT', `/enrollmentGroups/${encodeURIComponent(id)}`, body, groupSchema, signal, etag);
  }

  /** Deletes an enrollment; one that is not there counts as deleted. */
  async deleteEnrollment(id: string, etag: string | undefined, signal: AbortSignal): Promise<void> {
    const answer = await this.#call('DELETE', `/enrollments/${encodeURIComponent(id)}`, undefined, signal, etag);
    if (answer.status !== 204 && answer.status !== 404) throw refusal(answer);
  }

  /**
   * At most 10 enrollments of one mode; HTTP 200 also when some of them failed (DPS REST API, bulk).
   * `keys` go into the bodies' symmetricKey as bytes (see keyed-json.ts); they are the caller's to zero.
   */
  bulk(mode: BulkMode, enrollments: readonly KeyedBody[], signal: AbortSignal): Promise<Bulk> {
    return this.#write('POST', '/enrollments', keyedJson(mode, enrollments), bulkSchema, signal);
  }

  /** The whole attestation, symmetric keys in clear: for comparing, never for keeping. */
  attestationOf(kind: 'enrollments' | 'enrollmentGroups', id: string, signal: AbortSignal): Promise<Attestation> {
    return this.#write(
      'POST',
      `/${kind}/${encodeURIComponent(id)}/attestationmechanism`,
      undefined,
      attestationSchema,
      signal,
    );
  }

  /** Every enrollment, page by page (DPS REST API, query); the token is sent back unchanged. */
  async *query(pageSize: number, signal: AbortSignal): AsyncGenerator<Enrollment[]> {
    let token: string | undefined;
    do {
      const headers = {
        'x-ms-max-item-count': String(pageSize),
        ...(token === undefined ? {} : { 'x-ms-continuation': token }),
      };
      const body = { query: 'SELECT * FROM enrollments' };
      const answer = await this.#call('POST', '/enrollments/query', body, signal, undefined, headers);
      if (answer.status !== 200) throw refusal(answer);
      yield understood(answer, z.array(enrollmentSchema));
      const next = answer.headers['x-ms-continuation'];
      token = typeof next === 'string' && next !== '' ? next : undefined;
    } while (token !== undefined);
  }

  /** Deletes a registration record; one that is not there counts as deleted. */
  async deleteRegistration(id: string, etag: string | undefined, signal: AbortSignal): Promise<void> {
    const answer = await this.#call('DELETE', `/registrations/${encodeURIComponent(id)}`, undefined, signal, etag);
    if (answer.status !== 204 && answer.status !== 404) throw refusal(answer);
  }

  close(): void {
    this.#https.close();
    this.#need.connection.key.fill(0);
  }

  async #read<S extends z.core.$ZodType>(
    path: string,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S> | undefined> {
    const answer = await this.#call('GET', path, undefined, signal);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refusal(answer);
    return understood(answer, schema);
  }

  async #write<S extends z.core.$ZodType>(
    method: 'PUT' | 'POST',
    path: string,
    body: object | undefined,
    schema: S,
    signal: AbortSignal,
    etag?: string,
  ): Promise<z.output<S>> {
    const answer = await this.#call(method, path, body, signal, etag);
    if (answer.status !== 200) throw refusal(answer);
    return understood(answer, schema);
  }

  async #call(
    method: string,
    path: string,
    body: object | undefined,
    signal: AbortSignal,
    etag?: string,
    more: Record<string, string> = {},
  ): Promise<HttpAnswer> {
    const { pace, connection, clock, mode } = this.#need;
    await pace.take(signal);
    const expiry = clock.now() / 1_000 + tokenSeconds;
    const headers = {
      authorization: serviceToken({ ...connection, expiry }),
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}),
      ...(etag === undefined ? {} : { 'if-match': etag }),
      ...more,
    };
    const bytes = Buffer.isBuffer(body) ? body : body && Buffer.from(JSON.stringify(body), 'utf8');
    try {
      if (bytes) refusePrivate(bytes);
      const answer = await this.#send(method, path, headers, bytes, signal);
      if (mode === 'production' && answer.headers['x-birthmark-emulator'] !== undefined) {
        throw new StationError('station.mode', { what: 'The DPS emulator', mode });
      }
      return answer;
    } finally {
      bytes?.fill(0);
    }
  }

  /** Sends, and ends a request that got no answer in time. */
  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: Buffer | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const late = AbortSignal.timeout(deadlineMs);
    try {
      const target = `${path}?${version}`;
      return await this.#https.send(method, target, headers, body, AbortSignal.any([signal, late]));
    } catch (thrown) {
      if (!late.aborted || signal.aborted) throw thrown;
      throw new StationError(
        'cloud.unreachable',
        { reason: `no answer in ${deadlineMs / 1_000} s` },
        { cause: thrown },
      );
    }
  }
}

/** Status and body must both say that it worked (docs/lessons.md 6). */
function understood<S extends z.core.$ZodType>(answer: HttpAnswer, schema: S): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body));
  } catch (cause) {
    throw new StationError('cloud.malformed', { what: 'a body that is not JSON' }, { cause });
  } finally {
    answer.body.fill(0);
  }
  const result = z.safeParse(schema, json);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join('.') ?? '';
  throw new StationError('cloud.malformed', { what: `a body with something else at '${where}'` });
}

/** What a status other than the wanted one means (docs/decisions.md, retry). */
export function refusal(answer: Pick<HttpAnswer, 'status' | 'headers' | 'body'>): StationError {
  const { status, headers, body } = answer;
  if (status === 429) {
    const seconds = Number(headers['retry-after']);
    return new StationError('cloud.throttled', { seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : 0 });
  }
  if (status >= 500) return new StationError('cloud.failed', { status });
  if (status === 401 || status === 403) return new StationError('cloud.refused', { status });
  return new StationError('cloud.rejected', { status, reason: problemOf(body) });
}

/** The service's error number, from a body that may be anything. */
function problemOf(body: Buffer): string {
  try {
    const problem = z.safeParse(problemSchema, JSON.parse(body.toString('utf8')));
    return problem.success && problem.data.errorCode !== undefined ? String(problem.data.errorCode) : 'no number';
  } catch {
    return 'no number'; // an answer that is no JSON, from a proxy perhaps: its status is all there is
  }
}
