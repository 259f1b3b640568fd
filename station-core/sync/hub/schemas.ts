import * as z from 'zod/mini';

// What a hub may answer (IoT Hub REST 2021-04-12), only as far as the station reads it; other fields are let through unread.

const key = z.optional(z.nullable(z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64'), z.maxLength(200))));
const thumbprint = z.optional(
  z.nullable(z.string().check(z.regex(/^([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})?$/, 'a thumbprint in hex'))),
);
const id = z.string().check(z.minLength(1), z.maxLength(128));

/** A device or a module: a module has no status of its own. */
export const identitySchema = z.looseObject({
  deviceId: id,
  moduleId: z.optional(z.nullable(id)),
  etag: z.string().check(z.regex(/^[\x21\x23-\x7e]{1,400}$/, 'an entity tag')),
  status: z.optional(z.enum(['enabled', 'disabled'])),
  authentication: z.looseObject({
    type: z.enum(['sas', 'selfSigned', 'certificateAuthority', 'none']),
    symmetricKey: z.optional(z.nullable(z.looseObject({ primaryKey: key, secondaryKey: key }))),
    x509Thumbprint: z.optional(
      z.nullable(z.looseObject({ primaryThumbprint: thumbprint, secondaryThumbprint: thumbprint })),
    ),
  }),
  capabilities: z.optional(z.nullable(z.looseObject({ iotEdge: z.optional(z.boolean()) }))),
});

/** By name in what is recorded, by number in what an SDK declares: both are read. */
const errorCode = z.union([z.int(), z.string().check(z.regex(/^[A-Za-z0-9]{1,80}$/, 'the name of an error'))]);

export const bulkSchema = z.looseObject({
  isSuccessful: z.boolean(),
  errors: z.optional(
    z.nullable(
      z.array(
        z.looseObject({
          deviceId: id,
          moduleId: z.optional(z.nullable(z.string().check(z.maxLength(128)))),
          errorCode,
        }),
      ),
    ),
  ),
  warnings: z.optional(
    z.nullable(
      z.array(
        z.looseObject({
          deviceId: id,
          warningCode: z.optional(z.nullable(z.union([z.int(), z.string().check(z.maxLength(80))]))),
        }),
      ),
    ),
  ),
});

export type HubIdentity = z.output<typeof identitySchema>;
export type HubBulk = z.output<typeof bulkSchema>;
