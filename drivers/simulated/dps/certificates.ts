import { X509Certificate } from 'node:crypto';
import { fromBase64 } from './encoding.ts';
import type { CertificateInfo } from './entries.ts';
import { DpsError } from './errors.ts';

/**
 * Reads a certificate that a client uploads. PEM, base64 of PEM and base64 of DER are all on the wire: the SDKs differ.
 * What holds a private key is refused: only the public part is ever uploaded (DPS docs, Manage enrollments).
 */
export function readCertificate(text: string, place: string): X509Certificate {
  const trimmed = text.trim();
  const bytes = trimmed.startsWith('-----BEGIN') ? Buffer.from(trimmed) : fromBase64(trimmed.replace(/\s/g, ''));
  if (bytes?.includes('PRIVATE KEY')) throw new DpsError('argumentInvalid', `${place}: expected no private key`);
  try {
    if (bytes) return new X509Certificate(bytes);
  } catch (cause) {
    throw new DpsError('argumentInvalid', expected(place), {}, cause);
  }
  throw new DpsError('argumentInvalid', expected(place));
}

const expected = (place: string) => `${place}: expected a certificate as PEM, base64 of PEM or base64 of DER`;

/** What the service tells about a certificate, in the formats seen in recorded traffic. */
export function infoOf(certificate: X509Certificate): CertificateInfo {
  return {
    subjectName: subjectOf(certificate),
    sha1Thumbprint: certificate.fingerprint.replaceAll(':', ''),
    sha256Thumbprint: thumbprintOf(certificate),
    issuerName: oneLine(certificate.issuer),
    notBeforeUtc: wholeSeconds(certificate.validFromDate),
    notAfterUtc: wholeSeconds(certificate.validToDate),
    serialNumber: certificate.serialNumber,
    version: 3,
  };
}

/** SHA-256 over the DER, in upper-case hex: what two certificates are compared by. */
export function thumbprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '');
}

export function subjectOf(certificate: X509Certificate): string {
  return oneLine(certificate.subject);
}

/** The subject's common name; undefined unless there is exactly one. */
export function commonNameOf(certificate: X509Certificate): string | undefined {
  // The legacy object gives the value itself; the text form of the subject would have to be unescaped.
  const name: unknown = certificate.toLegacyObject().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}

export function isCurrent(certificate: X509Certificate, now: number): boolean {
  return certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime();
}

/**
 * Whether the issuer's name, key identifier and key usage fit, and its key made the signature. `checkIssued` alone looks
 * at no signature, `verify` alone at no name.
 */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Node separates the parts of a name by line ends, the service by a comma and a space. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function wholeSeconds(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}
