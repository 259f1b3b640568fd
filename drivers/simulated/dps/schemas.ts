import * as z from 'zod/mini';
import { fromBase64 } from './encoding.ts';
import { DpsError, type Refusal } from './errors.ts';

/** Letters, digits and - . _ : with the last one a letter, digit or dash, at most 128 (DPS docs, Terminology). */
const ID = /^[A-Za-z0-9._:-]{0,127}[A-Za-z0-9-]$/;
const DEVICE_ID = /^[A-Za-z0-9\-:.+%_#*?!(),=@;$']{1,128}$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?)+$/;

const says = (text: string) => ({ error: text });
const anyObject = z.record(z.string(), z.unknown());
const base64 = (least: number, most: number) =>
  z.string().check(
    z.refine(
      (text) => {
        const bytes = fromBase64(text);
        return bytes !== undefined && bytes.length >= least && bytes.length <= most;
      },
      says(`expected base64 of ${least} to ${most} bytes`),
    ),
  );

const Certificate = z.object({
  // Optional, since an entry that was read and is sent back has only the info.
  certificate: z.optional(z.string().check(z.maxLength(40_000))),
  info: z.optional(z.object({ sha256Thumbprint: z.string() })),
});
const Certificates = z.object({ primary: Certificate, secondary: z.optional(Certificate) });

export const AttestationSchema = z.discriminatedUnion(
  'type',
  [
    z.object({
      type: z.literal('symmetricKey'),
      symmetricKey: z.optional(
        z.object({ primaryKey: z.optional(base64(16, 64)), secondaryKey: z.optional(base64(16, 64)) }),
      ),
    }),
    z.object({
      type: z.literal('tpm'),
      tpm: z.object({
        endorsementKey: z.string().check(z.maxLength(4096)),
        storageRootKey: z.optional(z.string().check(z.maxLength(4096))),
      }),
    }),
    z.object({
      type: z.literal('x509'),
      x509: z.object({
        clientCertificates: z.optional(Certificates),
        signingCertificates: z.optional(Certificates),
        caReferences: z.optional(
          z.object({
            primary: z.string().check(z.maxLength(256)),
            secondary: z.optional(z.string().check(z.maxLength(256))),
          }),
        ),
      }),
    }),
  ],
  says('expected symmetricKey, tpm or x509'),
);

export type AttestationInput = z.infer<typeof AttestationSchema>;

const forBoth = {
  attestation: AttestationSchema,
  etag: z.optional(z.string()),
  capabilities: z.optional(z.object({ iotEdge: z.boolean() })),
  iotHubHostName: z.optional(z.string().check(z.regex(HOST, says('expected a host name')))),
  initialTwin: z.optional(anyObject),
  provisioningStatus: z.optional(z.nullable(z.enum(['enabled', 'disabled']))),
  reprovisionPolicy: z.optional(z.object({ updateHubAssignment: z.boolean(), migrateDeviceData: z.boolean() })),
  allocationPolicy: z.optional(z.enum(['hashed', 'geoLatency', 'static', 'custom'])),
  iotHubs: z.optional(z.array(z.string().check(z.regex(HOST, says('expected a host name'))))),
  customAllocationDefinition: z.optional(
    z.object({
      webhookUrl: z.string().check(z.maxLength(2048)),
      apiVersion: z.string(),
    }),
  ),
};

/** An individual enrollment as clients send it. Members that are read-only or unknown are ignored. */
export const IndividualSchema = z.object({
  registrationId: z.string(),
  deviceId: z.optional(z.string().check(z.regex(DEVICE_ID, says('expected a device ID of 1 to 128 characters')))),
  optionalDeviceInformation: z.optional(anyObject),
  ...forBoth,
});

/** An enrollment group as clients send it. */
export const GroupSchema = z.object({ enrollmentGroupId: z.string(), ...forBoth });

export const BulkSchema = z.object({
  // Node's typings spell the last mode with a small g; both spellings are on the wire.
  mode: z.enum(['create', 'update', 'updateIfMatchETag', 'updateIfMatchEtag', 'delete']),
  items: z.array(anyObject).check(z.minLength(1)),
});

export const BulkDeletionSchema = z.object({ etag: z.optional(z.string()) });

export const QuerySchema = z.object({
  query: z.string().check(z.regex(/^\s*select\s+\*(\s+from\s+\w+)?\s*$/i, says('expected SELECT * [FROM x]'))),
});

export const RegisterSchema = z.object({
  registrationId: z.optional(z.string()),
  tpm: z.optional(z.object({ endorsementKey: z.string(), storageRootKey: z.optional(z.string()) })),
  payload: z.optional(z.unknown()),
});

/** What a device with a TPM says of it when it registers. */
export type DeviceTpm = NonNullable<z.infer<typeof RegisterSchema>['tpm']>;

/** Checks the grammar of an ID. */
export function checkedId(id: unknown, refusal: 'registrationId' | 'enrollmentGroupId'): string {
  if (typeof id === 'string' && ID.test(id)) return id;
  throw new DpsError(
    refusal,
    `${refusal}: expected 1 to 128 letters, digits, - . _ : with a letter, digit or dash at the end`,
  );
}

/** Reads JSON; what is none is refused. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DpsError('notJson', undefined, {}, cause);
  }
}

/** Reads a value by a schema; what does not fit is refused with the name of the member and what was expected. */
export function parsed<S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  refusal: Refusal = 'argumentInvalid',
): z.infer<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  if (!issue) throw new DpsError(refusal);
  throw new DpsError(refusal, `${issue.path.map(String).join('.') || 'body'}: ${expectation(issue)}`);
}

/** What was expected, in words; zod/mini brings no texts of its own. Never the value, which may be a key. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    case 'unrecognized_keys':
      return `${issue.keys.join(', ')}: unknown`;
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** Members whose content is the customer's own, in which null means something. */
const OPAQUE = new Set(['initialTwin', 'optionalDeviceInformation', 'payload']);

/**
 * Drops null members, as the service does with every request; `provisioningStatus: null` alone is echoed (seen in
 * recorded traffic).
 */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name, member]) => member !== null || name === 'provisioningStatus');
  return Object.fromEntries(kept.map(([name, member]) => [name, OPAQUE.has(name) ? member : withoutNulls(member)]));
}
