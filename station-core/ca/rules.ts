import type { Extension, KeyUsage } from '../../drivers/asn1/extensions.ts';
import type { KeyAlgorithm, PublicKey } from '../../drivers/asn1/keys.ts';
import type { Name } from '../../drivers/asn1/names.ts';

/** What a certificate is for: lints know what each may and must be. */
export type Purpose = 'leaf' | 'module' | 'verification' | 'intermediate' | 'root';

/** What the lints need of whoever signs. */
export type IssuerRules = {
  /** DER of its subject: the issuer field repeats these bytes (RFC 5280 section 4.1.2.4). */
  readonly subjectDer: Buffer;
  readonly keyIdentifier: Buffer;
  readonly algorithm: KeyAlgorithm;
  /** Unix milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
};

/** Everything that one certificate is to be. The TBS is written from this, and linted against it from its bytes. */
export type Rules = {
  readonly purpose: Purpose;
  readonly issuer: IssuerRules;
  readonly subject: Name;
  readonly key: PublicKey;
  /** Unix milliseconds, whole seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly pathLength?: number | undefined;
  readonly keyUsage: readonly KeyUsage[];
  /** Empty: the certificate has no such extension. */
  readonly extendedKeyUsage: readonly string[];
  /** Beside those that every certificate has. */
  readonly extensions: readonly Extension[];
  /** The station's prefix of serial numbers. */
  readonly serialPrefix: Buffer;
};

export const isCa = (purpose: Purpose): boolean => purpose === 'intermediate' || purpose === 'root';
