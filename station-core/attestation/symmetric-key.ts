import { keyComesByFile } from '../contract/edge.ts';
import type { Recipe } from '../contract/recipe.ts';
import { type Attestation, deliveryWarnings, enrollmentOf, type Identity, type Upload } from './attestation.ts';

/** Symmetric-key attestation: a group's key derived for each unit, or a key of the unit's own (symmetric key attestation; F-20 to F-31). */
export const symmetricKey: Attestation = {
  // A key that comes by file needs a unit that takes files, and none that keeps credentials.
  capabilities: (recipe) => (keyComesByFile(recipe) ? [] : ['symmetric-key']),
  warnings: ({ delivery }) => deliveryWarnings(delivery),
  ofOrder,
  ofUnit,
};

/** The group is expected, never made: its key must be known to its owner, and the station uploads no group key. */
function ofOrder(recipe: Recipe): Upload | undefined {
  if (recipe.attestation.scope !== 'group') return undefined;
  return { registrationId: recipe.attestation.group, action: 'expect-group', body: {}, credential: false };
}

function ofUnit({ attestation }: Recipe, identity: Identity): Upload | undefined {
  if (attestation.scope !== 'individual') return undefined;
  const body = { ...enrollmentOf(attestation.enrollment ?? {}, identity), attestation: { type: 'symmetricKey' } };
  return { registrationId: identity.registrationId, action: 'create', body, credential: true };
}
