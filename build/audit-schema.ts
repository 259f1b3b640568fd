// `node build/audit-schema.ts`: writes docs/audit-schema.json, what an entry of the audit trail is, as JSON Schema (draft 2020-12), from
// the schemas that the station's own tests hold its entries against. A test says when the file is older than they are.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { auditActions } from '../station-core/contract/audit-actions.ts';
import { entrySchema } from '../station-core/contract/audit-entry.ts';

export const schemaFile = join(import.meta.dirname, '..', 'docs', 'audit-schema.json');

/** The members of every entry, and for each action what its details are. */
export function auditSchema(): string {
  const { $schema, ...entry } = z.toJSONSchema(entrySchema);
  const details = Object.entries(auditActions).map(([action, schema]) => [action, detailsOf(schema)] as const);
  const rules = details.map(([action, { required = [] }]) => ({
    if: { properties: { action: { const: action } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
    then: {
      properties: { details: { $ref: `#/$defs/${action}` } },
      ...(required.length > 0 ? { required: ['details'] } : {}),
    },
  }));
  const about = {
    $schema,
    title: 'An entry of the audit trail, version 1',
    description:
      'RFC 8785 JSON, at most 65,535 bytes of UTF-8; docs/audit.md says how entries are bound to each other.',
  };
  const whole = { ...about, ...entry, allOf: rules, $defs: Object.fromEntries(details) };
  return `${JSON.stringify(whole, null, 1)}\n`;
}

function detailsOf(schema: z.core.$ZodType): { readonly required?: readonly string[] } {
  const { $schema: _, ...rest } = z.toJSONSchema(schema);
  return rest;
}

if (process.argv[1] === import.meta.filename) writeFileSync(schemaFile, auditSchema());
