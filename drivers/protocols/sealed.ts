// Delivery `sealed` (uart-v1.md): the envelope's key is a credential (TPM2_MakeCredential) that only the unit's TPM activates.
import { randomBytes } from 'node:crypto';
import { makeCredential } from '../tpm/credential.ts';
import { nameOf, readPublicArea } from '../tpm/public.ts';
import { associatedData, type Bound, envelopeKeyLength, forgetKey, ivLength, seal, tagLength } from './channel.ts';
import type { SealTo } from './protocol.ts';
import { maxObject } from './uart-v1-messages.ts';
import { bytes, field, isWrong, readFields, readMap, type Values, writeFields } from './wire.ts';

/** A Name: its hash algorithm and a digest of it, SHA-256 to SHA-512 (TPM 2.0 Library Specification, part 1, 16). */
const keyName = bytes(34, 66);

/** The bytes of an object that is delivered sealed: a map of their own. */
export const sealedFields = {
  endorsementKey: field(0, keyName),
  activationKey: field(1, keyName),
  /** TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET, with their sizes (part 2, 12.4.3 and 11.4.33). */
  credential: field(2, bytes(4, 256)),
  secret: field(3, bytes(4, 514)),
  iv: field(4, bytes(ivLength)),
  ciphertext: field(5, bytes(tagLength, maxObject)),
};
export type SealedEnvelope = Values<typeof sealedFields>;

/** A sealed object, under a key of its own each time. The caller zeroes `plain`. Throws `input.invalid` for keys that cannot be used. */
export function sealObject(plain: Uint8Array, kind: string, to: SealTo, bound: Bound): Buffer {
  const endorsement = readPublicArea(to.endorsementKey, 'the endorsement key');
  const activation = nameOf(readPublicArea(to.activationKey, 'the activation key'));
  const envelopeKey = { key: randomBytes(envelopeKeyLength), iv: randomBytes(ivLength) };
  try {
    const { credential, secret } = makeCredential(endorsement, activation, envelopeKey.key);
    return writeFields(sealedFields, {
      endorsementKey: nameOf(endorsement),
      activationKey: activation,
      credential,
      secret,
      // A copy: the one beside the key is zeroed with it.
      iv: Buffer.from(envelopeKey.iv),
      ciphertext: seal(envelopeKey, associatedData(kind, bound), plain),
    });
  } finally {
    forgetKey(envelopeKey);
  }
}

/** The parts of a sealed object, or `undefined` for what is none. */
export function readSealed(envelope: Uint8Array): SealedEnvelope | undefined {
  const map = readMap(envelope);
  const read = map === undefined ? undefined : readFields(sealedFields, map);
  return read === undefined || isWrong(read) ? undefined : read;
}
