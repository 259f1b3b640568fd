import { createHash, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import type { ApplierFile } from '../contract/bundle.ts';
import { canonical, type Json } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import { parseCanonical, type Receipts, readKey, receiptsHeaderSchema, receiptsSchema } from './format.ts';
import { compactOf, headerOf, verified } from './sealed.ts';

/** Signs receipts as the applier: a compact JWS over canonical JSON. Nothing in it is secret, and no unit is named. */
export async function signReceipts(receipts: Receipts, key: KeyObject): Promise<string> {
  const payload = Buffer.from(canonical(receipts as unknown as Json), 'utf8');
  const header = { alg: 'ES256', typ: 'birthmark-receipts', kid: receipts.applier };
  return `${await new CompactSign(payload).setProtectedHeader(header).sign(key)}\n`;
}

/** Which bundle receipts say that they are for; nothing of it is believed yet. Throws `input.invalid` with the place. */
export function readReceipts(text: string): { readonly jws: string; readonly said: Receipts } {
  const jws = compactOf(text, 'receipts');
  parse(receiptsHeaderSchema, headerOf(jws, 'receipts'), 'receipts, header');
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url');
  return { jws, said: parseCanonical(receiptsSchema, payload, 'receipts') as Receipts };
}

/** Checks that the pinned applier signed them. Throws `bundle.forged`, `bundle.foreign`. Answers their hash. */
export async function verifyReceipts(
  { jws, said }: ReturnType<typeof readReceipts>,
  applier: Pick<ApplierFile, 'receipts' | 'name'> & { readonly fingerprint: string },
): Promise<Buffer> {
  if (said.applier !== applier.fingerprint) {
    throw new StationError('bundle.foreign', { what: 'receipts file', whom: 'a bundle of another applier' });
  }
  const forged = () =>
    new StationError('bundle.forged', { what: 'receipts file', whom: `the applier ${applier.name}` });
  await verified(jws, readKey(applier.receipts, 'the applier'), forged);
  return createHash('sha256')
    .update(jws.slice(0, jws.lastIndexOf('.')), 'latin1')
    .digest();
}
