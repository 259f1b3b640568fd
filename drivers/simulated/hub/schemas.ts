import * as z from 'zod/mini';
import { fromBase64 } from '../dps/encoding.ts';
import { HubError } from './errors.ts';

/** 1 to 128 of these (dps-reference 6). */
const ID = /^[A-Za-z0-9\-:.+%_#*?!(),=@;$']{1,128}$/;

const says = (text: string) => ({ error: text });
const object = z.record(z.string(), z.unknown());

/** An empty key is one that the hub makes. */
const key = z._default(
  z.nullable(
    z.string().check(
      z.refine((text) => {
        const bytes = fromBase64(text);
        return text === '' || (bytes !== undefined && bytes.length >= 16 && bytes.length <= 64);
      }, says('expected base64 of 16 to 64 bytes')),
    ),
  ),
  null,
);
const thumbprint = z._default(
  z.nullable(z.string().check(z.regex(/^([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/, says('expected 40 or 64 hex digits')))),
  null,
);

const Keys = z.strictObject({ primaryKey: key, secondaryKey: key });
const Thumbprints = z.strictObject({ primaryThumbprint: thumbprint, secondaryThumbprint: thumbprint });

export const AuthenticationSchema = z.strictObject({
  type: z._default(z.nullable(z.enum(['sas', 'selfSigned', 'certificateAuthority'])), null),
  symmetricKey: z.optional(z.nullable(Keys)),
  x509Thumbprint: z.optional(z.nullable(Thumbprints)),
});
export type AuthenticationInput = z.infer<typeof AuthenticationSchema>;

const status = z._default(z.enum(['enabled', 'disabled']), 'enabled');
const statusReason = z._default(z.nullable(z.string().check(z.maxLength(128))), null);
const capabilities = z.optional(z.nullable(z.strictObject({ iotEdge: z._default(z.boolean(), false) })));
const authentication = z.optional(z.nullable(AuthenticationSchema));

/** An identity as PUT takes it. What only the hub writes, and what it does not know, is passed over. */
export const IdentitySchema = z.object({
  deviceId: z.string().check(z.regex(ID, says('expected a device ID of 1 to 128 characters'))),
  moduleId: z.optional(z.string().check(z.regex(ID, says('expected a module ID of 1 to 128 characters')))),
  managedBy: z.optional(z.nullable(z.string().check(z.maxLength(128)))),
  status,
  statusReason,
  authentication,
  capabilities,
});

export const importModes = [
  'createOrUpdate',
  'create',
  'update',
  'updateIfMatchETag',
  'createOrUpdateIfMatchETag',
  'delete',
  'deleteIfMatchETag',
] as const;

/** An item of a bulk call (ExportImportDevice). */
export const ItemSchema = z.strictObject({
  id: z.string().check(z.regex(ID, says('expected a device ID of 1 to 128 characters'))),
  moduleId: z.optional(z.string().check(z.regex(ID, says('expected a module ID of 1 to 128 characters')))),
  eTag: z.optional(z.string()),
  importMode: z._default(z.enum(importModes), 'createOrUpdate'),
  status,
  statusReason,
  authentication,
  capabilities,
  twinETag: z.optional(z.string()),
  tags: z._default(object, {}),
  properties: z.optional(z.strictObject({ desired: z._default(object, {}), reported: z.optional(object) })),
  deviceScope: z.optional(z.string()),
  parentScopes: z.optional(z.array(z.string())),
  managedBy: z.optional(z.string()),
});
export type Item = z.infer<typeof ItemSchema>;

export const QuerySchema = z.object({
  query: z.string().check(z.regex(/^\s*select\s+\*\s+from\s+devices\s*$/i, says('expected SELECT * FROM devices'))),
});

/** Reads a value by a schema; what does not fit is refused with the name of the member and what was expected. */
export function parsed<S extends z.ZodMiniType>(schema: S, value: unknown): z.infer<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = issue?.path.map(String).join('.') || 'body';
  throw new HubError('ArgumentInvalid', `${place}: ${issue?.message ?? 'not as expected'}`);
}

// Twins (dps-reference 10.4): tags 8 KB, desired properties 32 KB, ten levels, no control characters, dot, dollar or space in a key.
const limits = { tags: 8 * 1024, desired: 32 * 1024 } as const;

/** Refuses tags or desired properties that no twin may have. */
export function checkTwin(part: keyof typeof limits, value: object): void {
  if (Buffer.byteLength(JSON.stringify(value)) > limits[part]) {
    throw new HubError('ArgumentInvalid', `${part}: expected at most ${limits[part]} bytes`);
  }
  checkKeys(part, value, 1);
}

function checkKeys(part: string, value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > 10) throw new HubError('ArgumentInvalid', `${part}: expected at most ten levels`);
  for (const [name, member] of Object.entries(value)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
    if (/[\u0000-\u001f.$ ]/.test(name))
      throw new HubError('ArgumentInvalid', `${part}: a key has a forbidden character`);
    checkKeys(part, member, depth + 1);
  }
}
