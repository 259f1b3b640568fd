import type { Language } from '../say.ts';
import type { Pages } from './page.ts';

/** The pages of a language are some 60 kB, so each is fetched when somebody opens the help in it. */
const fetched: Readonly<Record<Language, () => Promise<{ readonly pages: Pages }>>> = {
  en: () => import('./en.ts'),
  de: () => import('./de.ts'),
  zh: () => import('./zh.ts'),
  es: () => import('./es.ts'),
};

/** Every help page in this language. Throws when its file cannot be had: the station is gone, or was updated meanwhile. */
export const pagesIn = async (language: Language): Promise<Pages> => (await fetched[language]()).pages;
