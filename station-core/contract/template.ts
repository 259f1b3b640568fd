import { StationError } from './errors.ts';

/**
 * Fills `{serial}` and `{mac}` of a template. The MAC's colons become dashes, since DPS and hubs take both but file names
 * and host names do not (F-05's example has dashes). Throws `input.invalid` for a word that is not known or has no value.
 */
export function fill(template: string, values: { readonly serial: string; readonly mac: string | null }): string {
  return template.replace(/\{([^{}]*)\}/g, (_, word: string) => {
    if (word === 'serial') return values.serial;
    if (word === 'mac' && values.mac !== null) return values.mac.replaceAll(':', '-');
    const expected = word === 'mac' ? 'a unit with a MAC' : '{serial} or {mac}';
    throw new StationError('input.invalid', { place: `template, {${word.slice(0, 40)}}`, expected, found: 'none' });
  });
}
