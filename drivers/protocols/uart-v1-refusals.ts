/** Why a unit refuses, by name, with the words for a person. A unit sends nothing else: its free text could be a secret. */
export const refusals = {
  'unknown-kind': 'it does not know this message',
  malformed: 'it could not read the message',
  'unknown-object': 'it does not know this kind of object',
  'unknown-delivery': 'it does not take objects delivered in this way',
  'unknown-algorithm': 'it does not make keys of this kind',
  'too-long': 'the object is too long for it',
  'out-of-order': 'the pieces of the object came out of order',
  'digest-differs': 'the object that arrived is not the one that was announced',
  'object-invalid': 'it cannot use the object',
  'other-credential': 'it holds another credential',
  'nothing-staged': 'no credential is staged',
  'no-credential': 'it has no credential',
  'no-key': 'it has no key that this belongs to',
  'no-chain': 'it has no certificate chain of this operation',
  'key-differs': 'the certificate is not for its key',
  'not-provisioned': 'it has no provisioning information',
  'other-registration': 'it was provisioned for another registration ID',
  locked: 'it is locked',
  'memory-failed': 'its memory failed',
} as const;
export type Refusal = keyof typeof refusals;
