import type { UnitInput } from '../contract/api.ts';
import { filledParts } from '../contract/enrollment.ts';
import { StationError } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import { checkId, longestId } from '../contract/registration-id.ts';
import { fill, fillsFromEk, type TemplateValues } from '../contract/template.ts';

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

/** A unit of an order as the database gets it. */
export type Identity = {
  readonly serial: string;
  readonly mac: string | null;
  readonly facts: TemplateValues['facts'];
  /** None where it follows from the endorsement key: it is known once that was read. */
  readonly registrationId: string | null;
};

/** What a unit is by its order and recipe. Throws `identity.invalid`, or `input.invalid` for a template's word without a value. */
export function identify(recipe: Recipe, unit: UnitInput): Identity {
  const { serial, facts = {} } = unit;
  const mac = unit.mac === undefined ? null : normalMac(unit.mac);
  const known = !fillsFromEk(recipe.registrationId);
  const registrationId = known ? registrationIdOf(recipe, { serial, mac, facts }) : null;
  checkTemplates(recipe, { serial, facts });
  return { serial, mac, facts, registrationId };
}

/**
 * What an enrollment's templates speak of must be among the order's facts: told now, not when the unit has its key. What only the
 * unit itself says (its MAC, its endorsement key) stands here for any.
 */
function checkTemplates(
  { attestation, central }: Recipe,
  { serial, facts }: Pick<TemplateValues, 'serial' | 'facts'>,
): void {
  if (central) fill(central.deviceName, { serial, mac: '00:00:00:00:00:00', facts });
  if (attestation.scope !== 'individual' || !attestation.enrollment) return;
  const ek = attestation.type === 'tpm' ? { ek: { ekSdk: 'ek', ekSha256: 'ek' } } : {};
  filledParts(attestation.enrollment, { serial, mac: '00:00:00:00:00:00', facts, ...ek });
}
