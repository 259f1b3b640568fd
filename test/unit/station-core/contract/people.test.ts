import fc from 'fast-check';
import { expect, test } from 'vitest';
import { badgeText, readBadge, weaknessOf } from '../../../../station-core/contract/people.ts';

test.each([
  ['12345', 'short'],
  ['😀😀😀', 'short'],
  ['777777', 'same'],
  ['123456', 'run'],
  ['654321', 'run'],
  ['890123', 'run'],
  ['abcdef', 'run'],
  ['Techni-cian', 'name'],
  ['tess technician', 'name'],
  ['204060', undefined],
  ['121212', undefined],
  ['correct horse', undefined],
] as const)('of the PIN %s it is said: %s', (pin, weakness) => {
  expect(weaknessOf(pin, 'Tess Technician')).toBe(weakness);
});

test('a badge is read back, in whatever case the scanner types it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), (number) => {
      expect(readBadge(badgeText(number))).toBe(number);
      expect(readBadge(badgeText(number).toLowerCase())).toBe(number);
      expect(readBadge(`]C0${badgeText(number)}`)).toBe(number);
    }),
  );
});

test('a badge with one wrong digit, or two that changed places, names nobody', () => {
  const digits = fc.integer({ min: 10, max: 999_999_999 }).map(badgeText);
  fc.assert(
    fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (badge, where, by) => {
      const places = [...badge].flatMap((one, index) => (/\d/.test(one) ? [index] : []));
      const at = places[where % places.length] ?? 0;
      const wrong = [...badge];
      wrong[at] = String((Number(wrong[at]) + by) % 10);
      expect(readBadge(wrong.join(''))).toBeUndefined();
      const [one = '', two = ''] = [badge[at], badge[at + 1]];
      if (!/\d/.test(two) || one === two) return;
      const swapped = [...badge];
      [swapped[at], swapped[at + 1]] = [two, one];
      expect(readBadge(swapped.join(''))).toBeUndefined();
    }),
  );
});

test('what is no badge of a station is none', () => {
  for (const text of ['', 'BM-P-1', 'BM-P-1-9x', 'BM-U-1-95', ' BM-P-1-95', 'BM-P-1-95\n', 'BM-P-1234567890-00']) {
    expect(readBadge(text)).toBeUndefined();
  }
});
