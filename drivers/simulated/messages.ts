// How the stand-ins of cloud services read and write HTTP; what they say is their own.
import type { IncomingMessage, ServerResponse } from 'node:http';

export type Written = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

/** The body as text; undefined when it has more than `most` bytes, whose rest is left unread. */
export async function readBody(request: IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > most) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Path, query and a reader of headers, of which one that came more than once is one with commas (RFC 9110 section 5.3). */
export function readHead(request: IncomingMessage) {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return { method: request.method ?? 'GET', path, query: new URLSearchParams(query), header };
}

/** Writes an answer as JSON, or a Buffer as it is, with headers that every answer has. */
export function send(
  response: ServerResponse,
  always: Record<string, string>,
  { status, body, headers }: Written,
): void {
  if (body === undefined) {
    response.writeHead(status, { ...always, ...headers }).end();
    return;
  }
  const type = { 'Content-Type': 'application/json; charset=utf-8' };
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(status, { ...always, ...type, 'Content-Length': bytes.length, ...headers }).end(bytes);
}
