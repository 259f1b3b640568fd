import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import {
  fingerprint,
  readCertificate,
  readTbs,
  type TbsFields,
  writeTbs,
} from '../../../../drivers/asn1/certificate.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyIdentifierOf,
  keyUsage,
  subjectKeyIdentifier,
} from '../../../../drivers/asn1/extensions.ts';
import { encodeName } from '../../../../drivers/asn1/names.ts';
import { signatureAlgorithmOf } from '../../../../drivers/asn1/signatures.ts';
import { Bench, kinds, signed } from './openssl.ts';

const bench = new Bench();
afterAll(() => bench.remove());
for (const [name, kind] of Object.entries(kinds)) bench.key(`${name}.pem`, ...kind);

const invalid = expect.objectContaining({ code: 'input.invalid' });
const privateKey = (name: string) => createPrivateKey(bench.get(`${name}.pem`));
const spkiOf = (name: string) => createPublicKey(privateKey(name)).export({ type: 'spki', format: 'der' });
const names = Object.keys(kinds) as (keyof typeof kinds)[];
const day = 86_400_000;
const now = Math.floor(Date.now() / 1000) * 1000;

const root = [
  { type: 'C', value: 'DE' },
  { type: 'O', value: 'Acme' },
  { type: 'CN', value: 'Root' },
];
const device = [
  { type: 'O', value: 'Acme' },
  { type: 'CN', value: 'device-0001' },
];

/** What a leaf of the root with this key has in it. */
function leaf(key: keyof typeof kinds, issuer: keyof typeof kinds, change: Partial<TbsFields> = {}): TbsFields {
  return {
    serial: Buffer.concat([Buffer.of(0x41), Buffer.alloc(19, 0xff)]),
    signatureAlgorithm: signatureAlgorithmOf(issuer),
    issuerDer: encodeName(root),
    notBefore: now - day,
    notAfter: now + 365 * day,
    subject: device,
    spki: spkiOf(key),
    extensions: [
      basicConstraints({ ca: false }),
      keyUsage(['digitalSignature']),
      extendedKeyUsage(['clientAuth']),
      subjectKeyIdentifier(spkiOf(key)),
      authorityKeyIdentifier(keyIdentifierOf(spkiOf(issuer))),
    ],
    ...change,
  };
}

function rootOf(key: keyof typeof kinds): TbsFields {
  const spki = spkiOf(key);
  const extensions = [
    basicConstraints({ ca: true, pathLength: 1 }),
    keyUsage(['digitalSignature', 'keyCertSign', 'cRLSign']),
    subjectKeyIdentifier(spki),
    authorityKeyIdentifier(keyIdentifierOf(spki)),
  ];
  return leaf(key, key, { subject: root, extensions, notAfter: Date.UTC(2060, 0), serial: Buffer.of(1) });
}

const make = (fields: TbsFields, issuer: string): Buffer =>
  signed(writeTbs(fields), fields.signatureAlgorithm, privateKey(issuer));

describe('a certificate that we write', () => {
  test.each(names)('under a CA of %s is verified strictly by openssl, by certtool and by node', (issuer) => {
    bench.put('ca.der', make(rootOf(issuer), issuer));
    const der = make(leaf('p256', issuer), issuer);
    const file = bench.put('leaf.der', der);
    for (const name of ['ca', 'leaf']) {
      bench.openssl('x509', '-inform', 'DER', '-in', `${name}.der`, '-out', `${name}.pem`);
      bench.openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', 'again');
      expect(bench.get('again')).toEqual(bench.get(`${name}.der`));
    }
    const [caPem, leafPem] = [bench.path('ca.pem'), bench.path('leaf.pem')];
    const strict = bench.opinion('openssl', 'verify', '-x509_strict', '-check_ss_sig', '-CAfile', caPem, leafPem);
    expect(strict).toEqual({ good: true, says: expect.stringContaining('OK') });
    const chain = bench.put('chain.pem', Buffer.concat([bench.get('leaf.pem'), bench.get('ca.pem')]));
    expect(bench.opinion('certtool', '--verify', '--load-ca-certificate', caPem, '--infile', chain)).toEqual({
      good: true,
      says: expect.stringContaining('Verified. The certificate is trusted'),
    });
    expect(bench.opinion('certtool', '--certificate-info', '--inder', '--infile', file).good).toBe(true);
    const read = new X509Certificate(der);
    expect(read.checkIssued(new X509Certificate(bench.get('ca.pem')))).toBe(true);
    expect(read.verify(createPublicKey(privateKey(issuer)))).toBe(true);
    expect(read.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(fingerprint(der));
    expect(readCertificate(bench.get('leaf.pem'), 'test').certificate).toEqual(der);
  });

  test('is read back as it was written, and so is what is to be signed alone', () => {
    const fields = leaf('p384', 'rsa2048', { notAfter: Date.UTC(2051, 1, 3) });
    const read = readCertificate(make(fields, 'rsa2048'), 'test');
    const { serial, signatureAlgorithm, issuerDer, notBefore, notAfter, subject, extensions } = read;
    expect({
      serial,
      signatureAlgorithm,
      issuerDer,
      notBefore,
      notAfter,
      subject,
      spki: read.publicKey.spki,
      extensions,
    }).toEqual(fields);
    expect([read.version, read.issuer, read.publicKey.algorithm]).toEqual([3, root, 'p384']);
    expect(readTbs(writeTbs(fields), 'test').der).toEqual(read.tbs);
  });

  test('without extensions has none, not an empty list', () => {
    expect(readTbs(writeTbs(leaf('p256', 'p256', { extensions: [] })), 'test').extensions).toEqual([]);
  });

  test.each<[string, Partial<TbsFields>]>([
    ['no serial number', { serial: Buffer.of() }],
    ['a negative serial number', { serial: Buffer.of(0x80) }],
    ['a serial number with a zero too many', { serial: Buffer.of(0, 1) }],
    ['a serial number of 21 bytes', { serial: Buffer.alloc(21, 1) }],
    ['a serial number of zero', { serial: Buffer.of(0) }],
    ['half a second', { notBefore: now + 500 }],
    ['a year of five digits', { notAfter: Date.UTC(10_000, 0) }],
    ['a subject that is none', { subject: [{ type: 'CN', value: '' }] }],
    ['an extension whose identifier is none', { extensions: [{ oid: 'x', critical: false, value: Buffer.of() }] }],
  ])('is not written with %s', (_, change) => {
    expect(() => writeTbs(leaf('p256', 'p256', change))).toThrow(invalid);
  });
});

describe('a certificate made by openssl', () => {
  test.each(names)('with a key of %s is read as node reads it', (key) => {
    const options = [
      '-days',
      '30',
      '-set_serial',
      '0xfedcba9876543210',
      '-addext',
      'keyUsage=critical,digitalSignature',
    ];
    bench.openssl(
      'req',
      '-x509',
      '-key',
      `${key}.pem`,
      '-subj',
      '/O=Acme/CN=Größe',
      '-utf8',
      ...options,
      '-out',
      'made',
    );
    const read = readCertificate(bench.get('made'), 'test');
    const node = new X509Certificate(bench.get('made'));
    expect(read.certificate).toEqual(node.raw);
    expect(read.serial.toString('hex').toUpperCase()).toBe(`00${node.serialNumber}`);
    expect(new Date(read.notBefore)).toEqual(node.validFromDate);
    expect(new Date(read.notAfter)).toEqual(node.validToDate);
    expect(read.publicKey.key.equals(node.publicKey)).toBe(true);
    expect(read.publicKey.algorithm).toBe(key);
    expect(read.subject.at(-1)).toEqual({ type: 'CN', value: 'Größe' });
    expect(read.issuerDer).toEqual(read.subjectDer);
    expect(read.extensions.map(({ oid: dotted, critical }) => `${dotted} ${critical}`)).toContain('2.5.29.15 true');
    expect(read.signatureAlgorithm).toBe(read.outerAlgorithm);
  });

  test('of version 1, and one with words above it, is read', () => {
    bench.openssl('req', '-new', '-key', 'p256.pem', '-subj', '/CN=old', '-out', 'csr');
    bench.openssl('x509', '-req', '-in', 'csr', '-signkey', 'p256.pem', '-text', '-out', 'old');
    const read = readCertificate(bench.get('old'), 'test');
    expect([read.version, read.extensions, read.subject]).toEqual([1, [], [{ type: 'CN', value: 'old' }]]);
  });
});
