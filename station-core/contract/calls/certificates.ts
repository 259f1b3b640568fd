import * as z from 'zod/mini';
import {
  beginSchema,
  type CeremonyRecord,
  type CeremonyView,
  type CertificateView,
  type ExpiringPage,
  expiringSchema,
  exportFormats,
  findSchema,
  type IssuedView,
  type IssuerView,
  issuerName,
  quotaSchema,
  revocationReasons,
} from '../ca.ts';
import { recipeSchema } from '../recipe.ts';
import { type ImportedView, importListSchema, importSchema, type StoreView } from '../store.ts';
import { type EkListView, type ImportedEkList, importEkListSchema } from '../tpm.ts';
import { call, id, moduleId, name, none } from './call.ts';

/** Calls about the CA, stores of certificates, and lists of endorsement keys. */
export const certificatesCalls = {
  /** Makes an intermediate's key in the HSM and its CSR for the root: two custodians; a third person witnesses. */
  'ca.begin': call<IssuerView>()(beginSchema),
  /** A witness, who is neither custodian, confirms the ceremony; its record is signed with the audit key. */
  'ca.witness': call<CeremonyRecord>()(z.strictObject({ name: issuerName })),
  /** The signed certificate and everything above it, PEM in any order. */
  'ca.import': call<IssuerView>()(z.strictObject({ name: issuerName, chain: z.string().check(z.maxLength(65_536)) })),
  /** Practice only: a root in the HSM signs the CSR, as its owner would offline. */
  'ca.practiceSign': call<{ chain: string }>()(z.strictObject({ name: issuerName })),
  /** Proof of possession: the certificate whose CN is the code that DPS or IoT Central shows. */
  'ca.verify': call<{ certificate: string }>()(
    z.strictObject({ name: issuerName, code: z.string().check(z.maxLength(128)) }),
  ),
  /** Certificates for the CSRs of an order's units, many at a time; each fares alone, and one that has its own gets it again. */
  'ca.issue': call<readonly IssuedView[]>()(
    z.strictObject({
      order: name,
      csrs: z
        .array(z.strictObject({ name: z.string().check(z.maxLength(256)), csr: z.string().check(z.maxLength(20_000)) }))
        .check(z.minLength(1), z.maxLength(1_000)),
    }),
  ),
  'ca.find': call<readonly CertificateView[]>()(findSchema),
  /** Certificates that end within so many days and have no successor of the same key, those that end first before the others. */
  'ca.expiring': call<ExpiringPage>()(expiringSchema),
  /** How far an intermediate's ceremony came: who made its key when, and how that is kept; who witnessed it. */
  'ca.ceremony': call<CeremonyView>()(z.strictObject({ name: issuerName })),
  /** A certificate for a module of a unit, CN=<deviceid>/<moduleid> (F-12), from its CSR, PEM or base64. */
  'ca.module': call<{ certificate: CertificateView; chain: string }>()(
    z.strictObject({
      registrationId: z.string().check(z.minLength(1), z.maxLength(64)),
      module: moduleId,
      csr: z.string().check(z.maxLength(20_000)),
    }),
  ),
  /** A new certificate for the same key, from the request that was kept; an individual enrollment gets it in its other slot. */
  'ca.renew': call<{ certificate: CertificateView; chain: string }>()(z.strictObject({ certificate: id })),
  'ca.revoke': call<CertificateView>()(z.strictObject({ certificate: id, reason: z.enum(revocationReasons) })),
  /** Signs the list of what this issuer revoked. */
  'ca.crl': call<{ crl: string; number: number }>()(
    z.strictObject({ name: issuerName, days: z._default(z.int().check(z.gte(1), z.lte(3_650)), 30) }),
  ),
  'ca.quota': call<IssuerView>()(z.strictObject({ name: issuerName, quota: z.nullable(quotaSchema) })),
  /** From now on it signs CRLs only. */
  'ca.retire': call<IssuerView>()(z.strictObject({ name: issuerName })),
  /** Signs a final CRL, good until its certificate ends, and destroys the key; without a certificate there is no CRL. */
  'ca.destroy': call<{ crl?: string; number?: number }>()(z.strictObject({ name: issuerName })),
  /** The newest CRL that was signed, once more. */
  'ca.lastCrl': call<{ crl: string; number: number }>()(z.strictObject({ name: issuerName })),
  'ca.record': call<CeremonyRecord>()(z.strictObject({ name: issuerName })),
  /** Certificates of an issuer: OpenSSL's index.txt, CSV, or PEM of the leaves. Public parts only (F-65). */
  'ca.export': call<{ text: string; rows: number }>()(
    z.strictObject({ name: issuerName, format: z.enum(exportFormats) }),
  ),
  'ca.list': call<readonly IssuerView[]>()(none),
  /** Certificates with their keys, made ahead by others: all files or nothing (F-70). */
  'store.import': call<ImportedView>()(importSchema),
  /** A vendor's list of certificates whose keys are in the units already (F-69). */
  'store.importList': call<ImportedView>()(importListSchema),
  'store.list': call<readonly StoreView[]>()(none),
  /** A TPM maker's list of endorsement keys: whole or not at all, enrolled early by a recipe, and matched when units are seen. */
  'tpm.importList': call<ImportedEkList>()(importEkListSchema(recipeSchema)),
  'tpm.lists': call<readonly EkListView[]>()(none),
} as const;
