// A symmetric key goes into a request as bytes: a JavaScript string could not be zeroed afterwards. The JSON is written
// with marks where the keys belong, and cut there.

import { base64 } from '../../base64.ts';
import type { Certificates, Keys } from '../targets/target.ts';

export type KeyedBody = {
  readonly body: { readonly [name: string]: unknown };
  readonly keys?: Keys | undefined;
  /** The certificates that stand in the body, for comparing. */
  readonly certificates?: Certificates | undefined;
  /** The endorsement key that stands in the body, base64. */
  readonly endorsementKey?: string | undefined;
};

/** The JSON of a bulk request, with every key in its place as base64. The caller zeroes it once it was sent. */
export function bulkJson(
  mode: string,
  kind: 'enrollments' | 'enrollmentGroups',
  items: readonly Pick<KeyedBody, 'body' | 'keys'>[],
): Buffer {
  const parts: Buffer[] = [Buffer.from(`{"mode":${JSON.stringify(mode)},"${kind}":[`)];
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.push(Buffer.from(','));
    parts.push(...pieces(item));
  }
  parts.push(Buffer.from(']}'));
  return whole(parts);
}

/** The JSON of one entry, with its keys in their place. The caller zeroes it once it was sent. */
export const entryJson = (item: Pick<KeyedBody, 'body' | 'keys'>): Buffer => whole(pieces(item));

/** How many bytes a bulk request with these enrollments has at most. No key is looked at. */
export function sizeOfBulk(items: readonly KeyedBody[]): number {
  const blank = (key: Buffer) => Buffer.alloc(key.length);
  const sized = items.map(({ body, keys }) => ({
    body,
    keys: keys && { primary: blank(keys.primary), secondary: blank(keys.secondary) },
  }));
  return bulkJson('updateIfMatchETag', 'enrollments', sized).length;
}

function whole(parts: readonly Buffer[]): Buffer {
  const all = Buffer.concat(parts);
  for (const part of parts) part.fill(0);
  return all;
}

function pieces({ body, keys }: Pick<KeyedBody, 'body' | 'keys'>): Buffer[] {
  const text = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8');
  if (!keys) return [text(body)];
  const { attestation: _, ...rest } = body;
  const open = text(rest).subarray(0, -1);
  const start = Buffer.from(
    `${open.length > 1 ? ',' : ''}"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"`,
  );
  const between = Buffer.from('","secondaryKey":"');
  return [open, start, base64(keys.primary), between, base64(keys.secondary), Buffer.from('"}}}')];
}
