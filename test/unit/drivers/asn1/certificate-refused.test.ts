import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encode, integer, nothing, oid, sequence, wrap, wrapSequence } from '../../../../drivers/asn1/build.ts';
import { readCertificate, readTbs } from '../../../../drivers/asn1/certificate.ts';
import { contextTag } from '../../../../drivers/asn1/der.ts';
import { writeExtensions } from '../../../../drivers/asn1/extension-list.ts';
import { basicConstraints, type Extension } from '../../../../drivers/asn1/extensions.ts';
import { encodeName } from '../../../../drivers/asn1/names.ts';
import { algorithmIdentifier } from '../../../../drivers/asn1/signatures.ts';
import { time } from '../../../../drivers/asn1/time.ts';
import { signed } from './openssl.ts';

const invalid = expect.objectContaining({ code: 'input.invalid' });
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const day = 86_400_000;
const now = Math.floor(Date.now() / 1000) * 1000;
const root = [{ type: 'CN', value: 'Root' }];
const device = [{ type: 'CN', value: 'device-0001' }];

describe('a certificate is refused', () => {
  type Part = 'version' | 'algorithm' | 'issuer' | 'serial' | 'validity' | 'subject' | 'spki' | 'rest';
  const parts: Record<Part, Buffer> = {
    version: wrap(contextTag(0, true), Buffer.of(2, 1, 2)),
    serial: encode(integer(Buffer.of(5))),
    algorithm: algorithmIdentifier('ecdsa-sha256'),
    issuer: encodeName(root),
    validity: encode(sequence(time(now), time(now + day))),
    subject: encodeName(device),
    spki: pair.publicKey.export({ type: 'spki', format: 'der' }),
    rest: Buffer.of(),
  };
  const tbs = (change: Partial<typeof parts>) => wrapSequence(...Object.values({ ...parts, ...change }));
  const extensionsOf = (...list: Extension[]) => wrap(contextTag(3, true), writeExtensions(list));
  const one = basicConstraints({ ca: false });

  test('only for its fault: the parts themselves are good', () => {
    expect(readTbs(tbs({ rest: extensionsOf(one) }), 'test').extensions).toEqual([one]);
    const identifiers = Buffer.from('8102 0001 8202 0002'.replaceAll(' ', ''), 'hex');
    expect(readTbs(tbs({ rest: Buffer.concat([identifiers, extensionsOf(one)]) }), 'test').extensions).toEqual([one]);
  });

  test.each<[string, Partial<typeof parts>]>([
    ['of version 4', { version: wrap(contextTag(0, true), Buffer.of(2, 1, 3)) }],
    ['with an empty version', { version: wrap(contextTag(0, true)) }],
    ['with two versions', { version: wrap(contextTag(0, true), Buffer.of(2, 1, 2, 2, 1, 2)) }],
    ['with extensions in version 1', { version: Buffer.of(), rest: extensionsOf(one) }],
    [
      'with extensions in version 2',
      { version: wrap(contextTag(0, true), Buffer.of(2, 1, 1)), rest: extensionsOf(one) },
    ],
    ['with unique identifiers in version 1', { version: Buffer.of(), rest: Buffer.of(0x81, 2, 0, 1) }],
    ['with a serial number that is not minimal', { serial: Buffer.of(2, 2, 0, 1) }],
    ['with an empty serial number', { serial: Buffer.of(2, 0) }],
    ['with a serial number of 65 bytes', { serial: encode(integer(Buffer.alloc(65, 1))) }],
    ['with an extension twice', { rest: extensionsOf(one, one) }],
    ['with an empty list of extensions', { rest: wrap(contextTag(3, true), wrapSequence()) }],
    [
      'with two lists of extensions',
      { rest: wrap(contextTag(3, true), writeExtensions([one]), writeExtensions([one])) },
    ],
    ['with more behind its extensions', { rest: Buffer.concat([extensionsOf(one), extensionsOf(one)]) }],
    ['with three times', { validity: encode(sequence(time(now), time(now), time(now))) }],
    ['with one time', { validity: encode(sequence(time(now))) }],
    ['with times that are none', { validity: encode(sequence(nothing(), nothing())) }],
    [
      'with an ECDSA algorithm that has parameters',
      { algorithm: encode(sequence(oid('1.2.840.10045.4.3.2'), nothing())) },
    ],
    ['with a name that is none', { issuer: encode(nothing()) }],
    ['with a key that is none', { spki: encode(nothing()) }],
  ])('%s', (_, change) => {
    expect(() => readTbs(tbs(change), 'test')).toThrow(invalid);
  });

  test('whose signature algorithm is another inside than outside', () => {
    const inside = tbs({ algorithm: algorithmIdentifier('ecdsa-sha384') });
    expect(() => readCertificate(signed(inside, 'ecdsa-sha256', pair.privateKey), 'test')).toThrow(invalid);
  });

  test('whose signature has unused bits, or that has more than three parts', () => {
    const algorithm = algorithmIdentifier('ecdsa-sha256');
    const bits = Buffer.of(3, 2, 1, 0x80);
    expect(() => readCertificate(wrapSequence(tbs({}), algorithm, bits), 'test')).toThrow(invalid);
    const more = wrapSequence(tbs({}), algorithm, Buffer.of(3, 2, 0, 1), algorithm);
    expect(() => readCertificate(more, 'test')).toThrow(invalid);
  });

  test('whose extension writes out that it is not critical is read all the same: CAs in use write it', () => {
    const written = Buffer.from('300c 0603551d13 010100 04023000'.replaceAll(' ', ''), 'hex');
    const read = readTbs(tbs({ rest: wrap(contextTag(3, true), wrapSequence(written)) }), 'test');
    expect(read.extensions).toEqual([{ ...one, critical: false }]);
  });
});
