import { burstGapMs, type Key, shortestBurst } from './scanner.ts';

// A scanner that types while something else than the lanes has the keys, purely: a field, a dialog, another screen. What people
// type stays theirs; a code is taken out.

export type Bursts = {
  readonly keys: readonly Key[];
  /** The keys were kept from a field, which gets them back unless they turn out to be a code. */
  readonly held: boolean;
};

export const noBurst: Bursts = { keys: [], held: false };

export type HeardKey = {
  readonly bursts: Bursts;
  /** Whether the key is kept from the page. */
  readonly keep: boolean;
  /** What a field gets back before anything else, since a person typed it. */
  readonly back?: string;
  readonly code?: string;
};

type Where = {
  readonly inField: boolean;
  /** What the scanner sends before every code. Without it nothing is taken out of fields. */
  readonly prefix: string | undefined;
};

/** One key, by its name and its time in milliseconds, where something else than the lanes has it. */
export function hear(before: Bursts, key: string, at: number, where: Where): HeardKey {
  const lapsed = lapse(before, at);
  if (isName(key) && key !== 'Enter') return { ...(modifiers.has(key) ? lapsed : ended(before)), keep: false };
  const heard = where.inField ? inField(lapsed.bursts, key, at, where.prefix ?? '') : elsewhere(lapsed.bursts, key, at);
  const back = (lapsed.back ?? '') + (heard.back ?? '');
  return { ...heard, ...(back === '' ? {} : { back }) };
}

/** They come with the next key. */
const modifiers: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'CapsLock', 'Dead']);

/** After a pause no code follows: a field gets back what was kept from it. */
export function lapse(bursts: Bursts, at: number): { readonly bursts: Bursts; readonly back?: string } {
  const last = bursts.keys.at(-1);
  if (!last || at - last.at < burstGapMs) return { bursts };
  return ended(bursts);
}

/** Nor after a key that no code has, such as Escape: the Enter after it is a person's. */
const ended = ({ keys, held }: Bursts): { readonly bursts: Bursts; readonly back?: string } =>
  held ? { bursts: noBurst, back: textOf(keys) } : { bursts: noBurst };

/** Only what begins with the prefix is kept, from its first character on. */
function inField({ keys, held }: Bursts, key: string, at: number, prefix: string): HeardKey {
  const before = held ? textOf(keys) : '';
  if (key === 'Enter') {
    const isCode = held && before.length > prefix.length;
    if (isCode) return { bursts: noBurst, keep: true, code: before };
    return { bursts: noBurst, keep: false, ...(before === '' ? {} : { back: before }) };
  }
  const text = before + key;
  const fits = prefix !== '' && (text.startsWith(prefix) || prefix.startsWith(text));
  if (fits) return { bursts: { keys: [...(held ? keys : []), { key, at }], held: true }, keep: true };
  return { bursts: noBurst, keep: false, ...(before === '' ? {} : { back: before }) };
}

/** Keys that mean nothing here pass; the Enter at the end of a burst would press whatever has the focus. */
function elsewhere({ keys }: Bursts, key: string, at: number): HeardKey {
  if (key !== 'Enter') return { bursts: { keys: [...keys, { key, at }], held: false }, keep: false };
  if (keys.length < shortestBurst) return { bursts: noBurst, keep: false };
  return { bursts: noBurst, keep: true, code: textOf(keys) };
}

const isName = (key: string): boolean => [...key].length !== 1;
const textOf = (keys: readonly Key[]): string => keys.map(({ key }) => key).join('');
