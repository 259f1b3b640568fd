import { randomUUID } from 'node:crypto';

/** Standard base64 with padding, and nothing else: no line ends, no URL alphabet. Undefined when it is not that. */
export function fromBase64(text: string): Buffer | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** Percent-decoding that says undefined where decodeURIComponent throws. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** A new entity tag: the base64 of a quoted, GUID-like text, as the service writes it into bodies. */
export function newEtag(): string {
  return Buffer.from(`"${randomUUID()}"`).toString('base64');
}

/**
 * Whether an If-Match value names this tag. Clients send the base64 text raw (Node, Python), quoted (C#) or the decoded
 * text, and `*` with and without quotes.
 */
export function etagMatches(ifMatch: string, etag: string): boolean {
  const wanted = unquoted(ifMatch.trim().replace(/^W\//, ''));
  const decoded = Buffer.from(etag, 'base64').toString('utf8');
  return wanted === '*' || wanted === etag || wanted === unquoted(decoded);
}

function unquoted(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/**
 * Writes times as the service does: UTC, up to seven fraction digits, trailing zeros dropped. The clock gives
 * milliseconds; the four digits below them count calls, so that two writes of one millisecond differ and clients meet
 * the long fractions that the real service sends.
 */
export function timeWriter(now: () => number): () => string {
  let calls = 0;
  return () => {
    calls = (calls + 1) % 10_000;
    const [seconds, rest] = new Date(now()).toISOString().split('.');
    const digits = `${rest?.slice(0, 3)}${String(calls).padStart(4, '0')}`.replace(/0+$/, '');
    return digits === '' ? `${seconds}Z` : `${seconds}.${digits}Z`;
  };
}
