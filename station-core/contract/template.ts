import { StationError } from './errors.ts';

/** What a template may speak of: the unit's serial, its MAC, and the facts that its order gives it. */
export type TemplateValues = {
  readonly serial: string;
  readonly mac: string | null;
  readonly facts: { readonly [name: string]: string };
};

/**
 * Fills `{serial}`, `{mac}` and `{name of a fact}` in a template. The MAC's colons become dashes, since DPS and hubs take both but file names
 * and host names do not (F-05's example has dashes). Throws `input.invalid` for a word that is not known or has no value.
 */
export function fill(template: string, values: TemplateValues): string {
  return template.replace(/\{([^{}]*)\}/g, (_, word: string) => {
    if (word === 'serial') return values.serial;
    if (word === 'mac' && values.mac !== null) return values.mac.replaceAll(':', '-');
    const fact = Object.hasOwn(values.facts, word) ? values.facts[word] : undefined;
    if (word !== 'mac' && fact !== undefined) return fact;
    const expected = word === 'mac' ? 'a unit with a MAC' : '{serial}, {mac} or a fact of the unit';
    throw new StationError('input.invalid', { place: `template, {${word.slice(0, 40)}}`, expected, found: 'none' });
  });
}
