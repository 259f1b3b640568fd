import { StationError } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import { fill, type TemplateValues } from '../contract/template.ts';

/** The longest registration ID (DPS identifiers). */
export const longestId = 128;
/** With X.509 it is the leaf's CN, and X.520 bounds that (ub-common-name): refused before any key is made (F-02). */
export const longestCommonName = 64;

/**
 * The registration ID of a unit: the recipe's template filled, folded to lower case once, here, before any derivation
 * (DPS ignores case, an HMAC does not; F-04). Throws `identity.invalid` naming the rule that it breaks (F-01, F-02).
 */
export function registrationIdOf(recipe: Pick<Recipe, 'registrationId' | 'attestation'>, unit: TemplateValues): string {
  const longest = recipe.attestation.type === 'x509' ? longestCommonName : longestId;
  return checkId(fill(recipe.registrationId, unit).toLowerCase(), longest);
}

/** Answers the ID when DPS takes it: letters, digits, `-` `.` `_` `:`, not too long, ending in a letter, digit or `-`. */
export function checkId(id: string, longest = longestId): string {
  const rule = broken(id, longest);
  if (rule) throw new StationError('identity.invalid', { registrationId: id.slice(0, longestId + 1), rule });
  return id;
}

function broken(id: string, longest: number): string | undefined {
  if (id.length === 0) return 'it must not be empty';
  if (id.length > longest) return `it has ${id.length} characters, at most ${longest} are allowed`;
  if (!/^[A-Za-z0-9._:-]*$/.test(id)) return 'only letters, digits, dash, dot, underscore and colon are allowed';
  if (!/[A-Za-z0-9-]$/.test(id)) return 'it must end with a letter, a digit or a dash';
  return undefined;
}

/** Six bytes of a MAC as upper-case hex with colons, whatever separator it was written with. */
export function normalMac(mac: string): string {
  return mac.toUpperCase().replaceAll('-', ':');
}
