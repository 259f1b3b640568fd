import * as z from 'zod/mini';
import type { Clock } from '../../clock.ts';
import { StationError } from '../../contract/errors.ts';
import type { Mode } from '../../contract/record.ts';
import { understood } from '../dps/answers.ts';
import { tokenSeconds } from '../dps/authorization.ts';
import { causeOfAnswer, refusedDetails } from '../dps/diagnosis.ts';
import type { Endpoint } from '../dps/endpoint.ts';
import { type HttpAnswer, Https } from '../dps/http.ts';
import { parseHttpDate, retryAfterSeconds } from '../dps/http-date.ts';
import { refuseKeys, refusePrivate } from '../dps/outbound.ts';
import { serviceToken } from '../dps/sas.ts';
import type { Pace } from '../pace.ts';
import type { HubConnection } from './connection.ts';
import { bulkSchema, type HubBulk, type HubIdentity, identitySchema } from './schemas.ts';

const version = 'api-version=2021-04-12';

/** A probe of a network that is away ends after this time. */
const probeMs = 5_000;

export type HubClientNeed = {
  readonly endpoint: Endpoint;
  /** The policy's connection, opened for one request: it is zeroed once the request's token is signed. */
  readonly connection: () => Promise<HubConnection>;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly mode: Mode;
};

/** A request's body, and how many pairs of symmetric keys belong into it. */
export type Keyed = { readonly bytes: Buffer; readonly keyPairs: number };

type Call = {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: Keyed;
  readonly etag?: string | undefined;
};

/** Where an identity stands in a registry. */
export type Place = { readonly deviceId: string; readonly moduleId?: string };

/** The identity registry of one IoT hub (IoT Hub REST 2021-04-12; dps-reference 10). */
export class HubClient {
  readonly #need: HubClientNeed;
  readonly #https: Https;

  constructor(need: HubClientNeed) {
    this.#need = need;
    this.#https = new Https(need.endpoint);
  }

  get host(): string {
    return this.#need.endpoint.host;
  }

  get pace(): Pace {
    return this.#need.pace;
  }

  /** Whether a TLS connection to the hub comes about; nothing is asked and nothing is counted. */
  reachable(signal: AbortSignal): Promise<boolean> {
    return this.#https.reachable(AbortSignal.any([signal, AbortSignal.timeout(probeMs)]));
  }

  /** An identity with its keys, for comparing; undefined only when the hub itself says that there is none. */
  async get(place: Place, signal: AbortSignal): Promise<HubIdentity | undefined> {
    const answer = await this.#call({ method: 'GET', path: pathOf(place) }, signal);
    if (answer.status === 200) return understood(answer, identitySchema);
    if (saysAbsent(answer)) return undefined;
    throw this.#refusal(answer);
  }

  /** Deletes an identity whatever its version, a device with its modules; one that the hub does not have counts as deleted. */
  async remove(place: Place, signal: AbortSignal): Promise<void> {
    const answer = await this.#call({ method: 'DELETE', path: pathOf(place), etag: '*' }, signal);
    if (answer.status !== 204 && !saysAbsent(answer)) throw this.#refusal(answer);
  }

  /** Creates an identity, or with `etag` replaces the one that was read. The body is zeroed. */
  async put(place: Place, body: Keyed, etag: string | undefined, signal: AbortSignal): Promise<HubIdentity> {
    const answer = await this.#call({ method: 'PUT', path: pathOf(place), body, etag }, signal);
    if (answer.status !== 200) throw this.#refusal(answer);
    return understood(answer, identitySchema);
  }

  /** A bulk call of at most 100 items. The body is zeroed. A hub tells of failed items with 200 or with 400. */
  async bulk(body: Keyed, signal: AbortSignal): Promise<HubBulk> {
    const answer = await this.#call({ method: 'POST', path: '/devices', body }, signal);
    if (answer.status === 200) return understood(answer, bulkSchema);
    // A 400 without a list of failed items is a refusal of the call itself.
    const failed = answer.status === 400 ? failedItems(answer) : undefined;
    if (!failed) throw this.#refusal(answer);
    return failed;
  }

  close(): void {
    this.#https.close();
  }

  /** One call and its answer, but for 401 and 403, which throw `cloud.refused` with what they likely mean. */
  async #call({ method, path, body, etag }: Call, signal: AbortSignal): Promise<HttpAnswer> {
    const { pace, mode } = this.#need;
    try {
      if (body) {
        refusePrivate(body.bytes);
        refuseKeys(body.bytes, body.keyPairs);
      }
      await pace.take(signal);
      const { token, policy } = await this.#token();
      const headers = {
        authorization: token,
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}),
        ...(etag === undefined ? {} : { 'if-match': `"${etag}"` }),
      };
      const answer = await this.#https.ask(method, `${path}?${version}`, headers, body?.bytes, signal);
      if (mode === 'production' && answer.headers['x-birthmark-emulator'] !== undefined) {
        throw new StationError('station.mode', { what: 'The IoT hub of the practice line', mode });
      }
      if (answer.status === 401 || answer.status === 403) throw this.#refused(method, policy, answer);
      return answer;
    } finally {
      body?.bytes.fill(0);
    }
  }

  async #token(): Promise<{ readonly token: string; readonly policy: string }> {
    const { connection, clock, endpoint } = this.#need;
    const { host, policy, key } = await connection();
    try {
      if (host !== endpoint.host) {
        const what = `the connection string is for ${host}, not for ${endpoint.host}`;
        throw new StationError('cloud.not-configured', { what });
      }
      return { token: serviceToken({ host, policy, key, expiry: clock.now() / 1_000 + tokenSeconds }), policy };
    } finally {
      key.fill(0);
    }
  }

  /** A hub says 401 to a wrong key, a wrong clock and a missing right alike; its time tells the clock apart (F-153). */
  #refused(method: string, policy: string, { status, headers }: HttpAnswer): StationError {
    const now = this.#need.clock.now();
    const served = parseHttpDate(headers.date ?? '', now);
    const refused = {
      status,
      host: this.host,
      who: { kind: 'sas', policy },
      right: method === 'GET' ? 'RegistryRead' : 'RegistryWrite',
      skewMs: served === undefined ? undefined : served - now,
      granted: new Set<string>(),
    } as const;
    return new StationError('cloud.refused', refusedDetails(refused, causeOfAnswer(refused) ?? 'credential'));
  }

  /** What another status than the wanted one means (docs/decisions.md, retry). */
  #refusal({ status, headers, body }: HttpAnswer): StationError {
    const now = this.#need.clock.now();
    if (status === 429) return new StationError('cloud.throttled', { seconds: retryAfterSeconds(headers, now) });
    if (status >= 500) return new StationError('cloud.failed', { status, seconds: retryAfterSeconds(headers, now) });
    return new StationError('cloud.rejected', { status, reason: problemOf(body) });
  }
}

/** What a hub calls an identity that is not there: by name, or in newer bodies by number. */
const absent: ReadonlySet<string> = new Set(['DeviceNotFound', 'ModuleNotFound', '404001', '404010']);

/** A 404 may be a proxy's: then nothing is known of the identity. */
const saysAbsent = ({ status, body }: HttpAnswer): boolean => status === 404 && absent.has(problemOf(body));

function pathOf({ deviceId, moduleId }: Place): string {
  const device = `/devices/${encodeURIComponent(deviceId)}`;
  return moduleId === undefined ? device : `${device}/modules/${encodeURIComponent(moduleId)}`;
}

/** The result in the body of a 400, if it is one of failed items. */
function failedItems({ body }: HttpAnswer): HubBulk | undefined {
  try {
    // Receipts follow from it, so it is read as strictly as the body of a 200.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const result = z.safeParse(bulkSchema, JSON.parse(text));
    return result.success && !result.data.isSuccessful && result.data.errors?.length ? result.data : undefined;
  } catch {
    return undefined; // no JSON, from a proxy perhaps: its status is all there is
  }
}

/** The hub's name or number of what is wrong, from a body that may be anything. */
function problemOf(body: Buffer): string {
  const text = body.subarray(0, 10_000).toString('latin1');
  return (
    /ErrorCode:([A-Za-z]{1,64})|"?errorCode\\?"?\s*:\s*"?(\d{6}|[A-Za-z]{1,64})/.exec(text)?.slice(1).find(Boolean) ??
    'no number'
  );
}
