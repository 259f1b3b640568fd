import * as z from 'zod/mini';
import { parse } from '../contract/parse.ts';
import { Refusal } from './refusals.ts';
import { type Route, routes } from './routes.ts';

/** A route and what its path and query say, as text. */
export type Found = {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
};

const longestPath = 2_048;

/** The route of a request. Throws the refusal of a path that is none, or does not take the method. */
export function find(method: string, url: string): Found {
  const [before = '', search = ''] = url.length > longestPath ? [] : url.split('?', 2);
  const segments = before.split('/').map(decoded);
  const there = routes.flatMap((route) => {
    const path = match(route.path.split('/'), segments);
    return path ? [{ route, path }] : [];
  });
  if (there.length === 0) throw new Refusal('http.unknown-path');
  // Whoever may GET may HEAD (RFC 9110 section 9.1).
  const wanted = method === 'HEAD' ? 'GET' : method;
  const found = there.find(({ route }) => route.method === wanted);
  if (found) return { ...found, query: queryOf(search) };
  const allow = there.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])).join(', ');
  throw new Refusal('http.method', { allow }, { allow });
}

/** What a route's schemas make of a path or query: digits are numbers where a number is expected. Throws `input.invalid`. */
export function read(
  schemas: Readonly<Record<string, z.core.$ZodType>>,
  given: Readonly<Record<string, string>>,
  place: string,
): Record<string, string | number> {
  const entries = Object.entries(given).map(([name, text]) => {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    return [name, schema ? typed(schema, text) : text] as const;
  });
  return parse(z.strictObject(schemas), Object.fromEntries(entries), place) as Record<string, string | number>;
}

function typed(schema: z.core.$ZodType, text: string): string | number {
  const { def } = schema._zod;
  const inner = 'innerType' in def ? (def.innerType as z.core.$ZodType) : schema;
  return inner._zod.def.type === 'number' && /^\d{1,15}$/.test(text) ? Number(text) : text;
}

function match(words: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (words.length !== segments.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, word] of words.entries()) {
    const segment = segments[index] ?? '';
    if (word.startsWith('{')) path[word.slice(1, -1)] = segment;
    else if (word !== segment) return undefined;
  }
  return path;
}

function queryOf(search: string): Record<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (query.has(name)) throw new Refusal('http.malformed', { what: 'its query has a member twice' });
    query.set(name, value);
  }
  return Object.fromEntries(query);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal('http.malformed', { what: 'its path is not percent-coded UTF-8' });
  }
}
