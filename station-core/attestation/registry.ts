import type { Recipe } from '../contract/recipe.ts';
import { fill } from '../contract/template.ts';
import { edgeWarnings } from '../edge/enrollment.ts';
import type { Attestation, Identity, Upload } from './attestation.ts';
import { symmetricKey } from './symmetric-key.ts';
import { tpm } from './tpm.ts';
import { x509 } from './x509.ts';

export const attestations = {
  symmetricKey,
  tpm,
  x509,
} as const satisfies Record<Recipe['attestation']['type'], Attestation>;

/** What a person should know of the recipe before units are made by it; nothing that stops them. */
export const warningsOf = (recipe: Recipe): readonly string[] => [
  ...attestationOf(recipe).warnings(recipe),
  ...edgeWarnings(recipe),
];

/** By where a recipe's units are enrolled: only DPS knows groups, elsewhere every unit is told of by itself. */
const told = {
  dps: (base: Attestation) => base,
  folder: (base: Attestation) => base,
  central: alone,
  hub: (base: Attestation) => ({
    ...alone(base),
    warnings: (recipe: Recipe) => [...base.warnings(recipe), boundToHub],
  }),
} as const satisfies Record<Recipe['target'], (base: Attestation) => Attestation>;

const boundToHub =
  'Units are told the host name of one IoT hub and can be sent to no other without being touched again: DPS is there for that (F-110).';

export const attestationOf = (recipe: Recipe): Attestation =>
  told[recipe.target](attestations[recipe.attestation.type]);

function alone(base: Attestation): Attestation {
  return {
    ...base,
    ofOrder: () => undefined,
    ofUnit: (recipe, identity) => base.ofUnit(recipe, identity) ?? memberOf(recipe, identity),
  };
}

/** A unit that is known by what its group has. Nothing of its credential is sent. */
function memberOf({ attestation: { type }, central }: Recipe, identity: Identity): Upload {
  const name = central ? { deviceName: fill(central.deviceName, identity) } : {};
  const body = { ...name, attestation: { type, scope: 'group' } };
  return { registrationId: identity.registrationId, action: 'create', body, credential: false };
}
