import type { ErrorCode } from '../../station-core/contract/errors.ts';
import type { say as english } from './en/phrases.ts';

/** What the help says of one code. Who is to blame stands in the contract's table, and is not said twice. */
export type Page = {
  /** What happened, and why it matters. */
  readonly means: string;
  /** What to do, in order: the person at the line first, then whom to call. */
  readonly steps: readonly string[];
  /** What a lead or security officer looks at. */
  readonly lead: string;
};

export type Pages = Readonly<Record<ErrorCode, Page>>;

/** The pages of some codes: a file has those of one area. */
export type Part = Readonly<Partial<Record<ErrorCode, Page>>>;

/** The same codes in another language: a file that lacks one of its English file does not compile. */
export type Like<T extends Part> = Readonly<Record<keyof T, Page>>;

/** Words in braces are screens, by their names in places.ts; whoever draws a page puts the name that people see. */
export const screens = [
  'lanes',
  'orders',
  'units',
  'cloud',
  'audit',
  'hsm',
  'issuers',
  'certificates',
  'people',
  'recipes',
  'settings',
  'backup',
  'labels',
  'help',
] as const;

/** Steps that many pages have, so that each is said in one way; another language has the same as English. */
export type Phrases = Readonly<Record<keyof typeof english, string>>;
