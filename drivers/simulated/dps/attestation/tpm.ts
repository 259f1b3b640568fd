import { fromBase64 } from '../encoding.ts';
import type { TpmAttestation } from '../entries.ts';
import { DpsError } from '../errors.ts';
import { isSignedWith } from '../sas.ts';
import type { AttestationInput } from '../schemas.ts';
import { readStorageKey, type TpmPublic } from '../tpm-public.ts';
import type { AttestationRules } from './attestation.ts';

type Input = Extract<AttestationInput, { type: 'tpm' }>;

/** TPM 2.0 endorsement keys (DPS docs, TPM attestation). */
export const tpm: AttestationRules<Input, TpmAttestation> = {
  accept({ tpm: input }, { kind, eccTpmKeys }) {
    if (kind === 'group') throw new DpsError('argumentInvalid', 'attestation.type: a group cannot be of type tpm');
    readTpmKeys(input, { place: 'attestation.tpm', ecc: eccTpmKeys });
    const { endorsementKey, storageRootKey } = input;
    return { type: 'tpm', tpm: { endorsementKey, ...(storageRootKey !== undefined && { storageRootKey }) } };
  },

  // An endorsement key is no secret: PUT, GET and query all return it.
  shown: (kept) => kept,
  revealed: (kept) => kept,

  // The challenge may be older than the enrollment, which may have got another EK since. The SRK of the enrollment counts
  // for nothing: it changes whenever the TPM is cleared (DPS docs, TPM attestation).
  proves: ({ tpm: kept }, { token, challenge }) =>
    token !== undefined &&
    challenge !== undefined &&
    sameKey(challenge.endorsementKey, kept.endorsementKey) &&
    isSignedWith(token, Buffer.from(challenge.key, 'base64')),
  membership: () => undefined,
};

export type TpmKeys = { readonly endorsementKey: TpmPublic; readonly storageRootKey: TpmPublic | undefined };

type Given = { readonly endorsementKey: string; readonly storageRootKey?: string | undefined };

/** Reads the keys that a client sent at this place of its body, and refuses each under its own number. */
export function readTpmKeys(given: Given, { place, ecc }: { place: string; ecc: boolean }): TpmKeys {
  const read = (member: 'endorsementKey' | 'storageRootKey', text: string): TpmPublic => {
    const bytes = fromBase64(text);
    const key = bytes && readStorageKey(bytes);
    if (key && (ecc || key.type === 'rsa')) return key;
    const kinds = ecc ? 'RSA-2048 or P-256' : 'RSA-2048';
    const expected = `base64 of a TPM2B_PUBLIC with its size prefix, of a restricted ${kinds} decryption key`;
    throw new DpsError(member, `${place}.${member}: expected ${expected}`);
  };
  return {
    endorsementKey: read('endorsementKey', given.endorsementKey),
    storageRootKey: given.storageRootKey === undefined ? undefined : read('storageRootKey', given.storageRootKey),
  };
}

/** Whether two texts are base64 of the same bytes; the last character of one may differ in bits that say nothing. */
export function sameKey(one: string, other: string): boolean {
  return Buffer.from(one, 'base64').equals(Buffer.from(other, 'base64'));
}
