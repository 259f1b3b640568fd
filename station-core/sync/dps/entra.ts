import * as oauth from 'oauth4webapi';
import type { Clock } from '../../clock.ts';
import { StationError } from '../../contract/errors.ts';
import { refusal } from './answers.ts';
import type { Authorization, Caller } from './authorization.ts';
import { largestSkewMs } from './diagnosis.ts';
import type { Endpoint } from './endpoint.ts';
import type { Credential } from './entra-credential.ts';
import { entraRefusal } from './entra-refusals.ts';
import { type HttpAnswer, Https } from './http.ts';
import { parseHttpDate } from './http-date.ts';

/** What a token is asked for: the service API of DPS (dps-reference 3.3). */
const scope = 'https://azure-devices-provisioning.net/.default';

/** A request for a token ends after this time. */
const deadlineMs = 30_000;

/** A token is replaced this long before its end, or a tenth of its life before, where that is later. */
const beforeEndMs = 5 * 60_000;

/** A token that was refused and is younger than this would not be better as a fresh one. */
const youngMs = 60_000;

export type EntraNeed = {
  /** Where tokens are asked for: login.microsoftonline.com, or the authority of another cloud. */
  readonly authority: Endpoint;
  readonly tenant: string;
  readonly clientId: string;
  readonly credential: Credential;
  readonly clock: Clock;
};

type Sent = oauth.CustomFetchOptions<'POST', URLSearchParams>;

type Token = { readonly header: string; readonly from: number; readonly until: number };

/**
 * Tokens of Microsoft Entra ID by client credentials (RFC 6749, 4.4), with a signed assertion (RFC 7523) or a secret. One is
 * kept until shortly before its end; however many calls want one, it is asked for once.
 */
export class EntraAuthorization implements Authorization {
  readonly who: Caller;
  readonly #need: EntraNeed;
  readonly #https: Https;
  readonly #closing = new AbortController();
  #token: Token | undefined;
  #asking: Promise<Token> | undefined;

  constructor(need: EntraNeed) {
    this.who = { kind: 'entra', application: need.clientId };
    this.#need = need;
    this.#https = new Https(need.authority);
  }

  /** Throws `cloud.unreachable`, `cloud.throttled`, `cloud.failed`, `cloud.malformed`, `cloud.refused`, or the signal's reason. */
  async header(signal: AbortSignal): Promise<string> {
    if (this.#token && this.#need.clock.now() < this.#token.until) return this.#token.header;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    const token = await unlessAborted(this.#asking, signal);
    return token.header;
  }

  forget(header: string): boolean {
    if (this.#token?.header !== header) return true; // another call has seen to it
    if (this.#need.clock.now() < this.#token.from + youngMs) return false;
    this.#token = undefined;
    return true;
  }

  close(): void {
    this.#closing.abort(new StationError('station.stopping'));
    this.#https.close();
    this.#need.credential.close();
  }

  async #ask(): Promise<Token> {
    const { authority, tenant, clientId, credential, clock } = this.#need;
    const base = `https://${authority.host}/${tenant}`;
    const server = { issuer: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token` };
    const client = { client_id: clientId };
    const from = clock.now();
    let answer: HttpAnswer | undefined;
    const fetch = async (url: string, init: Sent) => {
      answer = await this.#post(url, init);
      return toResponse(answer);
    };
    try {
      const proof = credential.authentication(server.token_endpoint);
      const options = { [oauth.customFetch]: fetch };
      const response = await oauth.clientCredentialsGrantRequest(server, client, proof, { scope }, options);
      this.#token = kept(await oauth.processClientCredentialsResponse(server, client, response), from);
      return this.#token;
    } catch (thrown) {
      throw this.#meaningOf(thrown, answer);
    } finally {
      answer?.body.fill(0);
    }
  }

  /** What oauth4webapi sends, by the station's own way: its proxy, its CA, its TLS. */
  async #post(url: string, init: Sent): Promise<HttpAnswer> {
    const late = AbortSignal.any([AbortSignal.timeout(deadlineMs), this.#closing.signal]);
    const body = Buffer.from(init.body.toString(), 'latin1');
    try {
      return await this.#https.send('POST', new URL(url).pathname, init.headers, body, late);
    } catch (thrown) {
      if (thrown instanceof StationError) throw thrown;
      throw new StationError(
        'cloud.unreachable',
        { reason: `no answer of ${this.#need.authority.host}` },
        { cause: thrown },
      );
    } finally {
      body.fill(0);
    }
  }

  #meaningOf(thrown: unknown, answer: HttpAnswer | undefined): unknown {
    if (thrown instanceof StationError || !answer) return thrown;
    const { authority, clientId, clock } = this.#need;
    const now = clock.now();
    if (answer.status === 429 || answer.status >= 500) return refusal(answer, now);
    if (!(thrown instanceof oauth.ResponseBodyError)) return strange(thrown);
    const served = parseHttpDate(String(answer.headers.date ?? ''), now);
    const skewMs = served === undefined ? 0 : served - now;
    const wrongClock = Math.abs(skewMs) > largestSkewMs;
    const { status, error, error_description: said } = thrown;
    return entraRefusal({
      host: authority.host,
      application: clientId,
      status,
      error,
      said,
      ...(wrongClock ? { skewMs } : {}),
    });
  }
}

function kept(
  { token_type: type, access_token: text, expires_in: seconds }: oauth.TokenEndpointResponse,
  from: number,
): Token {
  if (type !== 'bearer' || !/^[\x21-\x7e]{1,16384}$/.test(text) || seconds === undefined) throw strange();
  const lifeMs = seconds * 1_000;
  return { header: `Bearer ${text}`, from, until: from + Math.max(lifeMs - beforeEndMs, lifeMs * 0.9) };
}

function toResponse({ status, headers, body }: HttpAnswer): Response {
  if (status < 200 || status > 599) throw strange();
  const type = headers['content-type'];
  // These have no body by definition, and Response insists (Fetch, null body status).
  const content = [204, 205, 304].includes(status) ? null : new Uint8Array(body);
  return new Response(content, { status, ...(type === undefined ? {} : { headers: { 'content-type': type } }) });
}

/** oauth4webapi's own words may quote what was answered, tokens too: they stay in the cause. */
const strange = (cause?: unknown): StationError =>
  new StationError('cloud.malformed', { what: 'an answer of Microsoft Entra ID that is no token' }, { cause });

/** What others wait for as well goes on when one of them gives up. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(signal.reason);
    if (signal.aborted) gone();
    signal.addEventListener('abort', gone, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone));
  });
}
