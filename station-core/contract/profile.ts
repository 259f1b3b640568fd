import * as z from 'zod/mini';

// What a leaf certificate is like, as data. Whatever a profile says, the hard limits of ca/lints hold: CA:FALSE, within the
// issuer's validity, no keyCertSign.

const attribute = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));
const oid = z
  .string()
  .check(z.regex(/^([01]\.[0-3]?\d|2\.\d{1,3})(\.(0|[1-9]\d{0,8})){1,12}$/, 'an object identifier like 1.3.6.1.5'));

export const keyAlgorithms = ['p256', 'p384', 'rsa2048', 'rsa3072', 'rsa4096'] as const;
export type CertificateKeyAlgorithm = (typeof keyAlgorithms)[number];

/** Key usages that a leaf may have: those of a CA are not among them (RFC 5280 section 4.2.1.3). */
export const leafUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
] as const;

/** Extensions that the station itself writes; a profile cannot give them. */
const own = new Set(['2.5.29.14', '2.5.29.15', '2.5.29.19', '2.5.29.35', '2.5.29.37']);

export const profileSchema = z.strictObject({
  /** Days that a leaf is valid. */
  validityDays: z.int().check(z.gte(1), z.lte(36_525)),
  /** How the leaf will be renewed before it expires, for whoever runs the fleet (F-59). */
  renewal: attribute(200),
  /** Months that a unit may lie in a warehouse before its first use (F-60); 12, when left out. */
  warehouseMonths: z.exactOptional(z.int().check(z.gte(0), z.lte(120))),
  /** What to do with a CSR whose subject is not the unit's: `refuse` (when left out), or issue for the unit all the same. */
  csrSubject: z.exactOptional(z.enum(['refuse', 'override'])),
  /** Left out: digitalSignature, and keyEncipherment too for RSA (RFC 8813 forbids it for EC keys). */
  keyUsage: z.exactOptional(z.array(z.enum(leafUsages)).check(z.minLength(1), z.maxLength(leafUsages.length))),
  /** Left out: clientAuth alone. clientAuth must be among them (dps-reference 7.1). */
  extendedKeyUsage: z.exactOptional(
    z.array(z.union([z.enum(['clientAuth', 'serverAuth']), oid])).check(z.minLength(1), z.maxLength(8)),
  ),
  /** What the subject holds beside the CN. */
  subject: z.exactOptional(
    z.strictObject({
      C: z.exactOptional(z.string().check(z.regex(/^[A-Z]{2}$/, 'two upper-case letters'))),
      ST: z.exactOptional(attribute(128)),
      L: z.exactOptional(attribute(128)),
      O: z.exactOptional(attribute(64)),
      OU: z.exactOptional(attribute(64)),
    }),
  ),
  /** Further extensions: the DER of each value in base64. */
  extensions: z.exactOptional(
    z
      .array(
        z.strictObject({
          oid: oid.check(z.refine((value) => !own.has(value), 'an extension that the station does not write itself')),
          critical: z.boolean(),
          value: z
            .string()
            .check(
              z.regex(
                /^([A-Za-z0-9+/]{4}){1,512}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/,
                'base64',
              ),
            ),
        }),
      )
      .check(z.maxLength(8)),
  ),
});

export type Profile = z.output<typeof profileSchema>;

/** Which intermediate signs: its name at this station, and SHA-256 of its public key (DER) in hex, pinned. */
export const issuerSchema = z.strictObject({
  name: z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes, at most 64')),
  publicKey: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'SHA-256 of the public key in lower-case hex')),
});

const storeName = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes, at most 64'));

/** Whom a certificate that a unit came with must be from. */
const trustSchema = z.union([
  /** One of these CA certificates, SHA-256 in hex, stands in its chain. */
  z.strictObject({
    anchors: z
      .array(z.string().check(z.regex(/^[0-9a-f]{64}$/, 'SHA-256 of a CA certificate in lower-case hex')))
      .check(z.minLength(1), z.maxLength(16)),
  }),
  /** It stands in the imported vendor list of this store (F-69). */
  z.strictObject({ list: storeName }),
  /** It may be self-signed: practice only (F-78). */
  z.strictObject({ selfSigned: z.literal(true) }),
]);

export const keySources = ['unit', 'station', 'own', 'stored'] as const;

/** A key that the unit came with, and its certificate (F-68). */
export const ownKeySchema = z.strictObject({ source: z.literal('own'), trust: trustSchema });
/** A certificate and its key out of an imported store (F-70). */
export const storedKeySchema = z.strictObject({ source: z.literal('stored'), store: storeName });
export { storeName };

/** Who makes a leaf's key: the unit itself (the private half never leaves it), or the station, which injects it. */
export const leafKeySchema = z.strictObject({ source: z.enum(['unit', 'station']), algorithm: z.enum(keyAlgorithms) });
