import { createHash } from 'node:crypto';
import type { Enrollment } from './schemas.ts';

/** What was wanted under an ID: the body without any secret, and what its device proves itself with, public parts alone. */
export type Ours = {
  readonly body: { readonly [name: string]: unknown };
  readonly registrationId: string;
  readonly attestation: string;
  /** SHA-256 of its newest certificate or of its endorsement key, hex; none of a symmetric key. */
  readonly print?: string;
};

export type Beside = { readonly name: string; readonly ours: string; readonly theirs: string };

/** Members that people can compare, in the order in which they matter. Keys are among none of them. */
export function beside(ours: Ours, theirs: Enrollment | undefined): readonly Beside[] {
  const { body, registrationId, attestation, print = '' } = ours;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['attestation', attestation, theirs?.attestation.type],
    ['fingerprint', print, theirs && printOf(theirs)],
    ['deviceId', body.deviceId ?? registrationId, theirs && (theirs.deviceId ?? theirs.registrationId)],
    ['provisioningStatus', body.provisioningStatus ?? 'enabled', theirs && (theirs.provisioningStatus ?? 'enabled')],
    ['allocationPolicy', body.allocationPolicy, theirs?.allocationPolicy],
    ['iotHubs', body.iotHubs, theirs?.iotHubs],
    ['iotEdge', edgeOf(body.capabilities), theirs && edgeOf(theirs.capabilities)],
    ['registered', undefined, theirs?.registrationState?.status],
    ['createdDateTimeUtc', undefined, theirs?.createdDateTimeUtc],
    ['lastUpdatedDateTimeUtc', undefined, theirs?.lastUpdatedDateTimeUtc],
  ];
  return pairs
    .map(([name, one, other]) => ({ name, ours: shown(one), theirs: shown(other) }))
    .filter((pair) => pair.ours !== '' || pair.theirs !== '');
}

const edgeOf = (capabilities: unknown): boolean =>
  (capabilities as { readonly iotEdge?: unknown } | null | undefined)?.iotEdge === true;

function printOf({ attestation: { x509, tpm } }: Enrollment): string {
  const thumbprint = x509?.clientCertificates?.primary.info.sha256Thumbprint;
  if (thumbprint !== undefined) return thumbprint.toLowerCase();
  return tpm ? createHash('sha256').update(Buffer.from(tpm.endorsementKey, 'base64')).digest('hex') : '';
}

/** A member as one short text. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(String).join(', ').slice(0, 400);
  return String(value).slice(0, 400);
}
