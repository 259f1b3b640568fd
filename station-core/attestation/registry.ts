import type { Recipe } from '../contract/recipe.ts';
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
