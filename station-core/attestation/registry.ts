import type { Recipe } from '../contract/recipe.ts';
import { edgeWarnings } from '../edge/enrollment.ts';
import type { Attestation } from './attestation.ts';
import { symmetricKey } from './symmetric-key.ts';
import { tpm } from './tpm.ts';
import { x509 } from './x509.ts';

export const attestations = {
  symmetricKey,
  tpm,
  x509,
} as const satisfies Record<Recipe['attestation']['type'], Attestation>;

export const attestationOf = (recipe: Recipe): Attestation => attestations[recipe.attestation.type];

/** What a person should know of the recipe before units are made by it; nothing that stops them. */
export const warningsOf = (recipe: Recipe): readonly string[] => [
  ...attestationOf(recipe).warnings(recipe),
  ...edgeWarnings(recipe),
];
