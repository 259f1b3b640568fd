import { describe, expect, test } from 'vitest';
import { de } from '../../../renderer/messages/de.ts';
import { en } from '../../../renderer/messages/en.ts';
import { es } from '../../../renderer/messages/es.ts';
import { zh } from '../../../renderer/messages/zh.ts';
import { inEnglish, languageOf, languages, sayIn, speak } from '../../../renderer/say.ts';

type Tree = { readonly [key: string]: string | Tree };

/** Every text with the way to it. */
const leaves = (tree: Tree, way = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${way}${key}`, value]] : leaves(value, `${way}${key}.`),
  );

/** The arguments that a text wants, without how they are written. */
const argumentsOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? ''))].sort();

const english = leaves(en);
const others = { de, zh, es };

describe.each(Object.entries(others))('the language %s', (_, { messages }) => {
  const told = new Map(leaves(messages));

  test('has every text, none of them empty, and none beyond', () => {
    expect([...told.keys()].sort()).toEqual(english.map(([way]) => way).sort());
    expect([...told].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('uses no argument that English does not give', () => {
    for (const [way, text] of english) {
      const given = argumentsOf(text);
      const wanted = argumentsOf(told.get(way) ?? '');
      expect([way, wanted.filter((one) => !given.includes(one))]).toEqual([way, []]);
    }
  });

  test('says sentences of its own', () => {
    // Names of products are the same everywhere.
    const isName = (way: string) => way.startsWith('cloud.targets.');
    const same = english.filter(
      ([way, text]) => !isName(way) && /[a-z] [a-z]+ [a-z]/i.test(text) && told.get(way) === text,
    );
    expect(same).toEqual([]);
  });
});

test('every text of every language can be formatted with arguments of every kind', async () => {
  for (const language of Object.keys(languages) as (keyof typeof languages)[]) {
    const { t } = await speak(language);
    const say = t as unknown as (way: string, values: Record<string, unknown>) => string;
    for (const [way, text] of english) {
      const values = Object.fromEntries(argumentsOf(text).map((name) => [name, /number|plural/.test(text) ? 3 : 'x']));
      expect(say(way, values), way).not.toBe('');
    }
  }
});

describe('an error on the screen', () => {
  test('has the time as people read it, and never a path', () => {
    const { told } = inEnglish;
    expect(
      told({ code: 'audit.not-written', details: { folder: '/srv/line/7/exports', reason: 'no room' } }),
    ).toContain('into exports (no room)');
    expect(told({ code: 'audit.not-written', details: { folder: 'C:\\lines\\7\\exports', reason: 'x' } })).toContain(
      'into exports',
    );
    expect(told({ code: 'cloud.unreachable', details: { reason: 'https://a.example/b/c' } })).not.toContain(
      'undefined',
    );
  });

  test('keeps `?` where a detail is missing, as the contract does', () => {
    expect(inEnglish.told({ code: 'unit.cannot', details: {} })).toContain('?');
  });
});

test('the language is the first one asked for that there is', () => {
  expect(languageOf(['fr-FR', 'zh-Hans-CN', 'de'])).toBe('zh');
  expect(languageOf(['fr'])).toBe('en');
});

test('times have 24 hours in every language', async () => {
  for (const [language, tongue] of Object.entries(others)) {
    expect(sayIn(language as 'de', tongue).time('2026-11-20T23:05:06.000Z')).toMatch(/\d\d:05:06/);
  }
});
