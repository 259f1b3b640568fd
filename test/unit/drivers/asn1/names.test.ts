import { afterAll, describe, expect, test } from 'vitest';
import { wrapSequence } from '../../../../drivers/asn1/build.ts';
import { readCsr } from '../../../../drivers/asn1/csr.ts';
import { encodeName, type Name, nameText, readName } from '../../../../drivers/asn1/names.ts';
import { Bench, kinds } from './openssl.ts';

const bench = new Bench();
afterAll(() => bench.remove());
bench.key('key.pem', ...kinds.p256);

const invalid = expect.objectContaining({ code: 'input.invalid' });
const cn = (value: string): Name => [{ type: 'CN', value }];

/** A CSR by openssl with this subject. */
function requested(subject: string, ...options: string[]) {
  bench.openssl(
    'req',
    '-new',
    '-utf8',
    ...options,
    '-key',
    'key.pem',
    '-subj',
    subject,
    '-outform',
    'DER',
    '-out',
    'csr',
  );
  return readCsr(bench.get('csr'), 'test');
}

const full: Name = [
  { type: 'C', value: 'DE' },
  { type: 'ST', value: 'Bayern' },
  { type: 'L', value: 'München' },
  { type: 'O', value: 'Größe & Söhne, "GmbH"' },
  { type: 'OU', value: '生産' },
  { type: 'serialNumber', value: 'SN-0001' },
  { type: 'DC', value: 'example' },
  { type: 'emailAddress', value: 'line@example.com' },
  { type: 'UID', value: 'u1' },
  { type: '1.3.6.1.4.1.99999.1', value: 'own' },
  { type: 'CN', value: 'device-0001 😀' },
];

describe('a name', () => {
  test('comes back as it was written, attribute for attribute', () => {
    const read = readName(encodeName(full), 'test');
    expect(read).toEqual({ der: encodeName(full), attributes: full, multi: false });
    expect(readName(encodeName([]), 'test').attributes).toEqual([]);
  });

  test('is written with the same bytes as openssl writes it', () => {
    const plain = full.filter(({ type }) => !['1.3.6.1.4.1.99999.1'].includes(type));
    const subject = plain.map(({ type, value }) => `/${type}=${value}`).join('');
    expect(requested(subject).subjectDer.toString('hex')).toBe(encodeName(plain).toString('hex'));
  });

  test.each([
    'a',
    'x'.repeat(64),
    'ä'.repeat(64),
    'slash and plus: + , ; < > " # =',
    ' spaces at both ends ',
    '#30',
    '‮right to left',
    '日本語',
  ])('with the common name %j is read from what openssl wrote', (value) => {
    const escaped = value.replace(/[\\/+]/g, '\\$&');
    expect(requested(`/CN=${escaped}`).subject).toEqual(cn(value));
  });

  test('of several attributes in one RDN is read flat, and says so', () => {
    const { subject, subjectDer } = requested('/O=Acme/CN=one+UID=two', '-multivalue-rdn');
    expect(subject).toHaveLength(3);
    expect(subject).toEqual(expect.arrayContaining([{ type: 'UID', value: 'two' }]));
    expect(readName(subjectDer, 'test').multi).toBe(true);
  });

  test.each(['default', 'pkix', 'nombstr'])('is read in the string types of openssl with string_mask %s', (mask) => {
    const config = bench.put('cnf', `string_mask = ${mask}\n[req]\ndistinguished_name=dn\nstring_mask=${mask}\n[dn]\n`);
    const value = mask === 'nombstr' ? 'Acme @ *' : 'Größe @';
    expect(requested(`/O=${value}`, '-config', config).subject).toEqual([{ type: 'O', value }]);
  });

  test('with a value that is no string is shown in hex', () => {
    const attribute = Buffer.from('300d 310b 3009 0603550403 03020001'.replaceAll(' ', ''), 'hex');
    expect(readName(attribute, 'test').attributes).toEqual(cn('#03020001'));
  });

  test.each<[string, Name]>([
    ['an empty value', cn('')],
    ['a common name of 65 characters', cn('x'.repeat(65))],
    ['a country of three letters', [{ type: 'C', value: 'DEU' }]],
    ['a country of two letters that are none of PrintableString', [{ type: 'C', value: 'ÄÖ' }]],
    ['an organization of 65 characters', [{ type: 'O', value: 'x'.repeat(65) }]],
    ['a unit of 65 characters', [{ type: 'OU', value: 'x'.repeat(65) }]],
    ['a serial number with a character that is none of PrintableString', [{ type: 'serialNumber', value: 'a_b' }]],
    ['the same under its object identifier', [{ type: '2.5.4.5', value: 'a_b' }]],
    ['an e-mail address that is not ASCII', [{ type: 'emailAddress', value: 'ä@example.com' }]],
    ['a domain component of 64 characters', [{ type: 'DC', value: 'x'.repeat(64) }]],
    ['a line end', cn('a\nb')],
    ['a zero', cn('a\0b')],
    ['half a character', cn('\ud800')],
    ['a type that is none', [{ type: 'XX', value: 'a' }]],
    ['a type that every object has', [{ type: 'constructor', value: 'a' }]],
  ])('is not written with %s', (_, name) => {
    expect(() => encodeName(name)).toThrow(invalid);
  });

  test('counts characters and not bytes', () => {
    expect(readName(encodeName(cn('😀'.repeat(64))), 'test').attributes).toEqual(cn('😀'.repeat(64)));
  });

  test('is refused with an empty RDN, another set, or too many attributes', () => {
    const one = encodeName(cn('x')).subarray(2);
    for (const hex of ['3002 3100', '3002 3000', '3004 3102 0500', '3006 3104 3002 0500']) {
      expect(() => readName(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 'test')).toThrow(invalid);
    }
    expect(() => readName(wrapSequence(...Array<Buffer>(65).fill(one)), 'test')).toThrow(invalid);
  });

  test('is shown as RFC 4514 says, and no character of it can play a trick on a screen', () => {
    expect(nameText(full.slice(0, 4))).toBe('O=Größe & Söhne\\, \\"GmbH\\",L=München,ST=Bayern,C=DE');
    expect(nameText(cn(' #a,b+c\\ '))).toBe('CN=\\ #a\\,b\\+c\\\\\\ ');
    expect(nameText(cn('a\n‮b\u2028'))).toBe('CN=a\\0A\\E2\\80\\AEb\\E2\\80\\A8');
    expect(nameText([])).toBe('');
  });
});
