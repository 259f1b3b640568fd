import forge from 'node-forge';
import { describe, expect, test } from 'vitest';
import * as build from '../../../../drivers/asn1/build.ts';
import {
  booleanOf,
  contextTag,
  Fields,
  integerBytes,
  maxDepth,
  oidOf,
  readDer,
  smallInteger,
  tags,
  wholeBits,
  wholeOf,
} from '../../../../drivers/asn1/der.ts';
import { readText } from '../../../../drivers/asn1/text.ts';
import { readTime, time } from '../../../../drivers/asn1/time.ts';

const der = (hex: string) => readDer(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 'test');
const refused = (expected: RegExp) =>
  expect.objectContaining({
    code: 'input.invalid',
    details: { place: 'test', expected: expect.stringMatching(expected), found: expect.any(String) },
  });

/** Sequences in one another, so many levels. */
function nest(levels: number): Buffer {
  const layers: Buffer[] = [];
  for (let level = 0, length = 0; level < levels; level += 1) {
    const digits = length.toString(16).padStart(length < 0x100 ? 2 : length < 0x10000 ? 4 : 6, '0');
    const head = Buffer.from(`30${length < 0x80 ? '' : (0x80 + digits.length / 2).toString(16)}${digits}`, 'hex');
    layers.push(head);
    length += head.length;
  }
  return Buffer.concat(layers.reverse());
}

describe('the structure', () => {
  test.each([
    ['nothing at all', '', /whole/],
    ['a tag without a length', '30', /whole/],
    ['content that is cut off', '3003 0201', /whole/],
    ['a value that runs over the one around it', '3003 020201', /whole/],
    ['a length that is cut off', '3082 01', /whole/],
    ['bytes behind the value', '0500 00', /nothing behind/],
    ['an indefinite length', '3080 0000', /definite/],
    ['an indefinite length inside', '3004 3080 0000', /definite/],
    ['a long length where a short one would do', '048101ff', /minimal/],
    ['a long length with a zero in front', `04820080${'00'.repeat(128)}`, /minimal/],
    ['a length of five bytes', '04850000000001ff', /definite/],
    ['a length of 127 bytes', '04ff', /whole/],
    ['a tag number above 30', '1f8101 00', /tag/],
    ['an end of contents', '3002 0000', /tag/],
    ['a string put together of parts (BER)', '2403 0401ff', /tag/],
    ['a sequence that claims to be primitive', '1000', /tag/],
  ])('refuses %s', (_, hex, expected) => {
    expect(() => der(hex)).toThrow(refused(expected));
  });

  test(`goes ${maxDepth} levels deep and no further, whatever the length`, () => {
    expect(wholeOf(readDer(nest(maxDepth), 'test'))).toHaveLength(nest(maxDepth).length);
    expect(() => readDer(nest(maxDepth + 1), 'test')).toThrow(refused(/levels/));
    expect(() => readDer(nest(15_000), 'test')).toThrow(refused(/levels/));
    expect(() => readDer(nest(500_000), 'test', 16 * 1024 * 1024)).toThrow(refused(/levels/));
  });

  test('has an end: what is too long is not looked at', () => {
    expect(() => readDer(build.wrap(tags.octets, Buffer.alloc(65_536)), 'test')).toThrow(
      refused(/at most 65536 bytes/),
    );
  });

  test('with eight million empty values is walked through without a list of them', () => {
    const wide = build.wrap(tags.sequence, Buffer.alloc(16_000_000, Buffer.of(tags.null, 0)));
    expect(readDer(wide, 'test', 16 * 1024 * 1024).end).toBe(wide.length);
  }, 10_000);

  test('gives each value with its exact bytes', () => {
    const fields = new Fields(der('3007 020105 0402abcd'), tags.sequence, 'a pair');
    expect(wholeOf(fields.next(tags.integer, 'a number')).toString('hex')).toBe('020105');
    expect(fields.optional(tags.boolean, contextTag(0, true))).toBeUndefined();
    expect(() => fields.end('a pair')).toThrow(refused(/end of a pair/));
    expect(wholeOf(fields.any('octets')).toString('hex')).toBe('0402abcd');
    fields.end('a pair');
    expect(() => fields.any('something')).toThrow(refused(/something/));
    expect(() => new Fields(der('0500'), tags.sequence, 'a pair')).toThrow(refused(/a pair/));
  });
});

describe('a value', () => {
  test.each(['0200', '0202 007f', '0202 ff80'])('is no integer as %s', (hex) => {
    expect(() => integerBytes(der(hex), 'it')).toThrow(refused(/minimal integer/));
  });

  test.each([
    ['020100', 0],
    ['02017f', 127],
    ['02020080', 128],
    ['02067fffffffffff', 2 ** 47 - 1],
  ])('is the number in %s', (hex, number) => {
    expect(smallInteger(der(hex), 'it')).toBe(number);
    expect(build.encode(build.smallNumber(number)).toString('hex')).toBe(hex);
  });

  test.each(['0201ff', '0207 00800000000000', '0207 7fffffffffffff'])('is no small number as %s', (hex) => {
    expect(() => smallInteger(der(hex), 'it')).toThrow(refused(/from 0/));
  });

  test.each([-1, 1.5, 2 ** 47, Number.NaN])('that is %s is not written as a number', (number) => {
    expect(() => build.smallNumber(number)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  });

  test.each(['0100', '010101', '0102ffff'])('is no boolean as %s', (hex) => {
    expect(() => booleanOf(der(hex), 'it')).toThrow(refused(/TRUE or FALSE/));
  });

  test.each(['0300', '030101', '03020780'])('is no bit string of whole octets as %s', (hex) => {
    expect(() => wholeBits(der(hex), 'it')).toThrow(refused(/whole octets/));
  });

  test.each([
    ['0600', /identifier/],
    ['060180', /identifier/],
    ['06028001', /identifier/],
    ['06032a8001', /identifier/],
    ['06022a81', /identifier/],
    [`0641${'2a'.repeat(65)}`, /identifier/],
    [`060b2a${'ff'.repeat(9)}7f`, /arcs below/],
  ])('is no object identifier as %s', (hex, expected) => {
    expect(() => oidOf(der(hex), 'it')).toThrow(refused(expected));
  });

  test.each([
    '2.5.29.14',
    '1.2.840.113549.1.1.11',
    '0.9.2342.19200300.100.1.25',
    '2.999.1',
    '1.3.6.1.4.1.311.4294967295',
  ])('is the object identifier %s there and back', (dotted) => {
    expect(oidOf(readDer(build.encode(build.oid(dotted)), 'test'), 'it')).toBe(dotted);
  });

  test.each(['', '1', '3.1', '1.40', '1.02', '1.2.4294967296', '1.2.x', '1..2', 'constructor'])(
    'is not written as an object identifier: %s',
    (dotted) => {
      expect(() => build.oid(dotted)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
    },
  );
});

describe('a time', () => {
  const at = (text: string) => Date.parse(text);

  test.each([
    ['1950-01-01T00:00:00Z', tags.utcTime, '500101000000Z'],
    ['1999-12-31T23:59:59Z', tags.utcTime, '991231235959Z'],
    ['2000-02-29T12:00:00Z', tags.utcTime, '000229120000Z'],
    ['2049-12-31T23:59:59Z', tags.utcTime, '491231235959Z'],
    ['2050-01-01T00:00:00Z', tags.generalizedTime, '20500101000000Z'],
    ['9999-12-31T23:59:59Z', tags.generalizedTime, '99991231235959Z'],
  ])('%s is written and read as RFC 5280 4.1.2.5 says', (text, tag, digits) => {
    const value = readDer(build.encode(time(at(text))), 'test');
    expect([value.tag, value.bytes.subarray(value.at).toString()]).toEqual([tag, digits]);
    expect(readTime(value, 'it')).toBe(at(text));
  });

  test.each([at('1949-12-31T23:59:59Z'), at('2026-01-01T00:00:00Z') + 1, 253_402_300_800_000, Number.NaN, Infinity])(
    '%s ms is not written',
    (ms) => expect(() => time(ms)).toThrow(expect.objectContaining({ code: 'input.invalid' })),
  );

  test.each([
    [tags.utcTime, '2601010000Z'],
    [tags.utcTime, '260101000000'],
    [tags.utcTime, '260101000000+0000'],
    [tags.utcTime, '260230000000Z'],
    [tags.utcTime, '261301000000Z'],
    [tags.utcTime, '260100000000Z'],
    [tags.utcTime, '260101240000Z'],
    [tags.utcTime, '260101006000Z'],
    [tags.utcTime, '260101000060Z'],
    [tags.utcTime, '26010100000٣Z'],
    [tags.generalizedTime, '20491231235959Z'],
    [tags.generalizedTime, '20500101000000.5Z'],
    [tags.generalizedTime, '205001010000Z'],
    [tags.octets, '20500101000000Z'],
  ])('is not read from a value of tag %i with %s', (tag, digits) => {
    const value = readDer(build.wrap(tag, Buffer.from(digits)), 'test');
    expect(() => readTime(value, 'it')).toThrow(refused(/it as/));
  });
});

describe('text', () => {
  const text = (tag: number, hex: string) => readText(readDer(build.wrap(tag, Buffer.from(hex, 'hex')), 'test'));

  test('is read from every string type that names have', () => {
    expect(text(tags.utf8, 'c3a4f09f9880')).toBe('ä😀');
    expect(text(tags.printable, '41')).toBe('A');
    expect(text(tags.ia5, '40')).toBe('@');
    expect(text(tags.numeric, '31')).toBe('1');
    expect(text(tags.teletex, 'e4')).toBe('ä');
    expect(text(tags.bmp, '00e4d83dde00')).toBe('ä😀');
    expect(text(tags.universal, '000000e40001f600')).toBe('ä😀');
    expect(text(tags.octets, '41')).toBeUndefined();
  });

  test.each([
    ['a cut UTF-8 sequence', tags.utf8, 'c3'],
    ['an overlong UTF-8 sequence', tags.utf8, 'c080'],
    ['a surrogate in UTF-8', tags.utf8, 'eda080'],
    ['an octet above 127 in a PrintableString', tags.printable, 'e4'],
    ['an octet above 127 in an IA5String', tags.ia5, '80'],
    ['half a character in a BMPString', tags.bmp, '00'],
    ['a lone surrogate in a BMPString', tags.bmp, 'd800'],
    ['half a character in a UniversalString', tags.universal, '0000'],
    ['a number that is no character in a UniversalString', tags.universal, '00110000'],
  ])('is refused for %s', (_, tag, hex) => {
    expect(() => text(tag, hex)).toThrow(refused(/encoding/));
  });
});

test('what is wrapped has the header that forge gives it, at every size of a length', () => {
  for (const size of [0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000]) {
    const content = Buffer.alloc(size, 1);
    const made = forge.asn1.toDer(
      forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.OCTETSTRING, false, content.toString('latin1')),
    );
    expect(build.wrap(tags.octets, content).equals(Buffer.from(made.getBytes(), 'latin1'))).toBe(true);
  }
});
