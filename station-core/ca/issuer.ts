import { createHash, type KeyObject } from 'node:crypto';
import { type Certificate, readCertificate } from '../../drivers/asn1/certificate.ts';
import { extensionOf, readKeyUsage, readSubjectKeyIdentifier } from '../../drivers/asn1/extensions.ts';
import { isKeyAlgorithm } from '../../drivers/asn1/keys.ts';
import type { PublicKeyRef } from '../../drivers/hsm/hsm.ts';
import { StationError } from '../contract/errors.ts';
import type { IssuerRules } from './rules.ts';

/** A CA key in the HSM: what signing takes. */
export type Signer = {
  /** Its row. */
  readonly id: number;
  readonly name: string;
  readonly key: PublicKeyRef;
  readonly publicKey: KeyObject;
  readonly rules: IssuerRules;
};

/** A CA key with the certificate that says whose it is. */
export type Issuer = Signer & {
  readonly certificate: Certificate;
  /** From the issuer itself up to the root: what follows a leaf in its full chain (F-61). */
  readonly chain: readonly Certificate[];
};

/** Puts an issuer together from what is stored. Throws `ca.not-ready` when the certificate is not of this key. */
export function issuerOf(row: {
  readonly id: number;
  readonly name: string;
  readonly key: PublicKeyRef;
  readonly chain: readonly Buffer[];
}): Issuer {
  const { id, name, key } = row;
  const chain = row.chain.map((der, index) => readCertificate(der, `the chain of ${name}, ${index + 1}`));
  const [certificate] = chain;
  if (!certificate) throw new StationError('ca.not-ready', { issuer: name, reason: 'it has no certificate yet' });
  const { algorithm, spki, key: publicKey } = certificate.publicKey;
  if (spki.toString('base64') !== key.publicKey || !isKeyAlgorithm(algorithm)) {
    throw new StationError('ca.not-ready', { issuer: name, reason: 'its certificate is of another key' });
  }
  const identifier = extensionOf(certificate, 'subjectKeyIdentifier');
  if (!identifier) throw new StationError('ca.not-ready', { issuer: name, reason: 'it has no subject key identifier' });
  const { subjectDer, notBefore, notAfter } = certificate;
  const keyIdentifier = readSubjectKeyIdentifier(identifier);
  return {
    id,
    name,
    key,
    publicKey,
    certificate,
    chain,
    rules: { subjectDer, keyIdentifier, algorithm, notBefore, notAfter },
  };
}

/** SHA-256 of a public key (DER), in hex: how recipes and records pin an issuer. */
export const keyHash = (spki: Buffer): Buffer => createHash('sha256').update(spki).digest();

/** Whether the certificate lets its key sign CRLs (RFC 5280 section 4.2.1.3). */
export function signsCrls({ certificate }: Issuer): boolean {
  const usage = extensionOf(certificate, 'keyUsage');
  return usage !== undefined && readKeyUsage(usage).includes('cRLSign');
}
