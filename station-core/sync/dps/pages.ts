import type * as z from 'zod/mini';
import { StationError } from '../../contract/errors.ts';
import { understood } from './answers.ts';
import type { Service } from './service.ts';

/** Continuation tokens seen are some hundred characters; the whole head of an answer is held to 16 KB by Node. */
const mostPages = 1_000_000;

/**
 * What a query finds, page by page (DPS REST API, query). The token is opaque and goes back unchanged; the last page has
 * none. Registration records are queried without a body.
 */
export async function* pages<S extends z.core.$ZodType>(
  service: Service,
  path: string,
  table: 'enrollments' | 'enrollmentGroups' | undefined,
  schema: S,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<z.output<S>> {
  let token: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const headers = {
      'x-ms-max-item-count': String(pageSize),
      ...(token === undefined ? {} : { 'x-ms-continuation': token }),
    };
    const body = table && Buffer.from(JSON.stringify({ query: `SELECT * FROM ${table}` }));
    const answer = await service.call({ method: 'POST', path, headers, ...(body ? { body } : {}) }, signal);
    if (answer.status !== 200) throw service.refusal(answer);
    const next = answer.headers['x-ms-continuation'];
    yield understood(answer, schema);
    if (typeof next !== 'string' || next === '') return;
    // A service that leads in a circle must not keep a station busy for ever.
    if (next === token) break;
    token = next;
  }
  throw new StationError('cloud.malformed', { what: 'pages without an end' });
}
