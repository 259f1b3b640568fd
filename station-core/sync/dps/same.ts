import { createHash, timingSafeEqual } from 'node:crypto';
import type { Certificates } from '../targets/target.ts';
import type { KeyedBody } from './keyed-json.ts';
import type { Attestation, Enrollment } from './schemas.ts';

/**
 * Whether an enrollment that is already there is the one that we meant to create: what differs, or undefined when it is
 * the same. Same means the attestation too: both symmetric keys, which `attestation` shows, or the certificates by their
 * thumbprints, or the endorsement key's bytes (docs/design.md, Same or different).
 */
export function differs(ours: KeyedBody, theirs: Enrollment, attestation: Attestation): string | undefined {
  const { registrationId, deviceId = registrationId, provisioningStatus = 'enabled' } = ours.body;
  if (attestation.type !== typeOf(ours)) return 'attestation type';
  if ((theirs.deviceId ?? theirs.registrationId) !== deviceId) return 'device ID';
  if ((theirs.provisioningStatus ?? 'enabled') !== provisioningStatus) return 'provisioning status';
  if (ours.endorsementKey !== undefined) {
    return sameBytes(ours.endorsementKey, attestation.tpm?.endorsementKey ?? '') ? undefined : 'endorsement key';
  }
  if (!ours.keys)
    return sameCertificates(ours.certificates, attestation.x509?.clientCertificates) ? undefined : 'certificate';
  if (!attestation.symmetricKey) return 'keys';
  const { primaryKey, secondaryKey } = attestation.symmetricKey;
  const same = isKey(ours.keys.primary, primaryKey) && isKey(ours.keys.secondary, secondaryKey);
  return same ? undefined : 'keys';
}

function typeOf({ keys, endorsementKey }: KeyedBody): Attestation['type'] {
  if (keys) return 'symmetricKey';
  return endorsementKey === undefined ? 'x509' : 'tpm';
}

/** What decides how a device is treated, and not which device it is nor whether it may come. */
const settings = [
  'allocationPolicy',
  'iotHubs',
  'customAllocationDefinition',
  'capabilities',
  'initialTwin',
  'reprovisionPolicy',
  'optionalDeviceInformation',
] as const;

/**
 * Which settings of ours an enrollment does not have. They make no conflict: its owner may have changed them since, and a
 * retry must not park what arrived. What the service adds (versions, defaults) does not count.
 */
export function settingsThatDiffer(ours: KeyedBody['body'], theirs: Enrollment): readonly string[] {
  return settings.filter((name) => ours[name] !== undefined && !holds(folded(name, theirs), folded(name, ours)));
}

/** Host names are the same in any case and order. */
function folded(name: string, { [name]: value }: { readonly [name: string]: unknown }): unknown {
  return name === 'iotHubs' && Array.isArray(value) ? value.map((hub) => String(hub).toLowerCase()).sort() : value;
}

/** Whether everything that one JSON value says is said by the other. */
function holds(theirs: unknown, ours: unknown): boolean {
  if (typeof ours !== 'object' || ours === null) return theirs === ours;
  if (typeof theirs !== 'object' || theirs === null || Array.isArray(ours) !== Array.isArray(theirs)) return false;
  const members = Object.entries(ours).filter(([, member]) => member !== undefined);
  if (Array.isArray(ours) && ours.length !== (theirs as readonly unknown[]).length) return false;
  return members.every(([name, member]) => holds(Object.getOwnPropertyDescriptor(theirs, name)?.value, member));
}

/** Base64 has more than one spelling of the same bytes. */
const sameBytes = (ours: string, theirs: string): boolean =>
  Buffer.from(ours, 'base64').equals(Buffer.from(theirs, 'base64'));

type Shown = NonNullable<NonNullable<Attestation['x509']>['clientCertificates']>;

/** Whether DPS shows the very certificates that we have (base64 of PEM), in the same slots. */
export function sameCertificates(ours: Certificates | undefined, theirs: Shown | null | undefined): boolean {
  if (!ours || !theirs) return false;
  const secondary = theirs.secondary?.info.sha256Thumbprint.toLowerCase();
  const primary = theirs.primary.info.sha256Thumbprint.toLowerCase();
  return primary === thumbprint(ours.primary) && secondary === (ours.secondary && thumbprint(ours.secondary));
}

/** The certificates whose thumbprints DPS shows, in the same slots, out of those that we know; none when we do not know all of them. */
export function certificatesShown(
  known: readonly string[],
  theirs: Shown | null | undefined,
): Certificates | undefined {
  const find = (slot: { info: { sha256Thumbprint: string } } | null | undefined) =>
    slot ? known.find((one) => thumbprint(one) === slot.info.sha256Thumbprint.toLowerCase()) : undefined;
  const primary = find(theirs?.primary);
  const secondary = find(theirs?.secondary);
  if (primary === undefined || (theirs?.secondary && secondary === undefined)) return undefined;
  return { primary, ...(secondary === undefined ? {} : { secondary }) };
}

/** Whether DPS shows this certificate (base64 of PEM) in either slot. */
export function holdsCertificate(ours: string, theirs: Shown | null | undefined): boolean {
  const slots = [theirs?.primary, theirs?.secondary].map((slot) => slot?.info.sha256Thumbprint.toLowerCase());
  return slots.includes(thumbprint(ours));
}

/** SHA-256 of a certificate (base64 of PEM), hex. */
export function thumbprint(certificate: string): string {
  const der = Buffer.from(certificate, 'base64')
    .toString('latin1')
    .replace(/-----[A-Z ]+-----|\s/g, '');
  return createHash('sha256').update(Buffer.from(der, 'base64')).digest('hex');
}

function isKey(ours: Buffer, theirs: string): boolean {
  const bytes = Buffer.from(theirs, 'base64');
  try {
    return bytes.length === ours.length && timingSafeEqual(bytes, ours);
  } finally {
    bytes.fill(0);
  }
}
