import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bursts, hear, lapse, noBurst } from '../../../renderer/bursts.ts';

type Typed = { readonly key: string; readonly after: number };

/** Keys with their pauses; answers what a field would hold, and the codes that were taken out. */
function play(keys: readonly Typed[], where: { inField: boolean; prefix?: string }) {
  let bursts: Bursts = noBurst;
  let at = 1_000;
  let field = '';
  const codes: string[] = [];
  for (const { key, after } of keys) {
    at += after;
    const heard = hear(bursts, key, at, { inField: where.inField, prefix: where.prefix });
    bursts = heard.bursts;
    field += heard.back ?? '';
    if (!heard.keep) field += key === 'Enter' ? '⏎' : [...key].length === 1 ? key : '';
    if (heard.code !== undefined) codes.push(heard.code);
  }
  field += lapse(bursts, at + 1_000).back ?? '';
  return { field, codes };
}

const typed = (text: string, after: number): Typed[] => [...text].map((key) => ({ key, after }));
const enter: Typed = { key: 'Enter', after: 5 };

describe('in a field', () => {
  test.each([
    ['a code with its prefix is taken out of it', [...typed('ab', 200), ...typed('~P-1', 5), enter], 'ab', ['~P-1']],
    ['what people type stays, the prefix’s own character as well', typed('a~b~~c', 200), 'a~b~~c', []],
    [
      'a burst without the prefix stays: it is a paste, or a scanner for this field',
      [...typed('P-1', 5), enter],
      'P-1⏎',
      [],
    ],
    [
      'a code that stumbles goes to the field: half of it is no code',
      [...typed('~P', 5), ...typed('-1', 80), enter],
      '~P-1⏎',
      [],
    ],
    ['the prefix alone is no code', [...typed('~', 5), enter], '~⏎', []],
    [
      'Shift between its characters does not break it',
      [{ key: 'Shift', after: 5 }, ...typed('~p', 5), { key: 'Shift', after: 5 }, ...typed('Q', 5), enter],
      '',
      ['~pQ'],
    ],
  ] as const)('%s', (_, keys, field, codes) => {
    expect(play(keys as readonly Typed[], { inField: true, prefix: '~' })).toEqual({ field, codes });
  });

  test('a code that breaks off at Escape or Tab goes to the field before that key does anything', () => {
    for (const key of ['Escape', 'Tab']) {
      const keys = [...typed('~P-1', 5), { key, after: 5 }, ...typed('2', 5), enter];
      expect(play(keys, { inField: true, prefix: '~' })).toEqual({ field: '~P-12⏎', codes: [] });
    }
  });

  test('a prefix of several characters is kept only as far as it fits', () => {
    expect(play([...typed('#>P-1', 5), enter], { inField: true, prefix: '#>' })).toEqual({
      field: '',
      codes: ['#>P-1'],
    });
    expect(play([...typed('#x', 5), enter], { inField: true, prefix: '#>' })).toEqual({ field: '#x⏎', codes: [] });
  });

  test('without a prefix nothing is taken', () => {
    expect(play([...typed('P1-0001', 5), enter], { inField: true })).toEqual({ field: 'P1-0001⏎', codes: [] });
  });

  test('nothing that is typed slowly is ever lost, doubled or put in another order', () => {
    const key = fc.oneof(fc.constantFrom('~', '#', 'a', 'B', '1'), fc.constant('Enter'));
    fc.assert(
      fc.property(fc.array(fc.record({ key, after: fc.integer({ min: 60, max: 900 }) })), (keys) => {
        const all = keys.map((one) => (one.key === 'Enter' ? '⏎' : one.key)).join('');
        expect(play(keys, { inField: true, prefix: '~#' })).toEqual({ field: all, codes: [] });
      }),
    );
  });

  test('every key is the field’s or a code’s, and never both', () => {
    const key = fc.constantFrom('~', 'a', 'B', '1', 'Enter');
    fc.assert(
      fc.property(fc.array(fc.record({ key, after: fc.constantFrom(5, 59, 60, 300) })), (keys) => {
        const { field, codes } = play(keys, { inField: true, prefix: '~' });
        const all = keys.filter((one) => one.key !== 'Enter').length;
        expect(field.replaceAll('⏎', '').length + codes.join('').length).toBe(all);
      }),
    );
  });
});

describe('elsewhere', () => {
  test('a burst is a code, and its Enter presses nothing', () => {
    expect(play([...typed('P1-0001', 5), enter], { inField: false })).toEqual({ field: 'P1-0001', codes: ['P1-0001'] });
  });

  test('an Enter that a person pressed is theirs', () => {
    expect(play([enter], { inField: false }).field).toBe('⏎');
    expect(play([...typed('abcde', 5), { key: 'Enter', after: 300 }], { inField: false })).toEqual({
      field: 'abcde⏎',
      codes: [],
    });
    expect(play([...typed('abcde', 300), enter], { inField: false })).toEqual({ field: 'abcde⏎', codes: [] });
  });

  test('after Escape or another key that no code has, the Enter is a person’s', () => {
    for (const key of ['Escape', 'F9', 'ArrowDown', 'Tab']) {
      const keys = [...typed('P1-0009', 5), { key, after: 5 }, enter];
      expect(play(keys, { inField: false })).toEqual({ field: 'P1-0009⏎', codes: [] });
    }
  });
});
