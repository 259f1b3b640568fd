import { createPublicKey } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { bitString, encode, integer, nothing, oid, sequence } from '../../../../drivers/asn1/build.ts';
import { isKeyAlgorithm, keyAlgorithms, readPublicKey } from '../../../../drivers/asn1/keys.ts';
import { Bench, thrown } from './openssl.ts';

const bench = new Bench();
afterAll(() => bench.remove());

const invalid = expect.objectContaining({ code: 'input.invalid' });

function spkiBy(...kind: string[]): Buffer {
  bench.key('key.pem', ...kind);
  bench.openssl('pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER', '-out', 'spki');
  return bench.get('spki');
}
const ec = (curve: string, ...more: string[]) => [
  '-algorithm',
  'EC',
  '-pkeyopt',
  `ec_paramgen_curve:${curve}`,
  ...more,
];
const rsa = (bits: number, ...more: string[]) => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`, ...more];
const spkiOfRsa = (modulus: Buffer, exponent: Buffer) =>
  encode(
    sequence(
      sequence(oid('1.2.840.113549.1.1.1'), nothing()),
      bitString(encode(sequence(integer(modulus), integer(exponent)))),
    ),
  );

describe('a public key', () => {
  test.each([
    ['p256', ec('P-256')],
    ['p384', ec('P-384')],
    ['p521', ec('P-521')],
    ['secp256k1', ec('secp256k1')],
    ['1.3.36.3.3.2.8.1.1.7', ec('brainpoolP256r1')],
    ['rsa1024', rsa(1024)],
    ['rsa2047', rsa(2047)],
    ['rsa2048', rsa(2048)],
    ['rsa2048-e3', rsa(2048, '-pkeyopt', 'rsa_keygen_pubexp:3')],
    ['rsa2048', rsa(2048, '-pkeyopt', 'rsa_keygen_pubexp:65539')],
    ['rsa3072', rsa(3072)],
    ['rsa4096', rsa(4096)],
    ['rsa-pss', ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ['ed25519', ['-algorithm', 'ED25519']],
    ['x25519', ['-algorithm', 'X25519']],
  ])('of %s made by openssl is named so, and is the key that node reads', (algorithm, kind) => {
    const spki = spkiBy(...kind);
    const read = readPublicKey(spki, 'test');
    expect([read.algorithm, read.spki]).toEqual([algorithm, spki]);
    expect(read.key.equals(createPublicKey({ key: spki, format: 'der', type: 'spki' }))).toBe(true);
    expect(read.key).toBe(read.key);
  });

  test('is one of ours by name', () => {
    expect(keyAlgorithms.every(isKeyAlgorithm)).toBe(true);
    expect(['p521', 'rsa2048-e3', 'rsa1024', 'ed25519', 'constructor', ''].some(isKeyAlgorithm)).toBe(false);
  });

  test('with a point that is off its curve, at infinity or compressed is refused, as node refuses it', () => {
    for (const curve of ['P-256', 'P-384']) {
      const spki = spkiBy(...ec(curve));
      const start = spki.length - (curve === 'P-256' ? 65 : 97);
      const spoil = (change: (point: Buffer) => void) => {
        const spoilt = Buffer.from(spki);
        change(spoilt.subarray(start));
        return spoilt;
      };
      const spoilt = [
        spoil((point) => point.writeUInt8((point.at(-1) ?? 0) ^ 1, point.length - 1)),
        spoil((point) => point.fill(0, 1)),
        spoil((point) => point.fill(0xff, 1)),
        spoil((point) => point.writeUInt8(5, 0)),
      ];
      for (const one of spoilt) {
        expect(() => readPublicKey(one, 'test')).toThrow(invalid);
        expect(() => createPublicKey({ key: one, format: 'der', type: 'spki' })).toThrow();
      }
      bench.openssl('pkey', '-in', 'key.pem', '-pubout', '-ec_conv_form', 'compressed', '-outform', 'DER', '-out', 'c');
      expect(() => readPublicKey(bench.get('c'), 'test')).toThrow(invalid);
    }
  });

  test('with a coordinate of x or y that is a number above the field is refused', () => {
    const point = Buffer.alloc(65, 0xff);
    point[0] = 4;
    const spki = encode(sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), bitString(point)));
    expect(() => readPublicKey(spki, 'test')).toThrow(invalid);
  });

  test('with explicit curve parameters is refused', () => {
    const spki = spkiBy(...ec('P-256', '-pkeyopt', 'ec_param_enc:explicit'));
    expect(thrown(() => readPublicKey(spki, 'test'))).toEqual(invalid);
  });

  test.each<[string, Buffer, Buffer]>([
    ['an even modulus', Buffer.concat([Buffer.of(0), Buffer.alloc(256, 0xfe)]), Buffer.of(1, 0, 1)],
    ['a negative modulus', Buffer.alloc(256, 0x81), Buffer.of(1, 0, 1)],
    ['a modulus of zero', Buffer.of(0), Buffer.of(1, 0, 1)],
    ['a negative exponent', Buffer.concat([Buffer.of(0), Buffer.alloc(256, 0xff)]), Buffer.of(0x81)],
    ['an exponent of zero', Buffer.concat([Buffer.of(0), Buffer.alloc(256, 0xff)]), Buffer.of(0)],
  ])('of RSA with %s is refused', (_, modulus, exponent) => {
    expect(() => readPublicKey(spkiOfRsa(modulus, exponent), 'test')).toThrow(invalid);
  });

  test.each<[string, Buffer]>([
    ['rsa2048-e65538', Buffer.of(1, 0, 2)],
    ['rsa2048-e65535', Buffer.of(0, 0xff, 0xff)],
    ['rsa2048-e1', Buffer.of(1)],
    ['rsa2048-e-of-258-bits', Buffer.concat([Buffer.of(3), Buffer.alloc(32, 1)])],
  ])('of RSA with an exponent that FIPS 186-5 forbids is none of ours: %s', (algorithm, exponent) => {
    const modulus = Buffer.concat([Buffer.of(0), Buffer.alloc(256, 0xff)]);
    expect(readPublicKey(spkiOfRsa(modulus, exponent), 'test').algorithm).toBe(algorithm);
  });

  test('of a kind that nobody knows, without parameters that RSA needs, or with more behind it is refused', () => {
    const modulus = Buffer.concat([Buffer.of(0), Buffer.alloc(256, 0xff)]);
    const rsaKey = bitString(encode(sequence(integer(modulus), integer(Buffer.of(1, 0, 1)))));
    for (const spki of [
      encode(sequence(sequence(oid('1.2.3.4')), bitString(Buffer.of(1)))),
      encode(sequence(sequence(oid('1.2.840.113549.1.1.1')), rsaKey)),
      encode(sequence(sequence(oid('1.2.840.113549.1.1.1'), nothing()), rsaKey, nothing())),
      encode(sequence(sequence(oid('1.2.840.113549.1.1.1'), nothing(), nothing()), rsaKey)),
      Buffer.of(),
    ]) {
      expect(() => readPublicKey(spki, 'test')).toThrow(invalid);
    }
  });
});
