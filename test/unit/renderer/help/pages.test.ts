import { describe, expect, test } from 'vitest';
import { say as inDe } from '../../../../renderer/help/de/phrases.ts';
import { pages as de } from '../../../../renderer/help/de.ts';
import { say as inEn } from '../../../../renderer/help/en/phrases.ts';
import { pages as en } from '../../../../renderer/help/en.ts';
import { say as inEs } from '../../../../renderer/help/es/phrases.ts';
import { pages as es } from '../../../../renderer/help/es.ts';
import { type Page, type Pages, type Phrases, screens } from '../../../../renderer/help/page.ts';
import { pagesIn } from '../../../../renderer/help/pages.ts';
import { say as inZh } from '../../../../renderer/help/zh/phrases.ts';
import { pages as zh } from '../../../../renderer/help/zh.ts';
import { type ErrorCode, errors, isErrorCode } from '../../../../station-core/contract/errors.ts';

type Spoken = { readonly pages: Pages; readonly say: Phrases };

const spoken = {
  en: { pages: en, say: inEn },
  de: { pages: de, say: inDe },
  zh: { pages: zh, say: inZh },
  es: { pages: es, say: inEs },
} as const satisfies Record<string, Spoken>;
type Language = keyof typeof spoken;
const languages = Object.keys(spoken) as Language[];
const others = languages.filter((language) => language !== 'en');

const codes = Object.keys(errors).filter(isErrorCode);
const textsOf = ({ means, steps, lead }: Page): readonly string[] => [means, ...steps, lead];
const words = (text: string): string[] => [...(text.match(/\{\w*\}/g) ?? [])].sort();

/** The codes whose page in this language has a text that is `found`, each with that text. */
function where(language: Language, found: (text: string, code: ErrorCode) => boolean): string[] {
  return codes.flatMap((code) =>
    textsOf(spoken[language].pages[code])
      .filter((text) => found(text, code))
      .map((text) => `${code}: ${text}`),
  );
}

describe.each(languages)('the help pages in %s', (language) => {
  const { pages } = spoken[language];

  test('are there for every code, and for no other', () => {
    expect(Object.keys(pages).sort()).toEqual([...codes].sort());
  });

  test('are fetched by the name of the language', async () => {
    expect(await pagesIn(language)).toBe(pages);
  });

  test('say what it means, two to four steps that differ, and what a lead looks at', () => {
    for (const code of codes) {
      const { means, steps, lead } = pages[code];
      expect([code, means.trim() !== '', lead.trim() !== '']).toEqual([code, true, true]);
      expect([code, steps.length >= 2 && steps.length <= 4]).toEqual([code, true]);
      expect([code, new Set(steps).size]).toEqual([code, steps.length]);
    }
  });

  test('are whole sentences without a blank at their ends', () => {
    expect(where(language, (text) => text !== text.trim() || !/[.。?？]$/.test(text))).toEqual([]);
  });

  test('are short enough to be read where one stands', () => {
    // A Chinese character says about as much as two Latin letters and a half.
    const most = language === 'zh' ? { text: 100, step: 50 } : { text: 240, step: 120 };
    expect(where(language, (text) => text.length > most.text)).toEqual([]);
    expect(codes.filter((code) => pages[code].steps.some((step) => step.length > most.step))).toEqual([]);
  });

  test('name no screen that there is not, and nothing else in braces', () => {
    const known = screens.map((screen) => `{${screen}}`);
    expect(where(language, (text) => words(text).some((word) => !known.includes(word)))).toEqual([]);
  });

  test('say no path, no address and no identifier of a call', () => {
    expect(where(language, (text) => /https?:|[a-z]\/[a-z]|\\|[a-z]\.[a-z]+\(|undefined/.test(text))).toEqual([]);
  });
});

describe.each(others)('what the help says in %s', (language) => {
  const { pages, say } = spoken[language];

  test('has as many steps as in English, and the same screens in each text', () => {
    for (const code of codes) {
      expect([code, textsOf(pages[code]).map(words)]).toEqual([code, textsOf(en[code]).map(words)]);
    }
  });

  test('has the same step where English has one that many pages share', () => {
    const shared = new Map(Object.entries(inEn).map(([name, text]) => [text as string, say[name as keyof Phrases]]));
    for (const code of codes) {
      for (const [index, step] of en[code].steps.entries()) {
        const theirs = shared.get(step);
        if (theirs !== undefined) expect([code, pages[code].steps[index]]).toEqual([code, theirs]);
      }
    }
  });

  test('is nowhere left in English', () => {
    const same = codes.filter((code) => textsOf(pages[code]).some((text) => textsOf(en[code]).includes(text)));
    expect(same).toEqual([]);
    expect(
      where(language, (text) => /\b(the|and|which|with|whether|that|screen|unit|lane|order)\b/i.test(text)),
    ).toEqual([]);
  });

  test('keeps command lines, names of files and what stands on keys of the program', () => {
    const kept = /birthmark [a-z]+|--[a-z-]+|station\.json|tpm-roots|SQLITE_[A-Z]+/g;
    for (const code of codes) {
      const all = (page: Page) => textsOf(page).join(' ').match(kept)?.sort();
      expect([code, all(pages[code])]).toEqual([code, all(en[code])]);
    }
  });

  test('puts the names of screens into quotes of its own', () => {
    const quoted = { de: /„\{\w+\}“/g, zh: /“\{\w+\}”/g, es: /«\{\w+\}»/g }[language];
    expect(where(language, (text) => words(text).length !== (text.match(quoted)?.length ?? 0))).toEqual([]);
  });
});

test('the help in Chinese is Chinese, with its own punctuation', () => {
  expect(where('zh', (text) => !/\p{Script=Han}/u.test(text))).toEqual([]);
  expect(where('zh', (text) => /\p{Script=Han}[,:;?!()]|[,:;?!()]\p{Script=Han}/u.test(text))).toEqual([]);
});

/** Whom a page sends for, in each language: nobody is to be called by one language and not by another. */
const called: readonly Readonly<Record<Language, RegExp>>[] = [
  {
    en: /\blead\b/,
    de: /Linienleitung/,
    zh: /线长/,
    es: /responsable de línea/,
  },
  {
    en: /security officer/,
    de: /Sicherheitsbeauftragte/,
    zh: /安全员/,
    es: /responsable de seguridad/,
  },
  { en: /auditor/, de: /Auditor/, zh: /审计员/, es: /auditor/ },
];

test.each(others)('the help in %s sends for the same people as in English', (language) => {
  for (const code of codes) {
    const told = (of: Language) => called.map((who) => spoken[of].pages[code].steps.some((step) => who[of].test(step)));
    expect([code, told(language)]).toEqual([code, told('en')]);
  }
});
