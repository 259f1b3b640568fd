import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { encode, sequence, utf8, wrap, wrapSequence } from '../../../../drivers/asn1/build.ts';
import { csrSignatureHolds, csrSignatureHoldsAsync, readCsr, writeCsrInfo } from '../../../../drivers/asn1/csr.ts';
import { contextTag } from '../../../../drivers/asn1/der.ts';
import { encodeName } from '../../../../drivers/asn1/names.ts';
import { type SignatureAlgorithm, signatureAlgorithmOf } from '../../../../drivers/asn1/signatures.ts';
import { Bench, kinds, signed } from './openssl.ts';

const bench = new Bench();
afterAll(() => bench.remove());
for (const [name, kind] of Object.entries(kinds)) bench.key(`${name}.pem`, ...kind);

const invalid = expect.objectContaining({ code: 'input.invalid' });
const privateKey = (name: string) => createPrivateKey(bench.get(`${name}.pem`));
const spkiOf = (name: string) => createPublicKey(privateKey(name)).export({ type: 'spki', format: 'der' });
const subject = [
  { type: 'O', value: 'Acme' },
  { type: 'CN', value: 'device-0001' },
];

function requested(key: string, ...options: string[]): Buffer {
  bench.openssl('req', '-new', '-key', `${key}.pem`, '-subj', '/O=Acme/CN=device-0001', '-out', 'csr', ...options);
  return bench.get('csr');
}

const names = Object.keys(kinds) as (keyof typeof kinds)[];

describe('a CSR made by openssl', () => {
  test.each(names)('with a key of %s is read right, in PEM and in DER, and its signature holds', async (key) => {
    const csr = readCsr(requested(key), 'test');
    const again = readCsr(requested(key, '-outform', 'DER'), 'test');
    for (const one of [csr, again]) {
      expect(one.subject).toEqual(subject);
      expect(one.subjectDer).toEqual(encodeName(subject));
      expect(one.publicKey.spki).toEqual(spkiOf(key));
      expect(one.publicKey.algorithm).toBe(key);
      expect(one.signatureAlgorithm).toBe(key.startsWith('rsa') ? 'rsa-sha256' : 'ecdsa-sha256');
      expect(one.extensionOids).toEqual([]);
      expect(csrSignatureHolds(one)).toBe(true);
      expect(await csrSignatureHoldsAsync(one)).toBe(true);
    }
    expect(again.info).toEqual(csr.info);
  });

  test.each<[string, SignatureAlgorithm]>([
    ['sha384', 'ecdsa-sha384'],
    ['sha512', 'ecdsa-sha512'],
  ])('with %s is read right', (hash, algorithm) => {
    const csr = readCsr(requested('p384', `-${hash}`), 'test');
    expect([csr.signatureAlgorithm, csrSignatureHolds(csr)]).toEqual([algorithm, true]);
  });

  test('that asks for extensions says which', () => {
    const csr = readCsr(
      requested('p256', '-addext', 'subjectAltName=DNS:x', '-addext', 'basicConstraints=critical,CA:TRUE'),
      'test',
    );
    expect(csr.extensionOids).toEqual(['2.5.29.17', '2.5.29.19']);
  });

  test('with words above it, an older label, a challenge password, or no attributes at all is read', () => {
    expect(readCsr(requested('p256', '-text'), 'test').subject).toEqual(subject);
    expect(readCsr(requested('p256', '-newhdr'), 'test').subject).toEqual(subject);
    const config =
      '[req]\ndistinguished_name=dn\nattributes=at\nprompt=no\n[dn]\nCN=x\n[at]\nchallengePassword=secret99\n';
    bench.openssl('req', '-new', '-key', 'p256.pem', '-config', bench.put('c', config), '-out', 'csr');
    expect(readCsr(bench.get('csr'), 'test').extensionOids).toEqual([]);
    const info = wrapSequence(Buffer.of(2, 1, 0), encodeName(subject), spkiOf('p256'));
    const bare = readCsr(signed(info, 'ecdsa-sha256', privateKey('p256')), 'test');
    expect([bare.subject, csrSignatureHolds(bare)]).toEqual([subject, true]);
  });

  test('with SHA-1, or with an algorithm that is not ours, is read by name and never holds', async () => {
    for (const [key, name] of [
      ['p256', 'ecdsa-sha1'],
      ['rsa2048', 'rsa-sha1'],
    ] as const) {
      const csr = readCsr(requested(key, '-sha1'), 'test');
      expect(csr.signatureAlgorithm).toBe(name);
      expect(csrSignatureHolds(csr)).toBe(false);
      expect(await csrSignatureHoldsAsync(csr)).toBe(false);
    }
    bench.key('ed25519.pem', '-algorithm', 'ED25519');
    const csr = readCsr(requested('ed25519'), 'test');
    expect([csr.signatureAlgorithm, csrSignatureHolds(csr)]).toEqual(['ed25519', false]);
  });

  test('does not hold once its subject or its key is another', () => {
    const csr = readCsr(requested('p256', '-outform', 'DER'), 'test');
    const spoilt = Buffer.from(csr.der);
    spoilt.write('X', spoilt.indexOf('device-0001'));
    expect(csrSignatureHolds(readCsr(spoilt, 'test'))).toBe(false);
    const { publicKey } = readCsr(requested('p384'), 'test');
    expect(csrSignatureHolds({ ...csr, publicKey })).toBe(false);
  });
});

describe('a CSR that we write', () => {
  test.each(names)('for a key of %s is accepted by openssl and by certtool, and read back', (key) => {
    const der = signed(writeCsrInfo(subject, spkiOf(key)), signatureAlgorithmOf(key), privateKey(key));
    const file = bench.put('ours', der);
    const verified = bench.opinion('openssl', 'req', '-verify', '-noout', '-text', '-inform', 'DER', '-in', file);
    expect(verified).toEqual({ good: true, says: expect.stringContaining('verify OK') });
    expect(verified.says).toContain('Subject: O = Acme, CN = device-0001');
    expect(bench.opinion('certtool', '--crq-info', '--inder', '--infile', file)).toEqual({
      good: true,
      says: expect.stringContaining('Self signature: verified'),
    });
    bench.openssl('req', '-inform', 'DER', '-in', file, '-outform', 'DER', '-out', 'again');
    expect(bench.get('again')).toEqual(der);
    expect(csrSignatureHolds(readCsr(der, 'test'))).toBe(true);
  });

  test('is byte for byte what openssl signs for the same subject and key', () => {
    const csr = readCsr(requested('p256'), 'test');
    expect(writeCsrInfo(subject, spkiOf('p256')).toString('hex')).toBe(csr.info.toString('hex'));
  });
});

describe('a CSR is refused', () => {
  const version = Buffer.of(2, 1, 0);
  const name = encodeName(subject);
  const attribute = (dotted: Buffer, ...values: Buffer[]) => wrapSequence(dotted, wrap(0x31, ...values));
  const request = Buffer.from('06092a864886f70d01090e', 'hex');
  const extension = Buffer.from('3009 0603551d13 04023000'.replaceAll(' ', ''), 'hex');
  const attributes = (...all: Buffer[]) => wrap(contextTag(0, true), ...all);
  const spki = spkiOf('p256');

  test.each<[string, Buffer[]]>([
    ['of version 2', [Buffer.of(2, 1, 1), name, spki, attributes()]],
    ['without a version', [name, spki, attributes()]],
    ['without a subject', [version, spki, attributes()]],
    ['with more behind its attributes', [version, name, spki, attributes(), attributes()]],
    ['with an attribute that is none', [version, name, spki, attributes(encode(utf8('x')))]],
    [
      'with an attribute of three values',
      [version, name, spki, attributes(wrapSequence(request, wrap(0x31), wrap(0x31)))],
    ],
    ['with an empty extension request', [version, name, spki, attributes(attribute(request))]],
    ['with a request for no extensions', [version, name, spki, attributes(attribute(request, encode(sequence())))]],
    [
      'with two requests',
      [version, name, spki, attributes(...Array<Buffer>(2).fill(attribute(request, wrapSequence(extension))))],
    ],
    [
      'with a request of two values',
      [version, name, spki, attributes(attribute(request, ...Array<Buffer>(2).fill(wrapSequence(extension))))],
    ],
    [
      'that asks for an extension twice',
      [version, name, spki, attributes(attribute(request, wrapSequence(extension, extension)))],
    ],
  ])('%s', (_, parts) => {
    const der = signed(wrapSequence(...parts), 'ecdsa-sha256', privateKey('p256'));
    expect(() => readCsr(der, 'test')).toThrow(invalid);
  });

  test('that is a certificate, a key, nothing, or longer than 64 KiB', () => {
    bench.openssl('req', '-x509', '-key', 'p256.pem', '-subj', '/CN=x', '-out', 'certificate');
    const long = signed(
      writeCsrInfo([{ type: '1.2.3', value: 'x'.repeat(1000) }], spki),
      'ecdsa-sha256',
      privateKey('p256'),
    );
    expect(readCsr(long, 'test').subject).toHaveLength(1);
    const filled = wrapSequence(...Array<Buffer>(70).fill(long));
    for (const bytes of [bench.get('certificate'), bench.get('p256.pem'), Buffer.of(), filled]) {
      expect(() => readCsr(bytes, 'test')).toThrow(invalid);
    }
  });
});
