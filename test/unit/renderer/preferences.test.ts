import { describe, expect, test } from 'vitest';
import { coloursOf, PreferenceStore, pixelsPerMm, textSize } from '../../../renderer/preferences.ts';

/** What a browser keeps. */
function storage(kept: Record<string, string> = {}): Storage {
  const map = new Map(Object.entries(kept));
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  } as unknown as Storage;
}

describe('sizes', () => {
  test('on 24″ with 1080 lines at 0.7 m text is 21 px, as the table says, and 88 px at 3 m', () => {
    expect(textSize({ diagonal: 24, distance: 0.7 }, 1_920, 1_080)).toBeCloseTo(21, 0);
    expect(Math.abs(textSize({ diagonal: 24, distance: 3 }, 1_920, 1_080) - 88)).toBeLessThan(3);
  });

  test('a millimetre has 3.6 pixels there', () => {
    expect(pixelsPerMm(24, 1_920, 1_080)).toBeCloseTo(3.61, 2);
  });
});

test('colours are those of the computer until somebody chooses', () => {
  expect(coloursOf('auto', { dark: true, contrast: false })).toBe('dark');
  expect(coloursOf('auto', { dark: true, contrast: true })).toBe('contrast');
  expect(coloursOf('light', { dark: true, contrast: true })).toBe('light');
});

describe('what is kept', () => {
  test('comes back, and what cannot be read counts as nothing', () => {
    const place = storage();
    new PreferenceStore(place, ['de']).change({ theme: 'dark', sound: false });
    expect(new PreferenceStore(place, ['en']).get()).toMatchObject({ theme: 'dark', sound: false, language: 'de' });
    expect(new PreferenceStore(storage({ 'birthmark.screen': '{"theme":7}' }), ['es']).get()).toMatchObject({
      theme: 'auto',
      language: 'es',
    });
  });
});
