import * as z from 'zod/mini';
import { StationError } from '../../contract/errors.ts';
import type { HttpAnswer } from './http.ts';
import { retryAfterSeconds } from './http-date.ts';
import { problemSchema } from './schemas.ts';

/** Status and body must both say that it worked (docs/lessons.md 6). Throws `cloud.malformed`; the body is zeroed. */
export function understood<S extends z.core.$ZodType>(answer: HttpAnswer, schema: S): z.output<S> {
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
  const where = result.error.issues[0]?.path.join('.').slice(0, 100) ?? '';
  throw new StationError('cloud.malformed', { what: `a body with something else at '${where}'` });
}

/** The service's own number of a request, by which its logs and its support know it (F-185). */
export type Requested = { readonly requestId?: string };

export function requested({ headers }: Pick<HttpAnswer, 'headers'>): Requested {
  const id = headers['x-ms-request-id'];
  return typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id) ? { requestId: id } : {};
}

/** An entry must be the one that was asked for: anything else under its name counts as no answer. */
export function ofThisId<T>(entry: T, found: string, asked: string): T {
  if (found.toLowerCase() === asked.toLowerCase()) return entry;
  throw new StationError('cloud.malformed', { what: 'an answer about another entry' });
}

/**
 * What a status other than the wanted one means (docs/decisions.md, retry); 401 and 403 have their own words (diagnosis.ts).
 * `seconds` of `cloud.throttled` and `cloud.failed` is what Retry-After asked for, 0 when it asked for nothing. `now` is
 * the station's time in milliseconds, for a Retry-After that names a time and an answer without a Date.
 */
export function refusal(answer: Pick<HttpAnswer, 'status' | 'headers' | 'body'>, now: number): StationError {
  const { status, headers, body } = answer;
  if (status === 429) return new StationError('cloud.throttled', { seconds: retryAfterSeconds(headers, now) });
  if (status >= 500) return new StationError('cloud.failed', { status, seconds: retryAfterSeconds(headers, now) });
  return new StationError('cloud.rejected', { status, reason: problemOf(body), ...requested({ headers }) });
}

/** The service's error number, from a body that may be anything. */
function problemOf(body: Buffer): string {
  try {
    const problem = z.safeParse(problemSchema, JSON.parse(body.toString('utf8')));
    return problem.success && problem.data.errorCode !== undefined ? String(problem.data.errorCode) : 'no number';
  } catch {
    return 'no number'; // an answer that is no JSON, from a proxy perhaps: its status is all there is
  } finally {
    body.fill(0);
  }
}
