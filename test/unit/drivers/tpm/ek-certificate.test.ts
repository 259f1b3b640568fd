import { describe, expect, test } from 'vitest';
import { encode, integer, wrapSequence } from '../../../../drivers/asn1/build.ts';
import { extendedKeyUsage } from '../../../../drivers/asn1/extensions.ts';
import { encodeName } from '../../../../drivers/asn1/names.ts';
import { readChain, readEkCertificate, unwrapNv } from '../../../../drivers/tpm/ek-certificate.ts';
import {
  alternativeName,
  alternativeNames,
  directoryName,
  type EkWish,
  makeAuthority,
  makeEkCertificate,
  makeKeys,
  oaepSpki,
  oneRdn,
  readEk,
  spkiOf,
  tpmNames,
} from '../../../suites/ek-certificates.ts';

const unreadable = (expected: RegExp) =>
  expect.objectContaining({
    code: 'ek.certificate-unreadable',
    details: { place: expect.any(String), expected: expect.stringMatching(expected) },
  });

const root = makeAuthority('Root');
const lower = makeAuthority('Lower', { issuer: root });
const keys = makeKeys('p256');
const der = makeEkCertificate(keys, lower);
const filled = (bytes: Buffer, fill: number, to = 1_600) =>
  Buffer.concat([bytes, Buffer.alloc(to - bytes.length, fill)]);
const size = (length: number) => Buffer.of(length >> 8, length & 0xff);
/** TCG_PCCLIENT_STORED_CERT of a full certificate. */
const wrapped = (inner: Buffer, length = inner.length, type = 0) =>
  Buffer.concat([Buffer.of(0x10, 0x01, type), size(length), inner]);
const full = Buffer.concat([Buffer.of(0x10, 0x02), der]);

describe('out of an NV index comes the certificate, byte for byte', () => {
  test.each<[string, Buffer]>([
    ['as it is', der],
    ['with zeros behind it', filled(der, 0)],
    ['with ones behind it', filled(der, 0xff)],
    ['with a single byte behind it', filled(der, 0, der.length + 1)],
    ['in the wrapper of TPM 1.2', wrapped(full)],
    ['in the wrapper, with zeros behind it', filled(wrapped(full), 0)],
    ['in the wrapper, with ones behind it', filled(wrapped(full), 0xff)],
    ['in a wrapper without the tag of the certificate', filled(wrapped(der), 0)],
    ['in a wrapper whose size forgets that tag', filled(wrapped(full, der.length), 0)],
  ])('%s', (_, bytes) => {
    expect(unwrapNv(bytes)).toEqual(der);
    expect(readEkCertificate(bytes, 'NV').certificate.certificate).toEqual(der);
  });

  test('also when it ends in bytes like those that fill up', () => {
    for (;;) {
      const one = makeEkCertificate(keys, lower);
      const last = one.at(-1);
      if (last !== 0 && last !== 0xff) continue;
      expect(unwrapNv(filled(one, last))).toEqual(one);
      break;
    }
  });
});

describe('an NV index is refused', () => {
  test.each<[string, Buffer, RegExp]>([
    ['that is empty', Buffer.alloc(0), /^a certificate$/],
    ['that holds zeros only', Buffer.alloc(1_600), /^a certificate$/],
    ['that holds ones only', Buffer.alloc(1_600, 0xff), /^a certificate$/],
    ['that holds one byte', Buffer.of(0x30), /a certificate in DER/],
    ['that holds something else behind the certificate', filled(der, 0x41), /nothing but 00 or ff/],
    ['that holds a second certificate behind it', Buffer.concat([der, der]), /nothing but 00 or ff/],
    ['whose certificate is cut off', der.subarray(0, -1), /at most \d+ bytes/],
    ['whose certificate begins with another tag', Buffer.concat([Buffer.of(0x31), der.subarray(1)]), /in DER/],
    ['whose certificate has an indefinite length', Buffer.of(0x30, 0x80, 0, 0), /in DER/],
    ['whose certificate has a length of three bytes', Buffer.of(0x30, 0x83, 0, 0, 1, 0), /in DER/],
    [
      'whose certificate has more than 8 KiB',
      Buffer.concat([Buffer.of(0x30, 0x82, 0x20, 0), Buffer.alloc(8_192)]),
      /8192/,
    ],
    ['with a part of a certificate in the wrapper', wrapped(full, full.length, 1), /a full certificate/],
    ['with a wrapper of unknown type', wrapped(full, full.length, 7), /a full certificate/],
    ['with a wrapper that ends in itself', Buffer.of(0x10, 0x01, 0, 0, 0), /in DER/],
    ['with a wrapper around nothing', wrapped(Buffer.of(0x10, 0x02)), /in DER/],
    ['with a wrapper whose size is too small', wrapped(full, full.length - 3), /that its wrapper says/],
    ['with a wrapper whose size is too large', filled(wrapped(full, full.length + 1), 0), /that its wrapper says/],
    ['with a wrapper in the wrapper', wrapped(wrapped(full)), /in DER/],
    ['with PEM', Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'), /in DER/],
  ])('%s', (_, bytes, expected) => {
    expect(() => unwrapNv(bytes)).toThrow(unreadable(expected));
    expect(() => readEkCertificate(bytes, 'NV')).toThrow(unreadable(expected));
  });

  test('whose certificate is cut off, at every byte', () => {
    for (let length = 0; length < der.length; length += 1) {
      expect(() => readEkCertificate(der.subarray(0, length), 'NV')).toThrow(unreadable(/./));
    }
  });

  test('by the place that the caller names', () => {
    const place = 'NV index 0x01c00002';
    expect(() => readEkCertificate(Buffer.of(0x30, 0x81, 0x80, 0), place)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ place }) }),
    );
  });
});

describe('what the certificate says of the TPM', () => {
  const factsOf = (wish: EkWish) => readEk(makeEkCertificate(keys, lower, wish)).tpm;
  const facts = { manufacturer: 'TEST', model: 'Model 1', version: 'id:00010002' };
  const maker = (value: string) => alternativeName([{ type: '2.23.133.2.1', value }]);
  /** dNSName and an otherName. */
  const others = [Buffer.from('8203612e62', 'hex'), Buffer.from('a00a06022a03a0040c026162', 'hex')];

  test.each<[string, EkWish]>([
    ['in three RDNs', {}],
    ['in one RDN with three attributes', { name: alternativeNames(true, directoryName(oneRdn(tpmNames))) }],
    [
      'in two directory names',
      {
        name: alternativeNames(
          true,
          directoryName(encodeName(tpmNames.slice(0, 1))),
          directoryName(encodeName(tpmNames.slice(1))),
        ),
      },
    ],
    ['behind names of other kinds', { name: alternativeNames(true, ...others, directoryName(encodeName(tpmNames))) }],
    [
      'in an extension that is not critical',
      { name: alternativeName(tpmNames, false), subject: [{ type: 'CN', value: 'a' }] },
    ],
    ['in the subject, where no alternative name has it', { name: 'none', subject: tpmNames }],
  ])('%s', (_, wish) => {
    expect(factsOf(wish)).toEqual(facts);
  });

  test.each([
    ['id:49465800', 'IFX'],
    ['id:53544D20', 'STM'],
    ['id:494e5443', 'INTC'],
    ['id:00001014', '00001014'],
    ['id:ffffffff', 'FFFFFFFF'],
    ['id:494658', 'id:494658'],
    ['Infineon', 'Infineon'],
  ])('the maker %s is %s', (written, manufacturer) => {
    expect(factsOf({ name: maker(written) })).toEqual({ manufacturer });
  });

  test('is nothing where it says nothing', () => {
    expect(factsOf({ name: 'none', subject: [{ type: 'CN', value: 'unknown' }] })).toEqual({});
  });

  test('is short, and without control characters', () => {
    const bad = encode(integer(Buffer.of(1)));
    const written = Buffer.from('a\u0007b\u202ec', 'utf8');
    const attribute = wrapSequence(
      Buffer.from('06056781050202', 'hex'),
      Buffer.concat([Buffer.of(0x0c, written.length), written]),
    );
    const name = wrapSequence(Buffer.concat([Buffer.of(0x31, attribute.length), attribute]));
    expect(factsOf({ name: alternativeNames(true, directoryName(name)) })).toEqual({ model: 'a?b?c' });
    expect(factsOf({ name: alternativeName([{ type: '2.23.133.2.2', value: 'm'.repeat(300) }]) }).model).toHaveLength(
      64,
    );
    expect(() => factsOf({ name: alternativeNames(true, directoryName(bad)) })).toThrow(unreadable(/./));
  });

  test('is refused where it says two things', () => {
    const name = alternativeName([...tpmNames, { type: '2.23.133.2.1', value: 'id:49465800' }]);
    expect(() => factsOf({ name })).toThrow(unreadable(/2\.23\.133\.2\.1 once/));
  });

  test.each<[string, Buffer]>([
    ['an empty alternative name', Buffer.of(0x30, 0)],
    ['an alternative name that is no list', Buffer.of(0x04, 0)],
    ['a directory name that is none', Buffer.from('3004a4020500', 'hex')],
    ['two names in a directory name', Buffer.from('3006a40430003000', 'hex')],
    ['something behind it', Buffer.from('3004a402300000', 'hex')],
  ])('cannot be read out of %s', (_, value) => {
    expect(() => factsOf({ name: { oid: '2.5.29.17', critical: true, value } })).toThrow(unreadable(/./));
  });
});

describe('keys and numbers that are no DER, and that makers use', () => {
  const rsa = makeKeys('rsa2048');

  test('a key for RSAES-OAEP alone is read as the RSA key that it is, by a name that nothing else takes', () => {
    const { publicKey } = readEk(makeEkCertificate(rsa, lower, { spki: oaepSpki(rsa) })).certificate;
    expect(publicKey.algorithm).toBe('rsa2048-oaep');
    expect(publicKey.spki).toEqual(oaepSpki(rsa));
    expect(publicKey.key.export({ type: 'spki', format: 'der' })).toEqual(spkiOf(rsa));
  });

  test('an RSAES-OAEP key is held to the rules of RSA', () => {
    const even = Buffer.from(oaepSpki(rsa));
    even[even.length - 6] = (even[even.length - 6] ?? 0) & 0xfe;
    const cut = oaepSpki(rsa).subarray(0, -1);
    expect(() => readEk(makeEkCertificate(rsa, lower, { spki: even }))).toThrow(unreadable(/an odd modulus/));
    expect(() => readEk(makeEkCertificate(rsa, lower, { spki: cut }))).toThrow(unreadable(/./));
  });
});

describe('the chain in NV', () => {
  const third = makeAuthority('Third', { issuer: lower });
  const all = [third, lower, root].map(({ certificate }) => certificate.certificate);
  const bytes = Buffer.concat(all);
  const pieces = (length: number) =>
    Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
      bytes.subarray(index * length, (index + 1) * length),
    );

  test.each<[string, readonly Buffer[]]>([
    ['one behind the other in one index', [bytes]],
    ['across the borders of indices', pieces(700)],
    ['in pieces of a byte', pieces(1)],
    ['an index each', all],
    ['an index each, filled up', all.map((one, index) => filled(one, index % 2 === 0 ? 0 : 0xff, 1_024))],
    ['with empty indices between', [Buffer.alloc(0), ...all, Buffer.alloc(512), Buffer.alloc(0)]],
  ])('%s', (_, given) => {
    expect(readChain(given).map(({ certificate }) => certificate)).toEqual(all);
  });

  test('may be empty', () => {
    expect(readChain([])).toEqual([]);
    expect(readChain([Buffer.alloc(512), Buffer.alloc(512, 0xff)])).toEqual([]);
  });

  test.each<[string, readonly Buffer[], RegExp]>([
    ['that ends within a certificate', [bytes.subarray(0, -1)], /at most/],
    ['of which an index is missing', pieces(300).toSpliced(1, 1), /./],
    ['with something else in it', [Buffer.concat([all[0] ?? bytes, Buffer.from('hello')])], /in DER/],
    ['with a certificate that is none', [Buffer.concat([Buffer.of(0x30, 0x81, 0x80), Buffer.alloc(128, 5)])], /./],
    ['of more than 16 certificates', Array.from({ length: 17 }, () => all[0] ?? bytes), /at most 16 certificates/],
    ['of more than 32 KiB', Array.from({ length: 65 }, () => Buffer.alloc(512)), /at most 32768 bytes/],
  ])('is refused %s', (_, given, expected) => {
    expect(() => readChain(given)).toThrow(unreadable(expected));
  });
});

test('a certificate whose extended key usage is empty is read, and judged elsewhere', () => {
  const purposes = { ...extendedKeyUsage(['1.2.3']), value: Buffer.of(0x30, 0) };
  expect(readEk(makeEkCertificate(keys, lower, { purposes })).certificate.extensions).toContainEqual(purposes);
});
