import { X509Certificate } from 'node:crypto';
import { fromBase64 } from '../encoding.ts';
import type { CertificateInfo, KeptCertificate, KeptCertificates, X509Attestation } from '../entries.ts';
import { DpsError } from '../errors.ts';
import type { AttestationInput } from '../schemas.ts';
import type { AttestationRules } from './attestation.ts';

type Input = Extract<AttestationInput, { type: 'x509' }>;
type CertificatesInput = NonNullable<Input['x509']['clientCertificates']>;

/** X.509 certificates (DPS docs, X.509 attestation). The device side, mutual TLS, is not here yet. */
export const x509: AttestationRules<Input, X509Attestation> = {
  accept({ x509: input }, { kind, previous }) {
    const slot = kind === 'individual' ? 'clientCertificates' : 'signingCertificates';
    const given = input[slot];
    if (given) return { type: 'x509', x509: { [slot]: acceptBoth(given, slot, previous?.x509[slot]) } };
    if (!input.caReferences) {
      throw new DpsError('argumentInvalid', `attestation.x509: expected ${slot} or caReferences`);
    }
    const { primary, secondary } = input.caReferences;
    return { type: 'x509', x509: { caReferences: secondary === undefined ? { primary } : { primary, secondary } } };
  },

  shown: (kept) => withoutBodies(kept),
  revealed: (kept) => withoutBodies(kept),
  proves: () => false,
  provesMember: () => false,
};

function acceptBoth(given: CertificatesInput, slot: string, previous: KeptCertificates | undefined): KeptCertificates {
  const primary = acceptOne(given.primary, `${slot}.primary`, previous);
  if (!given.secondary) return { primary };
  return { primary, secondary: acceptOne(given.secondary, `${slot}.secondary`, previous) };
}

/** Takes a certificate, or, from an entry that was read and is sent back, the info of one that is already kept. */
function acceptOne(
  given: CertificatesInput['primary'],
  place: string,
  previous: KeptCertificates | undefined,
): KeptCertificate {
  if (given.certificate !== undefined) return { certificate: given.certificate, info: read(given.certificate, place) };
  const thumbprint = given.info?.sha256Thumbprint;
  const same = [previous?.primary, previous?.secondary].find((kept) => kept?.info.sha256Thumbprint === thumbprint);
  if (same) return same;
  throw new DpsError('argumentInvalid', `attestation.x509.${place}.certificate: expected a certificate`);
}

/** PEM, base64 of PEM and base64 of DER are all on the wire: the SDKs differ. */
function read(text: string, place: string): CertificateInfo {
  const trimmed = text.trim();
  const bytes = trimmed.startsWith('-----BEGIN') ? Buffer.from(trimmed) : fromBase64(trimmed.replace(/\s/g, ''));
  try {
    if (bytes) return info(new X509Certificate(bytes));
  } catch (cause) {
    throw new DpsError('argumentInvalid', expected(place), {}, cause);
  }
  throw new DpsError('argumentInvalid', expected(place));
}

const expected = (place: string) =>
  `attestation.x509.${place}.certificate: expected a certificate as PEM, base64 of PEM or base64 of DER`;

function info(certificate: X509Certificate): CertificateInfo {
  return {
    subjectName: oneLine(certificate.subject),
    sha1Thumbprint: certificate.fingerprint.replaceAll(':', ''),
    sha256Thumbprint: certificate.fingerprint256.replaceAll(':', ''),
    issuerName: oneLine(certificate.issuer),
    notBeforeUtc: wholeSeconds(certificate.validFromDate),
    notAfterUtc: wholeSeconds(certificate.validToDate),
    serialNumber: certificate.serialNumber,
    version: 3,
  };
}

/** Node separates the parts of a name by line ends, the service by a comma and a space. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function wholeSeconds(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}

function withoutBodies({ x509: { clientCertificates, signingCertificates, caReferences } }: X509Attestation): object {
  const bare = (both: KeptCertificates) => ({
    primary: { info: both.primary.info },
    ...(both.secondary && { secondary: { info: both.secondary.info } }),
  });
  return {
    type: 'x509',
    x509: {
      ...(clientCertificates && { clientCertificates: bare(clientCertificates) }),
      ...(signingCertificates && { signingCertificates: bare(signingCertificates) }),
      ...(caReferences && { caReferences }),
    },
  };
}
