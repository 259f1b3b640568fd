import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { encode, enumerated, smallNumber, wrap, wrapSequence } from '../../../../drivers/asn1/build.ts';
import { type Reason, readCrl, reasons, type TbsCrlFields, writeTbsCrl } from '../../../../drivers/asn1/crl.ts';
import { contextTag } from '../../../../drivers/asn1/der.ts';
import { type Extension, writeExtensions } from '../../../../drivers/asn1/extension-list.ts';
import { authorityKeyIdentifier, keyIdentifierOf, oids } from '../../../../drivers/asn1/extensions.ts';
import { encodeName } from '../../../../drivers/asn1/names.ts';
import { algorithmIdentifier, signatureAlgorithmOf } from '../../../../drivers/asn1/signatures.ts';
import { time } from '../../../../drivers/asn1/time.ts';
import { Bench, kinds, signed } from './openssl.ts';

const bench = new Bench();
afterAll(() => bench.remove());
for (const [name, kind] of Object.entries(kinds)) bench.key(`${name}.pem`, ...kind);

const invalid = expect.objectContaining({ code: 'input.invalid' });
const privateKey = (name: string) => createPrivateKey(bench.get(`${name}.pem`));
const spkiOf = (name: string) => createPublicKey(privateKey(name)).export({ type: 'spki', format: 'der' });
const day = 86_400_000;
const now = Math.floor(Date.now() / 1000) * 1000;
const subject = [{ type: 'CN', value: 'CA' }];
const allReasons = Object.keys(reasons) as Reason[];

function crlOf(key: keyof typeof kinds, change: Partial<TbsCrlFields> = {}): TbsCrlFields {
  return {
    issuerDer: encodeName(subject),
    signatureAlgorithm: signatureAlgorithmOf(key),
    thisUpdate: now,
    nextUpdate: now + 30 * day,
    number: 5,
    authorityKeyIdentifier: keyIdentifierOf(spkiOf(key)),
    revoked: allReasons.map((reason, index) => ({ serial: Buffer.of(0x41, index, 0xff), at: now - day, reason })),
    ...change,
  };
}

const make = (fields: TbsCrlFields, key: string): Buffer =>
  signed(writeTbsCrl(fields), fields.signatureAlgorithm, privateKey(key));

function authority(key: string): string {
  const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
  bench.openssl('req', '-x509', '-key', `${key}.pem`, '-subj', '/CN=CA', ...usage, '-out', 'ca.pem');
  return bench.path('ca.pem');
}

describe('a CRL that we write', () => {
  test.each(['p256', 'p384', 'rsa2048'] as const)('with a key of %s is verified by openssl and by certtool', (key) => {
    const ca = authority(key);
    const file = bench.put('crl.der', make(crlOf(key), key));
    const verified = bench.opinion('openssl', 'crl', '-inform', 'DER', '-in', file, '-CAfile', ca, '-noout', '-text');
    expect(verified).toEqual({ good: true, says: expect.stringContaining('verify OK') });
    expect(verified.says.match(/Serial Number:/g)).toHaveLength(allReasons.length);
    // Said by no reason at all.
    expect(verified.says).not.toContain('Unspecified');
    expect(verified.says).toContain('Key Compromise');
    bench.openssl('crl', '-inform', 'DER', '-in', file, '-out', 'crl.pem');
    expect(readCrl(bench.get('crl.pem'), 'test').der).toEqual(bench.get('crl.der'));
    const other = bench.opinion(
      'certtool',
      '--verify-crl',
      '--load-ca-certificate',
      ca,
      '--infile',
      bench.path('crl.pem'),
    );
    expect(other).toEqual({ good: true, says: expect.stringContaining('Verified') });
  });

  test('revokes: openssl refuses a leaf that stands on it, and takes one that does not', () => {
    const ca = authority('p256');
    for (const serial of ['0x41', '0x42']) {
      bench.openssl('req', '-new', '-key', 'p384.pem', '-subj', '/CN=leaf', '-out', 'csr');
      const signer = ['-CA', 'ca.pem', '-CAkey', 'p256.pem', '-set_serial', serial];
      bench.openssl('x509', '-req', '-in', 'csr', ...signer, '-out', `${serial}.pem`);
    }
    const revoked = [{ serial: Buffer.of(0x41), at: now - day, reason: 'keyCompromise' }] as const;
    bench.put('crl.der', make(crlOf('p256', { revoked }), 'p256'));
    bench.openssl('crl', '-inform', 'DER', '-in', 'crl.der', '-out', 'crl.pem');
    const opinion = (serial: string) =>
      bench.opinion(
        'openssl',
        'verify',
        '-x509_strict',
        '-crl_check',
        '-CRLfile',
        bench.path('crl.pem'),
        '-CAfile',
        ca,
        bench.path(`${serial}.pem`),
      );
    expect(opinion('0x41')).toEqual({ good: false, says: expect.stringContaining('certificate revoked') });
    expect(opinion('0x42').says).toContain('OK');
  });

  test.each<[string, Partial<TbsCrlFields>]>([
    ['every reason', {}],
    ['nothing revoked', { revoked: [] }],
    ['times after 2049', { thisUpdate: Date.UTC(2055, 1), nextUpdate: Date.UTC(2056, 1) }],
    ['a large number', { number: 2 ** 47 - 1 }],
    ['number zero', { number: 0 }],
    [
      'a negative serial number of somebody else',
      { revoked: [{ serial: Buffer.of(0x80), at: now, reason: 'superseded' }] },
    ],
    [
      'thousands of certificates',
      {
        revoked: Array.from({ length: 5000 }, (_, index) => ({
          serial: Buffer.from(`41${index.toString(16).padStart(38, '0')}`, 'hex'),
          at: now,
          reason: 'superseded' as const,
        })),
      },
    ],
  ])('is read back as it was written, with %s', (_, change) => {
    const fields = crlOf('p256', change);
    const { der, tbs, signature, ...read } = readCrl(make(fields, 'p256'), 'test');
    expect(read).toEqual(fields);
    expect([tbs, signature.length > 60, der.includes(tbs)]).toEqual([writeTbsCrl(fields), true, true]);
  });

  test('may have as many certificates as a factory can make: 300,000', () => {
    const revoked = Array.from({ length: 300_000 }, (_, index) => {
      const serial = Buffer.alloc(20, 0x41);
      serial.writeUInt32BE(index, 16);
      return { serial, at: now, reason: 'superseded' } as const;
    });
    const read = readCrl(make(crlOf('p256', { revoked }), 'p256'), 'test');
    expect([read.revoked.length, read.revoked.at(-1)]).toEqual([300_000, revoked.at(-1)]);
  });

  test.each<[string, Partial<TbsCrlFields>]>([
    ['a number that is none', { number: -1 }],
    ['half a second', { thisUpdate: now + 1 }],
  ])('is not written with %s', (_, change) => {
    expect(() => writeTbsCrl(crlOf('p256', change))).toThrow(invalid);
  });
});

test('a CRL made by openssl is read right', () => {
  authority('rsa2048');
  bench.put('index', 'R\t300101000000Z\t260101000000Z,superseded\t4142\tunknown\t/CN=x\n');
  bench.put('number', '1234\n');
  const config =
    '[ca]\ndefault_ca=d\n[d]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid:always\n';
  bench.put('config', config);
  const signer = ['-keyfile', 'rsa2048.pem', '-cert', 'ca.pem', '-crldays', '10'];
  bench.openssl('ca', '-config', 'config', '-gencrl', ...signer, '-out', 'made');
  const read = readCrl(bench.get('made'), 'test');
  expect(read.number).toBe(0x1234);
  expect(read.nextUpdate - read.thisUpdate).toBe(10 * day);
  expect(read.revoked).toEqual([{ serial: Buffer.from('4142', 'hex'), at: Date.UTC(2026, 0), reason: 'superseded' }]);
  expect(read.authorityKeyIdentifier).toEqual(keyIdentifierOf(spkiOf('rsa2048')));
});

describe('a CRL is refused', () => {
  const identifier = authorityKeyIdentifier(keyIdentifierOf(spkiOf('p256')));
  const number: Extension = { oid: oids.crlNumber, critical: false, value: encode(smallNumber(1)) };
  const extensionsOf = (...list: Extension[]) => wrap(contextTag(0, true), writeExtensions(list));
  type Part = 'version' | 'algorithm' | 'issuer' | 'thisUpdate' | 'nextUpdate' | 'revoked' | 'extensions';
  const parts: Record<Part, Buffer> = {
    version: Buffer.of(2, 1, 1),
    algorithm: algorithmIdentifier('ecdsa-sha256'),
    issuer: encodeName(subject),
    thisUpdate: encode(time(now)),
    nextUpdate: encode(time(now + day)),
    revoked: Buffer.of(),
    extensions: extensionsOf(identifier, number),
  };
  const crl = (change: Partial<typeof parts>) =>
    signed(wrapSequence(...Object.values({ ...parts, ...change })), 'ecdsa-sha256', privateKey('p256'));
  const entry = (...list: Extension[]) =>
    wrapSequence(wrapSequence(Buffer.of(2, 1, 5), encode(time(now)), writeExtensions(list)));
  const reason = (value: number, critical = false): Extension => ({
    oid: oids.reasonCode,
    critical,
    value: encode(enumerated(value)),
  });

  test('only for its fault: the parts themselves are good', () => {
    expect(readCrl(crl({ revoked: entry(reason(1)) }), 'test').revoked[0]?.reason).toBe('keyCompromise');
    const date: Extension = { oid: '2.5.29.24', critical: false, value: encode(time(now)) };
    expect(readCrl(crl({ revoked: entry(date) }), 'test').revoked[0]?.reason).toBe('unspecified');
  });

  test.each<[string, Partial<typeof parts>]>([
    ['of version 1', { version: Buffer.of() }],
    ['of version 3', { version: Buffer.of(2, 1, 2) }],
    ['without nextUpdate', { nextUpdate: Buffer.of() }],
    ['without extensions', { extensions: Buffer.of() }],
    ['without a number', { extensions: extensionsOf(identifier) }],
    ['without a key identifier', { extensions: extensionsOf(number) }],
    ['with a number that is none', { extensions: extensionsOf(identifier, { ...number, value: Buffer.of(5, 0) }) }],
    ['with an empty list', { revoked: wrapSequence() }],
    ['with an entry that is none', { revoked: wrapSequence(Buffer.of(5, 0)) }],
    ['with reason 7', { revoked: entry(reason(7)) }],
    ['with reason 11', { revoked: entry(reason(11)) }],
    ['with a reason that is a number only', { revoked: entry({ ...reason(1), value: Buffer.of(2, 1, 1) }) }],
    ['with a critical extension of an entry', { revoked: entry(reason(1, true)) }],
    [
      'that is a delta, or of several issuers: with a critical extension',
      { extensions: extensionsOf(identifier, number, { oid: '2.5.29.28', critical: true, value: Buffer.of(0x30, 0) }) },
    ],
    ['whose algorithm is another inside', { algorithm: algorithmIdentifier('ecdsa-sha384') }],
  ])('%s', (_, change) => {
    expect(() => readCrl(crl(change), 'test')).toThrow(invalid);
  });

  test('that is longer than 16 MiB', () => {
    expect(() => readCrl(Buffer.alloc(16 * 1024 * 1024 + 1, 0x30), 'test')).toThrow(invalid);
  });
});
