import { type Csr, csrSignatureHolds } from '../../drivers/asn1/csr.ts';
import { nameText } from '../../drivers/asn1/names.ts';
import { StationError } from '../contract/errors.ts';
import type { CertificateKeyAlgorithm, Profile } from '../contract/profile.ts';

/** What a CSR must be to get a certificate. */
export type Wanted = {
  readonly commonName: string;
  readonly algorithm: CertificateKeyAlgorithm;
  readonly profile: Pick<Profile, 'csrSubject'>;
};

const goodAlgorithms: ReadonlySet<string> = new Set([
  'ecdsa-sha256',
  'ecdsa-sha384',
  'ecdsa-sha512',
  'rsa-sha256',
  'rsa-sha384',
  'rsa-sha512',
]);

const refused = (rule: string, found: string): StationError => new StationError('ca.csr-refused', { rule, found });

/**
 * Checks a CSR but for its signature: algorithm, key type and size, subject. Answers whether its subject was another than
 * the unit's and the profile says to issue all the same, which goes into the audit. Throws `ca.csr-refused`.
 */
export function checkCsr(csr: Csr, { commonName, algorithm, profile }: Wanted): { readonly overridden: boolean } {
  if (!goodAlgorithms.has(csr.signatureAlgorithm)) {
    throw refused('it must be signed with SHA-256, SHA-384 or SHA-512 (F-55)', csr.signatureAlgorithm);
  }
  if (csr.publicKey.algorithm !== algorithm) {
    throw refused(`the recipe asks for a key of ${algorithm}`, csr.publicKey.algorithm);
  }
  const names = csr.subject.filter(({ type }) => type === 'CN');
  if (names.length === 1 && names[0]?.value === commonName) return { overridden: false };
  if (profile.csrSubject === 'override') return { overridden: true };
  const found = nameText(csr.subject).slice(0, 100) || 'no name';
  throw refused(`its subject must have the one CN ${commonName} (F-53)`, found);
}

/** Throws unless whoever made the CSR held its private key (F-54). */
export function checkCsrSignature(csr: Csr, holds = csrSignatureHolds(csr)): void {
  if (!holds) throw refused('its signature must verify under its own key (F-54)', 'one that does not');
}
