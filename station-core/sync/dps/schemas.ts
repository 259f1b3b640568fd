import * as z from 'zod/mini';

// What the service may answer (DPS REST 2021-10-01), only as far as the station reads it; other fields are let through
// unread, so that a newer service does not stop a line.

const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64'), z.maxLength(200));

const thumbprint = z.string().check(z.regex(/^[0-9A-Fa-f]{64}$/, 'a SHA-256 thumbprint in hex'));
const certificate = z.looseObject({ info: z.looseObject({ sha256Thumbprint: thumbprint }) });
const certificates = z.optional(
  z.nullable(z.looseObject({ primary: certificate, secondary: z.optional(z.nullable(certificate)) })),
);

export const attestationSchema = z.looseObject({
  type: z.enum(['none', 'tpm', 'x509', 'symmetricKey']),
  symmetricKey: z.optional(z.nullable(z.looseObject({ primaryKey: base64, secondaryKey: base64 }))),
  tpm: z.optional(z.nullable(z.looseObject({ endorsementKey: z.string().check(z.maxLength(4_096)) }))),
  x509: z.optional(z.nullable(z.looseObject({ clientCertificates: certificates, signingCertificates: certificates }))),
});

export const enrollmentSchema = z.looseObject({
  registrationId: z.string().check(z.maxLength(128)),
  etag: z.string().check(z.maxLength(400)),
  attestation: attestationSchema,
  deviceId: z.optional(z.nullable(z.string())),
  provisioningStatus: z.optional(z.nullable(z.enum(['enabled', 'disabled']))),
});

export const groupSchema = z.looseObject({
  enrollmentGroupId: z.string().check(z.maxLength(128)),
  etag: z.string().check(z.maxLength(400)),
  attestation: attestationSchema,
  provisioningStatus: z.optional(z.nullable(z.enum(['enabled', 'disabled']))),
});

export const bulkSchema = z.looseObject({
  isSuccessful: z.boolean(),
  errors: z.optional(
    z.nullable(
      z.array(
        z.looseObject({
          registrationId: z.string().check(z.maxLength(128)),
          errorCode: z.int(),
          errorStatus: z.optional(z.nullable(z.string().check(z.maxLength(1_000)))),
        }),
      ),
    ),
  ),
});

export const problemSchema = z.looseObject({
  errorCode: z.optional(z.int()),
  trackingId: z.optional(z.string().check(z.maxLength(200))),
});

export type Attestation = z.output<typeof attestationSchema>;
export type Enrollment = z.output<typeof enrollmentSchema>;
export type Group = z.output<typeof groupSchema>;
export type Bulk = z.output<typeof bulkSchema>;
