import { type ErrorCode, errors, isErrorCode } from '../../../station-core/contract/errors.ts';
import type { Pages } from '../../help/page.ts';
import type { Say } from '../../say.ts';

// Which pages there are, and which have the words that somebody looks for.

/** The areas of the help, in the order of its list. */
export const areas = [
  'units',
  'lanes',
  'tpm',
  'console',
  'people',
  'orders',
  'hsm',
  'ca',
  'cloud',
  'airGap',
  'station',
] as const;
export type Area = (typeof areas)[number];

/** What a code begins with. */
type Beginning<C = ErrorCode> = C extends `${infer First}.${string}` ? First : C & string;

/** A code that begins with something new does not compile before it has an area. */
const areaOfBeginning: Readonly<Record<Beginning, Area>> = {
  unit: 'units',
  packing: 'units',
  identity: 'units',
  lane: 'lanes',
  scan: 'lanes',
  scanner: 'lanes',
  light: 'lanes',
  label: 'lanes',
  printer: 'lanes',
  link: 'lanes',
  run: 'lanes',
  programmer: 'lanes',
  tpm: 'tpm',
  ek: 'tpm',
  console: 'console',
  secret: 'console',
  person: 'people',
  privacy: 'people',
  order: 'orders',
  recipe: 'orders',
  input: 'orders',
  hsm: 'hsm',
  ca: 'ca',
  cloud: 'cloud',
  sync: 'cloud',
  group: 'cloud',
  bundle: 'airGap',
  receipts: 'airGap',
  folder: 'airGap',
  store: 'station',
  station: 'station',
  audit: 'station',
  backup: 'station',
  setup: 'station',
  settings: 'station',
  export: 'station',
  rpc: 'station',
  webhook: 'cloud',
  internal: 'station',
};

export const codes: readonly ErrorCode[] = Object.keys(errors).filter(isErrorCode);

export const areaOf = (code: ErrorCode): Area => areaOfBeginning[code.split('.')[0] as Beginning];

/** The sentence of a code before anything has happened: dots stand for what it would name. */
export function sentenceOf(code: ErrorCode, { told }: Pick<Say, 'told'>): string {
  const words = [...errors[code].says.matchAll(/\{(\w+)\}/g)].map(([, word]) => [word ?? '', '…']);
  return told({ code, details: Object.fromEntries(words) as Record<string, string> });
}

/** The codes whose page has every one of the words, in any order and case, with accents or without. */
export function find(words: string, pages: Pages, say: Pick<Say, 'told'>): ErrorCode[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  return codes.filter((code) => {
    const { means, steps, lead } = pages[code];
    const text = plain([code, sentenceOf(code, say), means, ...steps, lead].join(' '));
    return wanted.every((word) => text.includes(word));
  });
}

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
