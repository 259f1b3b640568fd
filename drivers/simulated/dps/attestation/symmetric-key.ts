import { randomBytes } from 'node:crypto';
import type { SymmetricKeyAttestation } from '../entries.ts';
import { derivedKey, isSignedWith } from '../sas.ts';
import type { AttestationInput } from '../schemas.ts';
import type { AttestationRules } from './attestation.ts';

type Input = Extract<AttestationInput, { type: 'symmetricKey' }>;

/** A device that shows a certificate as well is looked for in the groups of its certificate first. */
const AFTER_EVERY_CERTIFICATE = Number.POSITIVE_INFINITY;

/** Symmetric keys (DPS docs, Symmetric key attestation). */
export const symmetricKey: AttestationRules<Input, SymmetricKeyAttestation> = {
  accept(input, { previous, keepOmittedKeys }) {
    const kept = keepOmittedKeys ? previous?.symmetricKey : undefined;
    return {
      type: 'symmetricKey',
      symmetricKey: {
        primaryKey: input.symmetricKey?.primaryKey ?? kept?.primaryKey ?? generatedKey(),
        secondaryKey: input.symmetricKey?.secondaryKey ?? kept?.secondaryKey ?? generatedKey(),
      },
    };
  },

  // GET and query leave both keys out (seen in recorded traffic).
  shown: () => ({ type: 'symmetricKey' }),
  revealed: (kept) => kept,

  proves: (kept, { token }) => token !== undefined && keys(kept).some((key) => isSignedWith(token, key)),

  // Only derived keys are tried: a token signed with the group's own key proves nothing.
  membership(kept, { token, registrationId, foldRegistrationId }) {
    if (!token) return undefined;
    const id = foldRegistrationId ? registrationId.toLowerCase() : registrationId;
    return keys(kept).some((key) => isSignedWith(token, derivedKey(key, id))) ? AFTER_EVERY_CERTIFICATE : undefined;
  },
};

function keys(kept: SymmetricKeyAttestation): Buffer[] {
  const { primaryKey, secondaryKey } = kept.symmetricKey;
  return [Buffer.from(primaryKey, 'base64'), Buffer.from(secondaryKey, 'base64')];
}

/** Keys that the service generates are 64 bytes long. */
function generatedKey(): string {
  return randomBytes(64).toString('base64');
}
