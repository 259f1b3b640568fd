// Private keys and the public areas that go with them.
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sized } from '../../tpm/marshal.ts';
import { padded } from '../../tpm/public.ts';
import { type KeyKind, uniqueLength } from './template.ts';

const makers = {
  // The one maker that takes some 0.1 s; endorsement keys are made ahead (`manufacture.ts`).
  rsa2048: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
} as const satisfies Record<KeyKind, () => { readonly privateKey: KeyObject }>;

export const makeKey = (kind: KeyKind): KeyObject => makers[kind]().privateKey;

/** The public area of a key: its template with the key in the place of `unique` (part 2, 12.2.4). */
export function areaOf(key: KeyObject, kind: KeyKind, head: Buffer): Buffer {
  const { n, x, y } = createPublicKey(key).export({ format: 'jwk' });
  const numbers = kind === 'rsa2048' ? [n] : [x, y];
  const unique = numbers.map((number) => sized(padded(Buffer.from(number ?? '', 'base64url'), uniqueLength[kind])));
  return Buffer.concat([head, ...unique]);
}
