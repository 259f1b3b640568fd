import { hash, X509Certificate } from 'node:crypto';
import type Database from 'better-sqlite3';
import * as z from 'zod/mini';

// What the log names by its hash alone. The bytes stand in other tables, which anybody could change: they count only where their
// hash is the one of the log.

/** What a birth certificate says of a recipe. */
export type RecipeSaid = {
  readonly name: string;
  readonly version: number;
  readonly attestation: { readonly type: string; readonly scope: string };
};

/** What a birth certificate says of an X.509 certificate. */
export type CertificateSaid = {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
};

const recipeSchema = z.object({
  name: z.string().check(z.maxLength(200)),
  version: z.number(),
  attestation: z.object({ type: z.string().check(z.maxLength(40)), scope: z.string().check(z.maxLength(40)) }),
});

/** The recipe with this SHA-256 in hex, or nothing where the station does not have it any more. */
export function recipeBy(db: Database.Database, sha256: string): RecipeSaid | undefined {
  const row = db
    .prepare<[Buffer], { bytes: string }>('SELECT bytes FROM recipe WHERE hash = ?')
    .get(Buffer.from(sha256, 'hex'));
  if (!row || hash('sha256', row.bytes, 'hex') !== sha256) return undefined;
  const parsed = recipeSchema.safeParse(JSON.parse(row.bytes));
  return parsed.success ? parsed.data : undefined;
}

/** The certificate with this SHA-256 in hex, issued here or brought by the unit or a store; nothing where it is not here. */
export function certificateBy(db: Database.Database, sha256: string): CertificateSaid | undefined {
  const fingerprint = Buffer.from(sha256, 'hex');
  const der = db
    .prepare<{ fingerprint: Buffer }, Buffer>(
      `SELECT der FROM certificate WHERE fingerprint = @fingerprint AND der IS NOT NULL
       UNION ALL SELECT leaf FROM stored_certificate WHERE fingerprint = @fingerprint`,
    )
    .pluck()
    .get({ fingerprint });
  if (!der || hash('sha256', der, 'hex') !== sha256) return undefined;
  const certificate = new X509Certificate(der);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serialNumber: certificate.serialNumber.toLowerCase(),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    sha256,
  };
}

/** Node writes one part of a name a line. */
const oneLine = (name: string): string => name.split('\n').join(', ');
