import { describe, expect, test } from 'vitest';
import { basicConstraints } from '../../../../drivers/asn1/extensions.ts';
import { readVendorRoots } from '../../../../station-core/genuine/roots.ts';
import { pem } from '../../../suites/certificates.ts';
import { makeAuthority, makeEkCertificate, makeKeys } from '../../../suites/ek-certificates.ts';

const [first, second, third] = ['First', 'Second', 'Third'].map((name) => makeAuthority(name).certificate.certificate);
const leaf = makeEkCertificate(makeKeys('p256'), makeAuthority('Lower'));
const text = (...ders: readonly (Buffer | undefined)[]) => Buffer.from(ders.map((der) => der && pem(der)).join(''));
const read = (files: Readonly<Record<string, Buffer>>) =>
  readVendorRoots(Object.entries(files).map(([name, bytes]) => ({ name, bytes }))).map(
    ({ certificate }) => certificate,
  );
const invalid = (place: string, expected: RegExp) =>
  expect.objectContaining({
    code: 'input.invalid',
    details: expect.objectContaining({
      place: expect.stringMatching(place),
      expected: expect.stringMatching(expected),
    }),
  });
if (!first || !second || !third) throw new TypeError('three certificates were made');

describe('certificates of TPM makers', () => {
  test('come out of DER, PEM and bundles of PEM, in their order', () => {
    expect(
      read({ 'a.der': first, 'b.pem': text(second), 'c.pem': text(third, leaf).subarray(0, pem(third).length) }),
    ).toEqual([first, second, third]);
    expect(read({ 'all.pem': text(first, second, third) })).toEqual([first, second, third]);
  });

  test('count once, however often they are there', () => {
    expect(read({ 'a.der': first, 'b.pem': text(first, second, first), 'c.der': first })).toEqual([first, second]);
  });

  test('may be none', () => {
    expect(read({})).toEqual([]);
  });

  test('may stand among words', () => {
    const words = Buffer.concat([
      Buffer.from('Root of the maker\n=====\n'),
      text(first),
      Buffer.from('# next\n'),
      text(second),
    ]);
    expect(read({ 'words.pem': words })).toEqual([first, second]);
  });

  test('may have a serial number with zeros in front', () => {
    const odd = makeAuthority('Odd').certificate;
    expect(odd.serial[0]).toBe(0x42);
    const padded = Buffer.from(odd.certificate);
    const at = padded.indexOf(odd.serial);
    padded.fill(0, at, at + 3);
    expect(read({ 'odd.der': padded })).toEqual([padded]);
  });
});

describe('a folder is refused by the name of the file', () => {
  test.each<[string, Buffer, string, RegExp]>([
    ['that is empty', Buffer.alloc(0), '^x\\.pem$', /a PEM block/],
    ['that is text', Buffer.from('hello'), '^x\\.pem$', /a PEM block/],
    ['that is cut off', first.subarray(0, -1), '^x\\.pem$', /./],
    ['with something behind the certificate', Buffer.concat([first, Buffer.of(0)]), '^x\\.pem$', /nothing behind it/],
    ['with two certificates in DER', Buffer.concat([first, second]), '^x\\.pem$', /nothing behind it/],
    ['whose second certificate is cut off', text(first, second.subarray(0, -1)), '^x\\.pem, block 2', /./],
    [
      'whose second block is a key',
      Buffer.from(`${pem(first)}-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n`),
      '^x\\.pem, block 2$',
      /^CERTIFICATE$/,
    ],
    ['whose block does not end', Buffer.from(pem(first).slice(0, -10)), '^x\\.pem$', /END CERTIFICATE/],
    ['with the certificate of an endorsement key', leaf, '^x\\.pem$', /of a CA/],
    ['with one in a bundle', text(first, leaf), '^x\\.pem, block 2$', /of a CA/],
    ['with a CA whose constraints cannot be read', unreadable(), '^x\\.pem$', /of a CA/],
  ])('%s', (_, bytes, place, expected) => {
    expect(() => read({ 'good.der': first, 'x.pem': bytes })).toThrow(invalid(place, expected));
  });
});

function unreadable(): Buffer {
  const constraints = { ...basicConstraints({ ca: true }), value: Buffer.of(5, 0) };
  return makeEkCertificate(makeKeys('p256'), makeAuthority('Lower'), { constraints });
}
