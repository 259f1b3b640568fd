import type { EnrollmentTemplate, Recipe } from '../contract/recipe.ts';
import { fill } from '../contract/template.ts';
import type { Attestation, Identity, Upload } from './attestation.ts';

/** Symmetric-key attestation: a group's key derived for each unit, or a key of the unit's own (symmetric key attestation; F-20 to F-31). */
export const symmetricKey: Attestation = {
  capability: 'symmetric-key',
  source: (recipe) => (recipe.attestation.scope === 'group' ? 'derived' : 'random'),
  ofOrder,
  ofUnit,
};

/** The group is expected, never made: its key must be known to its owner, and the station uploads no group key. */
function ofOrder(recipe: Recipe): Upload | undefined {
  if (recipe.attestation.scope !== 'group') return undefined;
  return { registrationId: recipe.attestation.group, action: 'expect-group', body: {}, secret: false };
}

function ofUnit(recipe: Recipe, identity: Identity): Upload | undefined {
  if (recipe.attestation.scope !== 'individual') return undefined;
  const { deviceId, ...template }: EnrollmentTemplate = recipe.attestation.enrollment ?? {};
  const body = {
    ...template,
    ...(deviceId === undefined ? {} : { deviceId: fill(deviceId, identity) }),
    attestation: { type: 'symmetricKey' },
  };
  return { registrationId: identity.registrationId, action: 'create', body, secret: true };
}
