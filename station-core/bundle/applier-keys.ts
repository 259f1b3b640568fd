import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import * as z from 'zod/mini';
import { canonical } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';

// The applier's private keys: two JWKs (RFC 7517), plain or under a pass phrase as its section 7 and appendix C have it. One key for
// one use: bundles are decrypted with the one, receipts are signed with the other.

/** OWASP's figure for PBKDF2 with SHA-512: a fifth of a second a guess on one core. */
const rounds = 210_000;

export type ApplierKeys = { readonly decryption: KeyObject; readonly receipts: KeyObject };

const place = 'keys of the applier';
const coordinate = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/, '32 bytes in base64url'));
const jwk = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinate,
  y: coordinate,
  d: coordinate,
});
const keysSchema = z.strictObject({ decryption: jwk, receipts: jwk });

export function makeApplierKeys(): ApplierKeys {
  const make = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  return { decryption: make(), receipts: make() };
}

/** The text of the key file, under a pass phrase unless that is empty. The JWKs are strings on the way: they cannot be zeroed. */
export async function writeKeys(keys: ApplierKeys, phrase: Buffer): Promise<string> {
  const jwkOf = (key: KeyObject) => ({ ...(key.export({ format: 'jwk' }) as Record<string, string>) });
  const plain = Buffer.from(canonical({ decryption: jwkOf(keys.decryption), receipts: jwkOf(keys.receipts) }), 'utf8');
  if (phrase.length === 0) return plain.toString('utf8');
  try {
    return await new CompactEncrypt(plain)
      .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', cty: 'jwk-set+json' })
      .setKeyManagementParameters({ p2c: rounds })
      .encrypt(phrase);
  } finally {
    plain.fill(0);
  }
}

/** Whether a pass phrase must be asked for. */
export const isUnderPhrase = (text: string): boolean => !text.startsWith('{');

/** Opens a key file. Throws `input.invalid`, which does not tell a wrong pass phrase from a damaged file. */
export async function openKeys(text: string, phrase: Buffer): Promise<ApplierKeys> {
  const plain = isUnderPhrase(text) ? await decrypted(text, phrase) : Buffer.from(text, 'utf8');
  try {
    const { decryption, receipts } = parse(keysSchema, JSON.parse(plain.toString('utf8')), place);
    const keyOf = (key: z.output<typeof jwk>) => createPrivateKey({ key, format: 'jwk' });
    return { decryption: keyOf(decryption), receipts: keyOf(receipts) };
  } catch (cause) {
    if (cause instanceof StationError) throw cause;
    throw new StationError('input.invalid', { place, expected: 'its two keys', found: 'something else' }, { cause });
  } finally {
    plain.fill(0);
  }
}

async function decrypted(text: string, phrase: Buffer): Promise<Buffer> {
  try {
    const options = { keyManagementAlgorithms: ['PBES2-HS512+A256KW'], maxPBES2Count: rounds };
    const { plaintext } = await compactDecrypt(text, phrase, options);
    return Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  } catch (cause) {
    throw new StationError(
      'input.invalid',
      { place, expected: 'the pass phrase that they were written with', found: 'another, or a damaged file' },
      { cause },
    );
  }
}
