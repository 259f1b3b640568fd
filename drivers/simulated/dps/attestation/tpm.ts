import { fromBase64 } from '../encoding.ts';
import type { TpmAttestation } from '../entries.ts';
import { DpsError } from '../errors.ts';
import type { AttestationInput } from '../schemas.ts';
import type { AttestationRules } from './attestation.ts';

type Input = Extract<AttestationInput, { type: 'tpm' }>;

/** TPM 2.0 endorsement keys (DPS docs, TPM attestation). The device side, a challenge, is not here yet. */
export const tpm: AttestationRules<Input, TpmAttestation> = {
  accept({ tpm: input }, { kind }) {
    if (kind === 'group') throw new DpsError('argumentInvalid', 'attestation.type: a group cannot be of type tpm');
    if (!isPublicArea(input.endorsementKey)) throw new DpsError('endorsementKey', expected('endorsementKey'));
    if (input.storageRootKey === undefined) return { type: 'tpm', tpm: { endorsementKey: input.endorsementKey } };
    if (!isPublicArea(input.storageRootKey)) throw new DpsError('storageRootKey', expected('storageRootKey'));
    return { type: 'tpm', tpm: { endorsementKey: input.endorsementKey, storageRootKey: input.storageRootKey } };
  },

  // An endorsement key is no secret: PUT, GET and query all return it.
  shown: (kept) => kept,
  revealed: (kept) => kept,
  proves: () => false,
  membership: () => undefined,
};

const expected = (member: string) =>
  `attestation.tpm.${member}: expected base64 of a TPM2B_PUBLIC with its size prefix`;

const TPM_ALG_RSA = 0x0001;
const TPM_ALG_ECC = 0x0023;

/** A TPM2B_PUBLIC: a big-endian size that counts the rest, then a public area that begins with its type (TPM 2.0 part 2). */
function isPublicArea(text: string): boolean {
  const bytes = fromBase64(text);
  if (bytes === undefined || bytes.length < 12 || bytes.readUInt16BE(0) !== bytes.length - 2) return false;
  return [TPM_ALG_RSA, TPM_ALG_ECC].includes(bytes.readUInt16BE(2));
}
