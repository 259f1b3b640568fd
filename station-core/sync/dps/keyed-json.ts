// A symmetric key goes into a request as bytes: a JavaScript string could not be zeroed afterwards. The JSON is written
// with marks where the keys belong, and cut there.

import { base64 } from '../../base64.ts';
import type { Certificates } from '../targets/target.ts';

export type KeyedBody = {
  readonly body: { readonly [name: string]: unknown };
  readonly keys?: { readonly primary: Buffer; readonly secondary: Buffer } | undefined;
  /** The certificates that stand in the body, for comparing. */
  readonly certificates?: Certificates | undefined;
  /** The endorsement key that stands in the body, base64. */
  readonly endorsementKey?: string | undefined;
};

/** The JSON of a bulk request, with every key in its place as base64. The caller zeroes it once it was sent. */
export function keyedJson(mode: string, items: readonly KeyedBody[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`{"mode":${JSON.stringify(mode)},"enrollments":[`)];
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.push(Buffer.from(','));
    parts.push(...pieces(item));
  }
  parts.push(Buffer.from(']}'));
  const whole = Buffer.concat(parts);
  for (const part of parts) part.fill(0);
  return whole;
}

function pieces({ body, keys }: KeyedBody): Buffer[] {
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
