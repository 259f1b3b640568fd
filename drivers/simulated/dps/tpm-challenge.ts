import { randomBytes } from 'node:crypto';
import { readTpmKeys, sameKey, type TpmKeys } from './attestation/tpm.ts';
import type { Entry, Registration } from './entries.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import type { Answer, Call } from './route.ts';
import type { DeviceTpm } from './schemas.ts';
import { activationBlob, ISSUED_KEY_BYTES } from './tpm-blob.ts';

/**
 * The first call of a TPM's registration comes without a token and is answered by a key that only the TPM with the
 * enrolled EK can get at (DPS docs, TPM attestation). Undefined when the call is not one to be challenged, so that its
 * credential decides. The newest challenge counts, and lives until the next: a device polls with its key, too.
 */
export function challenge(instance: Instance, call: Call, registrationId: string, tpm: DeviceTpm): Answer | undefined {
  const keys = readTpmKeys(tpm, { place: 'tpm', ecc: instance.switches.eccTpmKeys === 'accepted' });
  if (tpm.storageRootKey === undefined) throw new DpsError('storageRootKey', 'tpm.storageRootKey: expected');
  const given = { endorsementKey: tpm.endorsementKey, storageRootKey: tpm.storageRootKey };
  const entry = instance.store.entry('individual', registrationId);
  // Groups cannot be of type tpm, so there is nothing else that such a device could be of.
  if (!entry) throw new DpsError('noEnrollment');
  if (entry.attestation.type !== 'tpm') return undefined;
  if (!sameKey(given.endorsementKey, entry.attestation.tpm.endorsementKey)) throw new DpsError('unauthorized');
  if (call.header('authorization') !== undefined) {
    const issued = instance.store.challenge(registrationId);
    // The hub's key will be for the SRK that was challenged; a TPM with another one could not use it.
    if (issued && !sameKey(given.storageRootKey, issued.storageRootKey)) throw new DpsError('unauthorized');
    return undefined;
  }
  const uri = `${instance.idScope}/registrations/${registrationId}`;
  const { authenticationKey, key } = issueKey(keys, uri);
  instance.store.saveChallenge(registrationId, { ...given, key: key.toString('base64') });
  key.fill(0);
  const message = 'Authorization required, resend request using supplied key';
  const body = { message, authenticationKey, unencryptedAuthenticationKey: null, keyName: 'registration' };
  return { status: 401, body };
}

/**
 * The registration with the key that the device has at its hub from now on, sealed for its TPM, if a TPM is what it
 * registered with. Each registration makes a new one (DPS docs, TPM attestation: keys roll with reprovisioning). The key
 * itself is forgotten: there is no hub here that would have to know it.
 */
export function withHubKey(instance: Instance, entry: Entry, registration: Registration): Registration {
  const { status, assignedHub, deviceId, registrationId } = registration.state;
  if (entry.attestation.type !== 'tpm' || status !== 'assigned') return registration;
  const issued = instance.store.challenge(registrationId);
  if (!issued) throw new Error('a TPM has registered without a challenge');
  const { authenticationKey, key } = issueKey(
    readTpmKeys(issued, { place: 'tpm', ecc: true }),
    `${assignedHub}/devices/${deviceId}`,
  );
  key.fill(0);
  return { ...registration, tpm: { authenticationKey } };
}

function issueKey(
  { endorsementKey, storageRootKey }: TpmKeys,
  uri: string,
): { authenticationKey: string; key: Buffer } {
  if (!storageRootKey) throw new DpsError('storageRootKey');
  const key = randomBytes(ISSUED_KEY_BYTES);
  const blob = activationBlob({ endorsementKey, storageRootKey, key, uri });
  return { authenticationKey: blob.toString('base64'), key };
}
