import bwip from 'bwip-js/node';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barsOf, code128 } from '../../../renderer/code-128.ts';

/** Widths as another encoder gives them; it changes to the code set of digits where four of them follow each other. */
const widthsOf = (text: string): number[] => {
  const [symbol] = bwip.raw({ bcid: 'code128', text }) as { sbs: number[] }[];
  return [...(symbol?.sbs ?? [])].map(Number);
};

const character = fc.integer({ min: 32, max: 126 }).map((code) => String.fromCodePoint(code));
const text = fc
  .array(character, { minLength: 1, maxLength: 20 })
  .map((all) => all.join(''))
  .filter((all) => !/\d{2}/.test(all));

test('every text is encoded as another encoder does it', () => {
  fc.assert(
    fc.property(text, (all) => {
      expect(code128(all)).toEqual(widthsOf(all));
    }),
  );
  expect(code128('BM-P-7-77')).toEqual(widthsOf('BM-P-7-77'));
});

test('what is not printable ASCII has no bars', () => {
  expect(() => code128('Ä')).toThrow(RangeError);
  expect(() => code128('a\n')).toThrow(RangeError);
});

test('a badge is as wide as its symbols say: eleven modules each, thirteen for the stop', () => {
  expect(barsOf('BM-P-7-77', 10).width).toBe(11 * (9 + 2) + 13);
});
