import type { Json } from './canonical.ts';
import { StationError } from './errors.ts';

/** What follows from a unit's endorsement key: the SDKs' registration ID, and its SHA-256 in hex (dps-reference 9.3; F-94). */
export type EkWords = { readonly ekSdk: string; readonly ekSha256: string };
const ekWords = ['ekSdk', 'ekSha256'] as const satisfies readonly (keyof EkWords)[];

/** What a template may speak of: the unit's serial, its MAC, the facts that its order gives it, and its endorsement key. */
export type TemplateValues = {
  readonly serial: string;
  readonly mac: string | null;
  readonly facts: { readonly [name: string]: string };
  /** Known once the key was read. */
  readonly ek?: EkWords;
};

/** Whether a template needs the unit's endorsement key, so that nobody knows what it gives before that was read. */
export const fillsFromEk = (template: string): boolean => ekWords.some((word) => template.includes(`{${word}}`));

/**
 * Fills `{serial}`, `{mac}` and `{name of a fact}` in a template. The MAC's colons become dashes, since DPS and hubs take both but file names
 * and host names do not (F-05's example has dashes). Throws `input.invalid` for a word that is not known or has no value.
 */
export function fill(template: string, values: TemplateValues): string {
  return template.replace(/\{([^{}]*)\}/g, (_, word: string) => {
    if (word === 'serial' && values.serial !== '') return values.serial;
    if (word === 'mac' && values.mac !== null) return values.mac.replaceAll(':', '-');
    const ekWord = ekWords.find((one) => one === word);
    if (ekWord && values.ek) return values.ek[ekWord];
    const fact = Object.hasOwn(values.facts, word) ? values.facts[word] : undefined;
    if (word !== 'serial' && word !== 'mac' && !ekWord && fact !== undefined) return fact;
    const expected = ekWord
      ? 'a unit whose endorsement key was read'
      : word === 'mac'
        ? 'a unit with a MAC'
        : '{serial}, {mac} or a fact of the unit';
    throw new StationError('input.invalid', { place: `template, {${word.slice(0, 40)}}`, expected, found: 'none' });
  });
}

/** Fills the templates in every text of a JSON value; names of members are no templates. Throws what `fill` throws. */
export function fillTexts(value: Json, values: TemplateValues): Json {
  if (typeof value === 'string') return fill(value, values);
  if (Array.isArray(value)) return value.map((item: Json) => fillTexts(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fillTexts(member ?? null, values)]));
}
