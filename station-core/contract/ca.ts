import * as z from 'zod/mini';
import type { ErrorData } from './errors.ts';
import { keyAlgorithms } from './profile.ts';

// What people say to the intermediate CA and what it shows them. Nothing here is secret: keys are in the HSM.

export const issuerName = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes, at most 64'));

export const subjectSchema = z.strictObject({
  CN: z.string().check(z.minLength(1), z.maxLength(64)),
  C: z.exactOptional(z.string().check(z.regex(/^[A-Z]{2}$/, 'two upper-case letters'))),
  O: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(64))),
  OU: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(64))),
});

/** How many leaves an intermediate may issue. */
export const quotaSchema = z.int().check(z.gte(1), z.lte(100_000_000));

export const beginSchema = z.strictObject({
  name: issuerName,
  algorithm: z.enum(keyAlgorithms),
  subject: subjectSchema,
  quota: z.exactOptional(quotaSchema),
});

export const revocationReasons = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

export type IssuerView = {
  readonly name: string;
  readonly kind: 'intermediate' | 'practice-root';
  readonly state: 'waiting' | 'active' | 'retired' | 'destroyed';
  readonly algorithm: string;
  readonly subject: string;
  /** SHA-256 of the public key (DER) in hex: what recipes pin. */
  readonly publicKey: string;
  /** SHA-1 and SHA-256 of the certificate, as portals show them (F-77); none while the CSR is out. */
  readonly thumbprints?: { readonly sha1: string; readonly sha256: string };
  readonly notAfter?: string;
  /** The newest list of what it revoked, where it signed one. */
  readonly crl?: { readonly number: number; readonly signedAt: string; readonly until: string };
  readonly quota?: number;
  /** How many leaves it has set out to issue. */
  readonly issued: number;
  /** Whether the ceremony's record is witnessed and signed. */
  readonly witnessed: boolean;
  /** The request for the root's owner, PEM. */
  readonly csr: string;
  /** From the intermediate up to the root, PEM; empty while the CSR is out. */
  readonly chain: string;
  readonly warnings: readonly string[];
};

/** The ceremony's record: canonical JSON as it was signed, base64 of the signature (DER), the audit key (PEM). */
export type CeremonyRecord = {
  readonly record: string;
  readonly signature: string;
  readonly auditKey: string;
  /** Whom the commitments in the record name, and the salts that prove it. */
  readonly people: readonly { readonly name: string; readonly commitment: string; readonly salt: string }[];
};

/** How far a ceremony came, with the people's names where they were not erased. */
export type CeremonyView = {
  readonly at: string;
  readonly custodians: readonly string[];
  readonly hsm: { readonly label: string; readonly serial: string; readonly model: string };
  readonly key: {
    readonly label: string;
    readonly id: string;
    /** As the token reported it when the key was made: its uses and how it is kept. */
    readonly attributes: Readonly<Record<string, boolean>>;
  };
  readonly witnessed?: { readonly at: string; readonly by: string };
  /** Its certificate: who brought it in last, as the audit trail has it. */
  readonly imported?: { readonly at: string; readonly people: readonly string[] };
};

/** How one CSR of a batch fared. */
export type IssuedView = {
  /** As the caller named it, a file's name perhaps. */
  readonly name: string;
  readonly registrationId?: string;
  /** `again`: it had its certificate already, and here it is. */
  readonly state: 'issued' | 'again' | 'refused';
  /** The leaf, base64 of its DER. */
  readonly certificate?: string;
  readonly error?: ErrorData;
};

export type CertificateView = {
  readonly id: number;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly purpose: 'leaf' | 'module' | 'verification' | 'root' | 'intermediate';
  readonly state: 'intended' | 'unsigned' | 'possible' | 'issued' | 'revoked';
  readonly registrationId?: string;
  readonly order?: string;
  readonly intendedAt: string;
  readonly notAfter: string;
  readonly sha256?: string;
  readonly revoked?: { readonly reason: RevocationReason; readonly at: string };
  /** The certificate, PEM, where it was issued. */
  readonly certificate?: string;
};

const when = z
  .string()
  .check(
    z.regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?$/, 'a date like 2026-11-20'),
    z.refine(isDay, 'a day that there is'),
  );

/** Which certificates to show; all that are said must be so. */
export const findSchema = z.strictObject({
  id: z.exactOptional(z.int().check(z.gte(1))),
  serialNumber: z.exactOptional(
    z.string().check(z.regex(/^([0-9a-fA-F]{2}){1,20}$/, 'a serial number in hex, two digits a byte')),
  ),
  /** The thumbprint, hex. */
  sha256: z.exactOptional(z.string().check(z.regex(/^[0-9a-fA-F]{64}$/, 'a SHA-256 thumbprint, 64 hex digits'))),
  registrationId: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(128))),
  unit: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(128))),
  order: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(80))),
  issuer: z.exactOptional(issuerName),
  from: z.exactOptional(when),
  to: z.exactOptional(when),
  /** Only those that expire before this day. */
  expiresBefore: z.exactOptional(when),
  /** Only those before this one: at most a thousand are answered, or `most`, the newest first. */
  before: z.exactOptional(z.int().check(z.gte(1))),
  most: z.exactOptional(z.int().check(z.gte(1), z.lte(1_000))),
  state: z.exactOptional(z.enum(['intended', 'unsigned', 'possible', 'issued', 'revoked'])),
});

/** A place in the order of certificates by their end: what stood last on the page before. */
const expiryMark = z.strictObject({ notAfter: z.int().check(z.gte(0)), id: z.int().check(z.gte(1)) });

export const expiringSchema = z.strictObject({
  days: z.int().check(z.gte(1), z.lte(3_650)),
  after: z.exactOptional(expiryMark),
});

/** Some of them, and where the next ones begin, if there may be any: a page may be short, or empty, and not be the last. */
export type ExpiringPage = {
  readonly certificates: readonly CertificateView[];
  readonly after?: { readonly notAfter: number; readonly id: number };
};

export const exportFormats = ['index', 'csv', 'pem'] as const;

/** A Date turns a 31st of February into March, and has no text for a 13th month. */
function isDay(text: string): boolean {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text.slice(0, 10);
}
