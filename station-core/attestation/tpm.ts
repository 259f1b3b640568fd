import type { Recipe } from '../contract/recipe.ts';
import { type Attestation, enrollmentOf, type Identity, type Upload } from './attestation.ts';

/** TPM attestation: an individual enrollment by the public part of the endorsement key (dps-reference 9; F-90 to F-106). */
export const tpm: Attestation = {
  capabilities: () => ['tpm'],
  warnings,
  // There are no groups of TPMs (F-91).
  ofOrder: () => undefined,
  ofUnit,
};

function warnings({ attestation, tpm: plan }: Recipe): readonly string[] {
  if (attestation.type !== 'tpm' || !plan) return [];
  const said: string[] = [];
  if (plan.endorsementKey !== 'rsa2048') {
    said.push(
      `DPS gets the endorsement key ${plan.endorsementKey}: whether it takes another one than RSA-2048 of the low range is not known (dps-reference 9.2).`,
    );
  }
  if (plan.genuine !== 'certificate') {
    said.push('Without `genuine: certificate` nobody knows who made the TPM; production does not take this recipe.');
  }
  return said;
}

/** The key itself goes in when the row is sent: it is kept in one place (F-92). */
function ofUnit({ attestation }: Recipe, identity: Identity): Upload | undefined {
  if (attestation.type !== 'tpm') return undefined;
  const body = { ...enrollmentOf(attestation.enrollment ?? {}, identity), attestation: { type: 'tpm' } };
  return { registrationId: identity.registrationId, action: 'create', body, credential: false };
}
