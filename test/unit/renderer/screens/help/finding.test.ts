import { describe, expect, test } from 'vitest';
import { pages as german } from '../../../../../renderer/help/de.ts';
import { pages as english } from '../../../../../renderer/help/en.ts';
import { screens } from '../../../../../renderer/help/page.ts';
import { frame } from '../../../../../renderer/messages/en/frame.ts';
import { inEnglish, speak } from '../../../../../renderer/say.ts';
import { areaOf, areas, codes, find, sentenceOf } from '../../../../../renderer/screens/help/finding.ts';

describe('what the help finds', () => {
  test('is every page when nothing is looked for', () => {
    expect(find('  ', english, inEnglish)).toEqual(codes);
  });

  test('is the page of a code that was typed, by the whole code', () => {
    for (const code of codes) expect(find(code, english, inEnglish)).toContain(code);
    expect(find('unit.serial-mismatch', english, inEnglish)).toEqual(['unit.serial-mismatch']);
  });

  test('has all of the words, in any order and case', () => {
    const found = find('LABEL unit', english, inEnglish);
    expect(found).toContain('unit.serial-mismatch');
    expect(found).toEqual(find('unit label', english, inEnglish));
    expect(find('label zebra', english, inEnglish)).toEqual([]);
  });

  test('is found in the language that is spoken, with its accents or without', async () => {
    const de = await speak('de');
    expect(find('Prüfprotokoll', german, de).length).toBeGreaterThan(0);
    expect(find('prufprotokoll', german, de)).toEqual(find('Prüfprotokoll', german, de));
  });

  test('has dots where the sentence would name something, and no braces', () => {
    expect(sentenceOf('unit.serial-mismatch', inEnglish)).toContain('The label says …, the unit says …');
    for (const code of codes) expect(sentenceOf(code, inEnglish)).not.toMatch(/[{}?]$|\{/);
  });
});

test('every area of the list has a page', () => {
  expect(new Set(codes.map(areaOf))).toEqual(new Set(areas));
});

test('every screen that a page may name has a name that people see', () => {
  expect(screens.filter((name) => !(name in frame.places))).toEqual([]);
});
