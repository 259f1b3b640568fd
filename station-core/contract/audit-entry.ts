import * as z from 'zod/mini';
import { type AuditAction, auditActions } from './audit-actions.ts';
import * as is from './audit-values.ts';
import { parse } from './parse.ts';
import { roles } from './record.ts';

/** The most bytes of an entry: what fits a C2SP tlog-tiles entry bundle, which counts them in 16 bits. */
export const longestEntry = 65_535;

const { text, count } = is;
const maybe = z.exactOptional;

/** Version 1 of an entry, to its last member. `details` is narrower for each action: auditActions. */
export const entrySchema = z.strictObject({
  v: z.literal(1),
  seq: count,
  /** The leaf hash of the entry before. */
  prev: is.base64Hash,
  at: is.time,
  /** Milliseconds since the start of the program that `boot` names. */
  mono: count,
  boot: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
  clock: z.enum(['synchronised', 'unsynchronised', 'unknown']),
  station: text,
  origin: text,
  software: text,
  /** SHA-256 of the configuration in hex. */
  config: text,
  /** Where the station stands, where its configuration says so (F-180). */
  place: maybe(z.strictObject({ line: maybe(text), room: maybe(text) })),
  action: z.enum(Object.keys(auditActions) as [AuditAction, ...AuditAction[]]),
  result: z.enum(['ok', 'refused', 'failed']),
  /** The error's code. */
  reason: maybe(text),
  actor: maybe(is.person),
  role: maybe(z.enum(roles)),
  approver: maybe(is.person),
  lane: maybe(count),
  order: maybe(text),
  run: maybe(count),
  unit: maybe(
    z.strictObject({
      serial: is.commitment,
      registrationId: maybe(is.commitment),
      mac: maybe(is.commitment),
    }),
  ),
  key: maybe(z.strictObject({ label: text, hsm: text, checkValue: text })),
  details: maybe(z.record(text, z.json())),
});

export type AuditEntry = z.output<typeof entrySchema>;

/** Reads an entry as the schema has it, details too. Throws `input.invalid` with the place of what is otherwise. */
export function readEntry(value: unknown): AuditEntry {
  const entry = parse(entrySchema, value, 'entry');
  parse(auditActions[entry.action], entry.details ?? {}, `entry ${entry.seq}, ${entry.action}, details`);
  return entry;
}
