import { StationError } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import { checkId, longestId } from '../contract/registration-id.ts';
import { fill, type TemplateValues } from '../contract/template.ts';

const centralId = /^[a-z0-9][a-z0-9-]*$/;

/** With X.509 it is the leaf's CN, and X.520 bounds that (ub-common-name): refused before any key is made (F-02). */
export const longestCommonName = 64;

/**
 * The registration ID of a unit: the recipe's template filled, folded to lower case once, here, before any derivation
 * (DPS ignores case, an HMAC does not; F-04). Throws `identity.invalid` naming the rule that it breaks (F-01, F-02).
 */
export function registrationIdOf(
  recipe: Pick<Recipe, 'registrationId' | 'attestation'> & Partial<Pick<Recipe, 'target'>>,
  unit: TemplateValues,
): string {
  const longest = recipe.attestation.type === 'x509' ? longestCommonName : longestId;
  const id = checkId(fill(recipe.registrationId, unit).toLowerCase(), longest);
  if (recipe.target !== 'central' || centralId.test(id)) return id;
  const rule =
    'IoT Central takes letters, digits and dashes alone, and a dash in front would be a formula to a spreadsheet';
  throw new StationError('identity.invalid', { registrationId: id, rule });
}

/** Six bytes of a MAC as upper-case hex with colons, whatever separator it was written with. */
export function normalMac(mac: string): string {
  return mac.toUpperCase().replaceAll('-', ':');
}
