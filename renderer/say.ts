import { createContext, useContext } from 'react';
import { createTranslator } from 'use-intl/core';
import { type Details, type ErrorData, errors } from '../station-core/contract/errors.ts';
import type { Language as Preferred } from '../station-core/contract/people.ts';
import { en } from './messages/en.ts';
import type { Tongue } from './messages/messages.ts';

/** The languages that people can choose, each by its own name. */
export const languages = { en: 'English', de: 'Deutsch', zh: '简体中文', es: 'Español' } as const satisfies Readonly<
  Record<Preferred, string>
>;
export type Language = keyof typeof languages;

/** What browsers call them; 24 hours everywhere, so that no shift confuses two times. */
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE', zh: 'zh-CN', es: 'es-ES' };

const english: Tongue = {
  messages: en,
  errors: Object.fromEntries(Object.entries(errors).map(([code, { says }]) => [code, says])) as Tongue['errors'],
};

/** Fetched when somebody speaks it; English is always there. */
const tongues: Readonly<Record<Language, () => Promise<Tongue>>> = {
  en: async () => english,
  de: async () => (await import('./messages/de.ts')).de,
  zh: async () => (await import('./messages/zh.ts')).zh,
  es: async () => (await import('./messages/es.ts')).es,
};

/** Says everything in one language. */
export type Say = ReturnType<typeof sayIn>;

/** How a language says texts, errors, times and numbers. */
export function sayIn(language: Language, { messages, errors: sentences }: Tongue) {
  const locale = locales[language];
  // One type for all languages: their keys are the same (messages.ts), so English's arguments hold for each.
  const t = createTranslator({ locale, messages: messages as typeof en, timeZone: zone(), onError: refuse });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' });
  const calendar = new Intl.DateTimeFormat(locale, { dateStyle: 'short' });
  const numbers = new Intl.NumberFormat(locale);
  const time = (iso: string): string => clock.format(new Date(iso));
  const date = (iso: string): string => calendar.format(new Date(iso));
  const dateTime = (iso: string): string =>
    new Date(iso).toDateString() === new Date().toDateString()
      ? t('frame.times.today', { time: time(iso) })
      : t('frame.times.day', { time: time(iso), date: date(iso) });
  return {
    language,
    locale,
    t,
    time,
    date,
    dateTime,
    number: (value: number): string => numbers.format(value),
    /** Whole percent, rounded down: 99.9 % is not everything. */
    percent: (part: number, whole: number): string => (whole === 0 ? '–' : `${Math.floor((100 * part) / whole)} %`),
    /** How long something took, in milliseconds. */
    duration: (ms: number): string => duration(ms, t),
    /** How long something will take, in seconds. */
    left: (seconds: number): string => left(seconds, t),
    /** What happened and what to do, of an error. */
    told: ({ code, details }: ErrorData): string => told(sentences[code], details, dateTime),
  };
}

type Translate = ReturnType<typeof createTranslator<typeof en>>;

function duration(ms: number, t: Translate): string {
  if (ms < 1) return t('frame.times.under');
  if (ms < 1_000) return t('frame.times.ms', { ms: String(Math.round(ms)) });
  return t('frame.times.seconds', { seconds: (ms / 1_000).toFixed(1) });
}

function left(seconds: number, t: Translate): string {
  if (seconds < 90) return t('frame.left.seconds', { count: Math.round(seconds) });
  if (seconds < 5_400) return t('frame.left.minutes', { count: Math.round(seconds / 60) });
  return t('frame.left.hours', { count: Math.round(seconds / 3_600) });
}

/** The sentence with its details: times as people here read them, of a path the last name only, `?` for what is missing. */
function told(sentence: string, details: Details, dateTime: (iso: string) => string): string {
  return sentence.replace(/\{(\w+)\}/g, (_, word: string) => {
    const value = details[word];
    if (typeof value !== 'string') return String(value ?? '?');
    return isTime(value)
      ? dateTime(value)
      : value.replaceAll(/(?<![\w.:/])(?:[A-Za-z]:)?(?:[/\\][^\s/\\:]+){2,}/g, lastName);
  });
}

const isTime = (value: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);

const lastName = (path: string): string => path.split(/[/\\]/).at(-1) ?? '';

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A missing key or argument is a mistake of ours, which no person should meet as a key on the screen. */
function refuse(error: Error): never {
  throw error;
}

/** Fetches a language. Throws when its file cannot be had: the station is gone, or was updated meanwhile. */
export const speak = async (language: Language): Promise<Say> => sayIn(language, await tongues[language]());

/** English, which needs no fetching. */
export const inEnglish: Say = sayIn('en', english);

export const SayContext = createContext<Say>(inEnglish);

/** How this person's language says things. */
export const useSay = (): Say => useContext(SayContext);

/** The language that a browser asks for, as far as we have it. */
export const languageOf = (asked: readonly string[]): Language =>
  asked.map((one) => one.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';

export const isLanguage = (one: string): one is Language => Object.hasOwn(languages, one);
