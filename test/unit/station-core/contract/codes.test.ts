import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMod3736, longestCode, readCode } from '../../../../station-core/contract/codes.ts';
import { elementsOf, gs, isMod10 } from '../../../../station-core/contract/gs1.ts';
import { checksums } from '../../../../station-core/contract/scanners.ts';
import { testLabel } from '../../../../station-core/contract/test-label.ts';

const read = (text: string) => readCode(text, 'none');
const unit = (serial: string, more: object = {}) => ({ kind: 'unit', serial, ...more });
const misread = (code: string) => ({ kind: 'misread', error: { code } });
const gtin = '09501101020917';

describe('a label of this program is told from a unit by what it begins with', () => {
  test.each([
    ['BM-P-12-7', { kind: 'person', badge: 'BM-P-12-7' }],
    [']C0BM-P-12-7', { kind: 'person', badge: 'BM-P-12-7' }],
    ['BM-C-CONFIRM', { kind: 'command', command: 'confirm' }],
    ['BM-C-RETRY', { kind: 'command', command: 'retry' }],
    ['BM-C-FORMAT', misread('scan.unknown-command')],
    ['BM-F-7', { kind: 'fixture', lane: 7 }],
    ['BM-F-0', misread('scan.unreadable')],
    ['BM-F-7x', misread('scan.unreadable')],
    ['BM-T-', misread('scan.unreadable')],
    ['BM-1', unit('BM-1')],
    ['P1-0001', unit('P1-0001')],
  ])('%s', (text, code) => expect(read(text)).toMatchObject(code));
});

describe('symbology identifiers are taken off and understood', () => {
  test.each([
    [']C0P1-0001', unit('P1-0001')],
    [']A0P1-0001', unit('P1-0001')],
    [']d1P1-0001', unit('P1-0001')],
    [']Q1P1-0001', unit('P1-0001')],
    [`]C101${gtin}21P1-0001`, unit('P1-0001', { gtin })],
    [`]d201${gtin}10BATCH-1${gs}21P1-0001`, unit('P1-0001', { gtin, batch: 'BATCH-1' })],
    [`]Q321P1-0001${gs}01${gtin}`, unit('P1-0001', { gtin })],
    [`]e001${gtin}`, misread('scan.no-serial')],
    [']', unit(']')],
    [']C', unit(']C')],
    [']C0', misread('scan.unreadable')],
  ])('%j', (text, code) => expect(read(text)).toMatchObject(code));
});

describe('a GS1 element string', () => {
  test('is known without an identifier by its separators', () => {
    expect(read(`${gs}01${gtin}21P1-0001`)).toEqual(unit('P1-0001', { gtin }));
    expect(read(`01${gtin}10B${gs}21P1-0001`)).toEqual(unit('P1-0001', { gtin, batch: 'B' }));
  });

  test.each([
    ['a wrong check digit', `]C10109501101020918${'21A'}`],
    ['an AI that there is not', ']C1051234'],
    ['a date with a letter', ']C1112611X1'],
    ['a value that ends too early', ']C10109501101'],
    ['a serial that is too long', `]C121${'A'.repeat(21)}`],
    ['a character that GS1 does not have', ']C121A#1'],
    ['nothing', ']C1'],
  ])('with %s is a misread, and no part of it passes for a serial', (_, text) => {
    expect(read(text)).toMatchObject(misread('scan.unreadable'));
  });

  test('with two serials names no unit; the same one twice does', () => {
    expect(read(`]C121A-1${gs}21A-2`)).toMatchObject(misread('scan.no-serial'));
    expect(read(`]C121A-1${gs}21A-1`)).toEqual(unit('A-1'));
  });

  test('is read back as it was written, in any order and with separators where they have to be', () => {
    const alphanumeric = fc.stringMatching(/^[A-Z0-9a-z+,\-./:;]{1,20}$/);
    const element = fc.oneof(
      alphanumeric.map((value) => ({ ai: '10', value })),
      alphanumeric.map((value) => ({ ai: '21', value })),
      fc.stringMatching(/^[A-Z0-9]{1,30}$/).map((value) => ({ ai: '240', value })),
      fc.stringMatching(/^[A-Z0-9]{1,30}$/).map((value) => ({ ai: '241', value })),
      fc.stringMatching(/^\d{6}$/).map((value) => ({ ai: '3103', value })),
      fc.stringMatching(/^\d{6}$/).map((value) => ({ ai: '11', value })),
      fc.stringMatching(/^\d{14}[A-Z0-9]{0,16}$/).map((value) => ({ ai: '8003', value })),
      fc.stringMatching(/^[A-Z0-9]{1,30}$/).map((value) => ({ ai: '8004', value })),
      fc.constant({ ai: '01', value: gtin }),
    );
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 6 }), fc.boolean(), (elements, first) => {
        const isFixed = (ai: string) => ['01', '11', '3103'].includes(ai);
        const written = elements.map(({ ai, value }, at) =>
          isFixed(ai) || at === elements.length - 1 ? ai + value : ai + value + gs,
        );
        expect(elementsOf((first ? gs : '') + written.join(''))).toEqual(elements);
      }),
    );
  });
});

describe('checksums', () => {
  test.each([
    ['A12425GABC1234002M', true],
    ['A12425GABC1234002N', false],
    ['A', false],
    ['a12425gabc1234002m', false],
  ])('ISO/IEC 7064 MOD 37,36 of %s: %s', (text, right) => expect(isMod3736(text)).toBe(right));

  test.each([
    [gtin, true],
    ['4006381333931', true],
    ['4006381333932', false],
    ['7', false],
    ['40063813339a1', false],
  ])('modulo 10 of %s: %s', (text, right) => expect(isMod10(text)).toBe(right));

  test('refuse a misread serial of every kind of label, and separators do not count', () => {
    expect(readCode('A1-2425G-ABC1234002-M', 'mod37-36')).toEqual(unit('A1-2425G-ABC1234002-M'));
    expect(readCode('A1-2425G-ABC1234003-M', 'mod37-36')).toMatchObject(misread('scan.checksum'));
    expect(readCode(']C1214006381333931', 'mod10')).toEqual(unit('4006381333931'));
    expect(readCode(']C1214006381333932', 'mod10')).toMatchObject(misread('scan.checksum'));
    expect(readCode('BM-P-1-1', 'mod10')).toMatchObject({ kind: 'person' });
  });

  test('find every single wrong character (two neighbours that changed places ISO/IEC 7064 promises almost always only)', () => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    const withCheck = (text: string) => [...alphabet].map((one) => text + one).filter(isMod3736);
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z]{3,20}$/), fc.nat(), fc.nat({ max: 34 }), (text, place, by) => {
        const [whole, ...more] = withCheck(text);
        expect([typeof whole, more]).toEqual(['string', []]);
        const right = [...(whole ?? '')];
        const at = place % right.length;
        const wrong = right.with(at, alphabet[(alphabet.indexOf(right[at] ?? '') + 1 + by) % 36] ?? '');
        expect(isMod3736(wrong.join(''))).toBe(false);
      }),
    );
  });
});

/** What a computer with this keyboard writes for the keys of a US one. */
const typedOn = (to: Readonly<Record<string, string>>, text: string) =>
  [...text]
    .map((one) => {
      const lower = one.toLowerCase();
      const key = to[lower] ?? lower;
      return one === lower ? key : key.toUpperCase();
    })
    .join('');
const turned = (text: string) =>
  text.replace(/[a-z]/gi, (one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase()));
const qwertz = { y: 'z', z: 'y', '-': 'ß' };
const azerty = { a: 'q', q: 'a', w: 'z', z: 'w', m: ',', '-': ')', 0: 'à', 1: '&', 9: 'ç' };

describe('the test barcode', () => {
  test.each([
    ['says that the keyboards agree', testLabel, { layout: 'same', capsLock: false }],
    ['finds Caps Lock', turned(testLabel), { layout: 'same', capsLock: true }],
    ['finds a German keyboard', typedOn(qwertz, testLabel), { layout: 'qwertz', capsLock: false }],
    ['finds both', turned(typedOn(qwertz, testLabel)), { layout: 'qwertz', capsLock: true }],
    ['finds a French keyboard', typedOn(azerty, testLabel).replaceAll(',', ';').replace(';', ','), undefined],
    ['finds another hyphen', testLabel.replaceAll('-', "'"), { layout: 'other', capsLock: false }],
  ])('%s', (_, text, found) => {
    expect(read(text)).toEqual(found ? { kind: 'test', found } : unit(text));
  });

  test('finds a French keyboard, where capital M is a question mark', () => {
    const text = typedOn(azerty, testLabel);
    const french = [...text].map((one, at) => (testLabel[at] === 'M' ? '?' : one)).join('');
    expect(read(french)).toEqual({ kind: 'test', found: { layout: 'azerty', capsLock: false } });
  });

  test('is no unit of any order: as long a serial is hardly ever taken for it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9-]{21}$/), (text) => {
        expect(read(text)).toMatchObject({ kind: 'unit' });
      }),
    );
  });
});

test('whatever is scanned is read or refused: nothing throws, and a serial is a part of what was scanned', () => {
  const odd = fc.string({
    unit: fc.oneof(fc.constantFrom(gs, ']', 'C', '1', '2', '0', 'BM-'), fc.string()),
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.oneof(odd, fc.string({ unit: 'binary' })), fc.constantFrom(...checksums), (text, checksum) => {
      const code = readCode(text, checksum);
      if (code.kind === 'unit') expect(text).toContain(code.serial);
    }),
    { numRuns: 1_000 },
  );
  expect(read('A'.repeat(longestCode + 1))).toMatchObject(misread('scan.unreadable'));
  expect(read('A'.repeat(129))).toMatchObject(misread('scan.unreadable'));
  expect(read('A\u0000B')).toMatchObject(misread('scan.unreadable'));
});
