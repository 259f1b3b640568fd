import * as z from 'zod/mini';

// What the service may answer (DPS REST 2021-10-01), only as far as the station reads it; other fields are let through
// unread, so that a newer service does not stop a line. What nobody decides by (policies, twins) may be anything of its kind.

const text = (most: number) => z.string().check(z.maxLength(most));
const maybe = <S extends z.core.$ZodType>(schema: S) => z.optional(z.nullable(schema));

const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64'), z.maxLength(200));
const anyObject = z.record(z.string(), z.unknown());

const thumbprint = z.string().check(z.regex(/^[0-9A-Fa-f]{64}$/, 'a SHA-256 thumbprint in hex'));
const certificate = z.looseObject({
  info: z.looseObject({
    sha256Thumbprint: thumbprint,
    subjectName: maybe(text(4_096)),
    issuerName: maybe(text(4_096)),
    notBeforeUtc: maybe(text(64)),
    notAfterUtc: maybe(text(64)),
    serialNumber: maybe(text(256)),
  }),
});
const certificates = maybe(z.looseObject({ primary: certificate, secondary: maybe(certificate) }));

export const attestationSchema = z.looseObject({
  type: z.enum(['none', 'tpm', 'x509', 'symmetricKey']),
  symmetricKey: maybe(z.looseObject({ primaryKey: base64, secondaryKey: base64 })),
  tpm: maybe(z.looseObject({ endorsementKey: text(4_096), storageRootKey: maybe(text(4_096)) })),
  x509: maybe(
    z.looseObject({
      clientCertificates: certificates,
      signingCertificates: certificates,
      /** Names of CA certificates of the instance. */
      caReferences: maybe(z.looseObject({ primary: maybe(text(256)), secondary: maybe(text(256)) })),
    }),
  ),
});

export const registrationSchema = z.looseObject({
  registrationId: text(128),
  status: z.enum(['unassigned', 'assigning', 'assigned', 'failed', 'disabled']),
  assignedHub: maybe(text(256)),
  deviceId: maybe(text(128)),
  substatus: maybe(text(64)),
  errorCode: maybe(z.int()),
  errorMessage: maybe(text(4_096)),
  createdDateTimeUtc: maybe(text(64)),
  lastUpdatedDateTimeUtc: maybe(text(64)),
  etag: maybe(text(400)),
});

const ofBoth = {
  etag: text(400),
  attestation: attestationSchema,
  provisioningStatus: maybe(z.enum(['enabled', 'disabled'])),
  capabilities: maybe(z.looseObject({ iotEdge: maybe(z.boolean()) })),
  initialTwin: maybe(
    z.looseObject({ tags: maybe(anyObject), properties: maybe(z.looseObject({ desired: maybe(anyObject) })) }),
  ),
  reprovisionPolicy: maybe(
    z.looseObject({ updateHubAssignment: maybe(z.boolean()), migrateDeviceData: maybe(z.boolean()) }),
  ),
  allocationPolicy: maybe(text(64)),
  iotHubs: maybe(z.array(text(256))),
  iotHubHostName: maybe(text(256)),
  customAllocationDefinition: maybe(z.looseObject({ webhookUrl: maybe(text(4_096)), apiVersion: maybe(text(64)) })),
  createdDateTimeUtc: maybe(text(64)),
  lastUpdatedDateTimeUtc: maybe(text(64)),
};

export const enrollmentSchema = z.looseObject({
  registrationId: text(128),
  ...ofBoth,
  deviceId: maybe(text(256)),
  optionalDeviceInformation: maybe(anyObject),
  /** What became of it; GET alone has it. Of a device that never registered it says `unassigned` and perhaps nothing else. */
  registrationState: maybe(registrationSchema),
});

export const groupSchema = z.looseObject({ enrollmentGroupId: text(128), ...ofBoth });

const itemError = { errorCode: z.int(), errorStatus: maybe(text(1_000)) };
const bulkOf = <S extends z.core.$ZodType>(error: S) =>
  z.looseObject({ isSuccessful: z.boolean(), errors: maybe(z.array(error)) });

export const bulkSchema = bulkOf(z.looseObject({ registrationId: text(128), ...itemError }));
export const bulkOfGroupsSchema = bulkOf(z.looseObject({ enrollmentGroupId: text(128), ...itemError }));

export const problemSchema = z.looseObject({
  errorCode: z.optional(z.int()),
  trackingId: z.optional(text(200)),
});

export type Attestation = z.output<typeof attestationSchema>;
export type Enrollment = z.output<typeof enrollmentSchema>;
export type Group = z.output<typeof groupSchema>;
export type Registration = z.output<typeof registrationSchema>;
export type Bulk = z.output<typeof bulkSchema>;
export type BulkOfGroups = z.output<typeof bulkOfGroupsSchema>;
