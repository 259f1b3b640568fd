import { afterAll, describe, expect, test } from 'vitest';
import { basicConstraints, extendedKeyUsage, keyUsage } from '../../../../drivers/asn1/extensions.ts';
import { nameText } from '../../../../drivers/asn1/names.ts';
import type { EkPublicKey } from '../../../../drivers/tpm/ek-certificate.ts';
import { pinOf } from '../../../../station-core/ca/given.ts';
import {
  alternativeName,
  alternativeNames,
  day,
  directoryName,
  type EkWish,
  ekKeyOf,
  ekPurpose,
  makeAuthority,
  makeEkCertificate,
  makeKeys,
  never,
  now,
  oaepSpki,
  oneRdn,
  tpmNames,
} from '../../../suites/ek-certificates.ts';
import { Bench } from '../../drivers/asn1/openssl.ts';
import { broken, check, lower, opinionOf, p256, p384, pool, root, rsa, selfOf, upper, usageOf } from './checking.ts';

const bench = new Bench();
const openssl = opinionOf(bench);
afterAll(() => bench.remove());

const path = [lower, upper, root].map(({ certificate }) => nameText(certificate.subject));
const tpm = { manufacturer: 'TEST', model: 'Model 1', version: 'id:00010002' };
const good = { tpm, path, root: pinOf(root.certificate) };

describe('a certificate of an endorsement key passes', () => {
  test.each<[string, typeof rsa, EkWish]>([
    ['of RSA-2048, with no end', rsa, {}],
    ['of P-256', p256, {}],
    ['of P-384', p384, {}],
    ['with a subject', rsa, { subject: [{ type: 'CN', value: 'unknown' }] }],
    ['with all attributes in one RDN', rsa, { name: alternativeNames(true, directoryName(oneRdn(tpmNames))) }],
    ['without basic constraints', rsa, { constraints: 'none' }],
    ['with a CA:FALSE that is written out', rsa, { constraints: falseWritten() }],
    [
      'with a critical extended key usage of several purposes',
      rsa,
      { purposes: extendedKeyUsage(['1.2.3', ekPurpose], true) },
    ],
    ['with a key usage of zeros at its end', rsa, { usage: usageOf('03020020') }],
    ['with a key usage beyond encipherment', rsa, { usage: keyUsage(['digitalSignature', 'keyEncipherment']) }],
    ['with a serial number like that of a TPM maker', rsa, { serial: Buffer.of(6) }],
  ])('%s', (_, keys, wish) => {
    const der = makeEkCertificate(keys, lower, wish);
    expect(check(der, { key: ekKeyOf(keys) })).toEqual(good);
    expect(openssl(der, pool)).toBe(true);
  });

  test('for RSAES-OAEP alone', () => {
    expect(check(makeEkCertificate(rsa, lower, { spki: oaepSpki(rsa) }))).toEqual(good);
  });

  test('directly under a root', () => {
    expect(check(makeEkCertificate(rsa, root))).toMatchObject({ path: path.slice(2) });
  });

  test('in the first and in the last millisecond of its time', () => {
    const der = makeEkCertificate(rsa, lower, { notAfter: now + 20 * day });
    for (const at of [now - day, now + 20 * day]) expect(check(der, { at })).toEqual(good);
  });

  test('whatever else is in the pool, and in whatever order', () => {
    const strangers = [makeAuthority('Root'), makeAuthority('Upper'), makeAuthority('Lower'), makeAuthority('Other')];
    const der = makeEkCertificate(rsa, lower);
    const piles = [[...strangers, ...pool], [...pool, ...strangers].reverse(), [...pool, ...pool, ...pool]];
    for (const pile of piles) expect(check(der, { pool: pile })).toEqual(good);
  });
});

function falseWritten() {
  return { ...basicConstraints({ ca: false }), value: Buffer.from('3003010100', 'hex') };
}

describe('a certificate is refused', () => {
  test.each<[string, EkPublicKey]>([
    ['another of the same kind', ekKeyOf(makeKeys('rsa2048'))],
    ['one of another kind', ekKeyOf(p256)],
    ['the same modulus with another exponent', { ...ekKeyOf(rsa), exponent: 3 } as EkPublicKey],
  ])('when the key that the unit shows is another: %s', (_, key) => {
    expect(() => check(makeEkCertificate(rsa, lower), { key })).toThrow(
      expect.objectContaining({ code: 'ek.certificate-other-key', details: {} }),
    );
  });

  test('when the point that the unit shows is the mirrored one', () => {
    const key = ekKeyOf(p256);
    if (key.type !== 'ec') throw new TypeError('P-256 is an EC key');
    const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
    const mirrored = (prime - BigInt(`0x${key.y.toString('hex')}`)).toString(16).padStart(64, '0');
    expect(() => check(makeEkCertificate(p256, lower), { key: { ...key, y: Buffer.from(mirrored, 'hex') } })).toThrow(
      expect.objectContaining({ code: 'ek.certificate-other-key' }),
    );
  });

  test.each<[string, () => Buffer]>([
    ['by name and key', () => makeEkCertificate(rsa, selfOf(rsa), { subject: [{ type: 'CN', value: 'Self' }] })],
    ['by its key alone, under a maker’s name', () => makeEkCertificate(rsa, { ...lower, keys: rsa })],
    ['by its key, with names like VMware', () => makeEkCertificate(rsa, selfOf(rsa), { subject: tpmNames })],
  ])('that is self-signed: %s', (_, make) => {
    expect(() => check(make())).toThrow(expect.objectContaining({ code: 'ek.certificate-self-signed', details: {} }));
  });

  const usages: readonly [string, EkWish, RegExp][] = [
    ['that is a CA', { constraints: basicConstraints({ ca: true }) }, /it is a CA/],
    ['that may sign certificates', { usage: keyUsage(['keyEncipherment', 'keyCertSign']) }, /keyCertSign: it is a CA/],
    ['for another purpose', { purposes: extendedKeyUsage(['clientAuth', '2.23.133.8.3']) }, /endorsement keys/],
    ['for any purpose', { purposes: extendedKeyUsage(['anyExtendedKeyUsage']) }, /endorsement keys/],
    ['without a purpose', { purposes: 'none' }, /endorsement keys/],
    ['without a key usage', { usage: 'none' }, /lacks keyEncipherment/],
    ['with the key usage of another kind of key', { usage: keyUsage(['keyAgreement']) }, /lacks keyEncipherment/],
    ['whose key usage cannot be read', { usage: usageOf('03020000') }, /cannot be read \(extension 2\.5\.29\.15\)/],
    [
      'whose basic constraints cannot be read',
      { constraints: { ...basicConstraints({ ca: false }), value: Buffer.of(5, 0) } },
      /cannot be read/,
    ],
    [
      'whose purposes are none',
      { purposes: { ...extendedKeyUsage(['1.2']), value: Buffer.of(0x30, 0) } },
      /cannot be read/,
    ],
    ['that names no maker', { name: 'none', subject: [{ type: 'CN', value: 'a' }] }, /does not name the maker/],
    ['that names a model only', { name: alternativeName(tpmNames.slice(1)) }, /does not name the maker/],
    ['whose only name is not critical', { name: alternativeName(tpmNames, false) }, /4\.2\.1\.6/],
  ];
  test.each(usages)('%s', (_, wish, rule) => {
    expect(() => check(makeEkCertificate(rsa, lower, wish))).toThrow(broken('ek.certificate-usage', rule));
  });

  test('of an EC key that is for encipherment', () => {
    const der = makeEkCertificate(p256, lower, { usage: keyUsage(['keyEncipherment']) });
    expect(() => check(der, { key: ekKeyOf(p256) })).toThrow(broken('ek.certificate-usage', /lacks keyAgreement/));
  });

  test.each<[string, EkWish]>([
    ['before its time', { notBefore: now + 1_000 }],
    ['after its time', { notBefore: now - 9 * day, notAfter: now - 1_000 }],
  ])('%s', (_, wish) => {
    const der = makeEkCertificate(rsa, lower, wish);
    expect(() => check(der)).toThrow(broken('ek.certificate-expired', /2026-11-20T12:00:00\.000Z/));
    expect(openssl(der, pool)).toBe(false);
  });
});

test('a certificate with no end is good in a thousand years, as long as its path is', () => {
  expect(check(makeEkCertificate(rsa, lower), { at: never })).toEqual(good);
});

describe('the most telling refusal is told', () => {
  const wrong = { purposes: 'none', notAfter: now - 1_000, notBefore: now - 9 * day } as const;
  test('another key before all else', () => {
    const der = makeEkCertificate(rsa, selfOf(rsa), wrong);
    expect(() => check(der, { key: ekKeyOf(p256), pool: [] })).toThrow(
      expect.objectContaining({ code: 'ek.certificate-other-key' }),
    );
  });
  test('then that it is self-signed, its usage, its time, its path', () => {
    const codes = [
      makeEkCertificate(rsa, selfOf(rsa), wrong),
      makeEkCertificate(rsa, lower, wrong),
      makeEkCertificate(rsa, lower, { ...wrong, purposes: extendedKeyUsage([ekPurpose]) }),
      makeEkCertificate(rsa, lower),
    ].map((der) => codeOf(() => check(der, { pool: [] })));
    expect(codes).toEqual([
      'ek.certificate-self-signed',
      'ek.certificate-usage',
      'ek.certificate-expired',
      'ek.root-unknown',
    ]);
  });
});

function codeOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return undefined;
}
