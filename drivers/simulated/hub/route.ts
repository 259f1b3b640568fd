import { percentDecoded } from '../dps/encoding.ts';
import { HubError } from './errors.ts';
import type { Hub } from './instance.ts';
import type { Right } from './switches.ts';

/** A request, read to its end. */
export type Call = {
  readonly method: string;
  /** The path's segments, each decoded once. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
};

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/** A line of the routing table. A word in braces is a parameter; IDs keep their case. */
export type Route = {
  readonly method: string;
  readonly path: string;
  readonly right: Right;
  readonly act: (hub: Hub, call: Call, parameters: readonly string[]) => Answer;
};

export const segmentsOf = (path: string): string[] =>
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => percentDecoded(segment) ?? segment);

/** Finds the route of a call. A path that exists only with other methods is refused with 405, one that does not exist with 404. */
export function match(routes: readonly Route[], call: Call): { route: Route; parameters: string[] } {
  const fitting = routes.flatMap((route) => {
    const parameters = parametersOf(segmentsOf(route.path), call.segments);
    return parameters ? [{ route, parameters }] : [];
  });
  const found = fitting.find(({ route }) => route.method === call.method);
  if (!found) throw new HubError(fitting.length > 0 ? 'GenericMethodNotAllowed' : 'GenericNotFound');
  return found;
}

function parametersOf(words: readonly string[], segments: readonly string[]): string[] | undefined {
  if (words.length !== segments.length) return undefined;
  const fits = words.every((word, at) => word.startsWith('{') || word === segments[at]?.toLowerCase());
  return fits ? segments.filter((_, at) => words[at]?.startsWith('{')) : undefined;
}

/** The body as JSON. Refuses other media types with 415 and what is no JSON with 400. */
export function jsonBody(call: Call): unknown {
  if (!/^application\/json\s*(;|$)/i.test(call.header('content-type') ?? ''))
    throw new HubError('GenericUnsupportedMediaType');
  try {
    return JSON.parse(call.body);
  } catch (cause) {
    throw new HubError('DeserializationError', undefined, {}, cause);
  }
}
