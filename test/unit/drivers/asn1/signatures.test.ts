import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encode, nothing, oid, sequence, wrapSequence } from '../../../../drivers/asn1/build.ts';
import { Fields, readDer, tags } from '../../../../drivers/asn1/der.ts';
import { keyAlgorithms } from '../../../../drivers/asn1/keys.ts';
import {
  algorithmIdentifier,
  digestOf,
  readAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithmOf,
  signatureValue,
  verifySignature,
  verifySignatureAsync,
} from '../../../../drivers/asn1/signatures.ts';

const invalid = expect.objectContaining({ code: 'input.invalid' });
const message = Buffer.from('message');

const pairs = {
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  rsa2048: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
type Pair = keyof typeof pairs;
const cases: [SignatureAlgorithm, Pair][] = [
  ['ecdsa-sha256', 'p256'],
  ['ecdsa-sha384', 'p384'],
  ['ecdsa-sha512', 'p384'],
  ['ecdsa-sha512', 'p256'],
  ['rsa-sha256', 'rsa2048'],
  ['rsa-sha384', 'rsa2048'],
  ['rsa-sha512', 'rsa2048'],
];
const hashOf = (algorithm: SignatureAlgorithm) => algorithm.slice(-6);

describe('a signature', () => {
  test.each(cases)(
    'of %s by a key of %s, raw as an HSM gives it, verifies, and no other does',
    async (algorithm, pair) => {
      const { publicKey, privateKey } = pairs[pair];
      const raw = sign(hashOf(algorithm), message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const value = signatureValue(algorithm, raw);
      expect(verifySignature(algorithm, publicKey, message, value)).toBe(true);
      expect(await verifySignatureAsync(algorithm, publicKey, message, value)).toBe(true);
      const spoilt = Buffer.from(value);
      spoilt.writeUInt8((spoilt.at(-1) ?? 0) ^ 1, spoilt.length - 1);
      for (const [bytes, signature] of [
        [Buffer.from('messagf'), value],
        [message, spoilt],
        [message, Buffer.of()],
        [message, Buffer.concat([value, Buffer.of(0)])],
        [message, Buffer.alloc(1000, 0x30)],
      ] as const) {
        expect(verifySignature(algorithm, publicKey, bytes, signature)).toBe(false);
        expect(await verifySignatureAsync(algorithm, publicKey, bytes, signature)).toBe(false);
      }
    },
  );

  test('that says RSA is not one by an EC key, nor the other way', async () => {
    const signature = sign('sha256', message, pairs.p256.privateKey);
    expect(verifySignature('rsa-sha256', pairs.p256.publicKey, message, signature)).toBe(false);
    expect(await verifySignatureAsync('rsa-sha256', pairs.p256.publicKey, message, signature)).toBe(false);
    expect(verifySignature('ecdsa-sha256', pairs.rsa2048.publicKey, message, signature)).toBe(false);
  });

  test('has integers that are minimal and positive whatever r and s are', () => {
    const raw = Buffer.alloc(64);
    raw[31] = 0x80;
    raw[63] = 0x7f;
    expect(signatureValue('ecdsa-sha256', raw).toString('hex')).toBe('3007 02020080 02017f'.replaceAll(' ', ''));
    expect(signatureValue('ecdsa-sha256', Buffer.alloc(64, 0xff))).toHaveLength(2 + 2 * 35);
  });

  test.each<[SignatureAlgorithm, Buffer]>([
    ['ecdsa-sha256', Buffer.alloc(64)],
    ['ecdsa-sha256', Buffer.alloc(32, 1)],
    ['ecdsa-sha256', Buffer.alloc(65, 1)],
    ['ecdsa-sha256', Buffer.concat([Buffer.alloc(32), Buffer.alloc(32, 1)])],
    ['rsa-sha256', Buffer.alloc(255, 1)],
  ])('of %s is not made of what no HSM answers', (algorithm, raw) => {
    expect(() => signatureValue(algorithm, raw)).toThrow(invalid);
  });

  test('is over the digest that its name says', () => {
    expect(digestOf('ecdsa-sha256', message)).toHaveLength(32);
    expect(digestOf('ecdsa-sha384', message)).toHaveLength(48);
    expect(digestOf('rsa-sha512', message)).toHaveLength(64);
    expect(keyAlgorithms.map(signatureAlgorithmOf)).toEqual([
      'ecdsa-sha256',
      'ecdsa-sha384',
      'rsa-sha256',
      'rsa-sha256',
      'rsa-sha256',
    ]);
  });
});

describe('an algorithm identifier', () => {
  const read = (der: Buffer) => readAlgorithm(readDer(der, 'test'));

  test.each(cases)('of %s comes back by its name', (algorithm) => {
    expect(read(algorithmIdentifier(algorithm))).toBe(algorithm);
  });

  test.each([
    ['rsa-sha1', '1.2.840.113549.1.1.5'],
    ['rsa-md5', '1.2.840.113549.1.1.4'],
    ['rsa-pss', '1.2.840.113549.1.1.10'],
    ['ecdsa-sha1', '1.2.840.10045.4.1'],
    ['ed25519', '1.3.101.112'],
    ['1.2.3', '1.2.3'],
  ])('that is not ours is named for messages: %s', (name, dotted) => {
    expect(read(encode(sequence(oid(dotted))))).toBe(name);
  });

  test('of RSA may lack its NULL (RFC 4055 5), and has no other parameters; ECDSA has none', () => {
    expect(read(encode(sequence(oid('1.2.840.113549.1.1.11'))))).toBe('rsa-sha256');
    for (const wrong of [
      sequence(oid('1.2.840.113549.1.1.11'), sequence()),
      sequence(oid('1.2.840.113549.1.1.11'), nothing(), nothing()),
      sequence(oid('1.2.840.10045.4.3.2'), nothing()),
    ]) {
      expect(() => read(encode(wrong))).toThrow(invalid);
    }
  });

  test('stands before the signature value in what is put together', () => {
    const fields = new Fields(readDer(wrapSequence(algorithmIdentifier('rsa-sha256')), 'test'), tags.sequence, 'it');
    expect(readAlgorithm(fields.any('it'))).toBe('rsa-sha256');
  });
});
