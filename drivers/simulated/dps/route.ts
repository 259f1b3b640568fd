import type { X509Certificate } from 'node:crypto';
import { percentDecoded } from './encoding.ts';
import { DpsError, type ErrorBody } from './errors.ts';
import { jsonOf } from './schemas.ts';

/** A request, read to its end, as the APIs see it. */
export type Call = {
  readonly method: string;
  /** The path's segments, each decoded once. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
  /** What the client showed at the TLS handshake: its own certificate first, then the others in the order sent. */
  readonly certificates: readonly X509Certificate[];
  readonly transport: Transport;
  /** The client's IP address. */
  readonly address: string;
};

/** How a call came; the device API acts on both alike. */
export type Transport = 'https' | 'mqtt';

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/** An answer that refuses, with the headers that name the error. */
export function refused(status: number, headers: Record<string, string>, body: ErrorBody): Answer {
  const named = { 'x-ms-error-code': String(body.errorCode), 'x-ms-request-id': body.trackingId };
  return { status, body, headers: { ...headers, ...named } };
}

/** A line of a routing table. Path words match whatever their case; a word in braces is a parameter. */
export type Route<Context> = {
  readonly method: string;
  readonly path: string;
  readonly act: (context: Context, call: Call, parameters: readonly string[]) => Answer;
};

/** Splits a request's path; SDKs differ in case and in the trailing slash, so neither counts. */
export function segmentsOf(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  return segments.map((segment) => percentDecoded(segment) ?? segment);
}

/**
 * Finds the route of a call and the values of its path's parameters. Undefined when no route has this path; a path that
 * exists only with other methods is refused with 405.
 */
export function match<R extends Route<never>>(
  routes: readonly R[],
  call: Call,
): { route: R; parameters: string[] } | undefined {
  const fitting = routes.flatMap((route) => {
    const parameters = parametersOf(route.path, call.segments);
    return parameters ? [{ route, parameters }] : [];
  });
  const found = fitting.find(({ route }) => route.method === call.method);
  if (!found && fitting.length > 0) throw new DpsError('methodNotAllowed');
  return found;
}

function parametersOf(path: string, segments: readonly string[]): string[] | undefined {
  const words = segmentsOf(path);
  if (words.length !== segments.length) return undefined;
  const parameters: string[] = [];
  for (const [place, word] of words.entries()) {
    const segment = segments[place] ?? '';
    if (word.startsWith('{')) parameters.push(segment);
    else if (word.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return parameters;
}

/** The body as JSON. Refuses other media types with 415 and what is no JSON with 400. */
export function jsonBody(call: Call): unknown {
  if (!/^application\/json\s*(;|$)/i.test(call.header('content-type') ?? '')) throw new DpsError('mediaType');
  return jsonOf(call.body);
}

/** Every call names the version of the API that it speaks; the emulator takes any, and refuses none. */
export function requireVersion(call: Call): void {
  if (!call.query.get('api-version')) throw new DpsError('argumentInvalid', 'api-version: expected in the query');
}
