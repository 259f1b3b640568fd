import { timingSafeEqual } from 'node:crypto';
import type { KeyedBody } from './keyed-json.ts';
import type { Attestation, Enrollment } from './schemas.ts';

/**
 * Whether an enrollment that is already there is the one that we meant to create: what differs, or undefined when it is
 * the same. Same means the attestation too, both symmetric keys (docs/design.md, Same or different).
 */
export function differs(ours: KeyedBody, theirs: Enrollment, attestation: Attestation): string | undefined {
  const { registrationId, deviceId = registrationId, provisioningStatus = 'enabled' } = ours.body;
  if (attestation.type !== 'symmetricKey') return 'attestation type';
  if ((theirs.deviceId ?? theirs.registrationId) !== deviceId) return 'device ID';
  if ((theirs.provisioningStatus ?? 'enabled') !== provisioningStatus) return 'provisioning status';
  if (!ours.keys || !attestation.symmetricKey) return 'keys';
  const { primaryKey, secondaryKey } = attestation.symmetricKey;
  const same = isKey(ours.keys.primary, primaryKey) && isKey(ours.keys.secondary, secondaryKey);
  return same ? undefined : 'keys';
}

function isKey(ours: Buffer, theirs: string): boolean {
  const bytes = Buffer.from(theirs, 'base64');
  try {
    return bytes.length === ours.length && timingSafeEqual(bytes, ours);
  } finally {
    bytes.fill(0);
  }
}
