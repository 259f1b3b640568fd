import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { Refusal } from './refusals.ts';

/** An order of 100,000 units has about 10 MB. */
export const largestBody = 16 * 1024 * 1024;

/**
 * The JSON of a request's body, which is asked for only now (RFC 9110 section 10.1.1). Throws the refusal of one that is too large,
 * no JSON, or coded otherwise than as itself.
 */
export async function readJson(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const { headers } = request;
  const coding = headers['content-encoding'] ?? 'identity';
  if (!/^application\/json(\s*;\s*charset="?utf-8"?)?$/i.test(headers['content-type'] ?? '') || coding !== 'identity') {
    throw new Refusal('http.media-type', { expected: 'application/json in UTF-8, not compressed' });
  }
  if (Number(headers['content-length'] ?? 0) > largestBody) throw tooLarge();
  if (headers.expect !== undefined) response.writeContinue();
  const body = parsed(await collect(request));
  await setImmediate(); // what checks it takes as long again; lanes come in between
  return body;
}

const tooLarge = (): Refusal => new Refusal('http.too-large', { most: largestBody });

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largestBody) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal('http.malformed', { what: 'its body ended early' });
  }
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new Refusal('http.malformed', { what: 'its body is no JSON in UTF-8' });
  }
}
