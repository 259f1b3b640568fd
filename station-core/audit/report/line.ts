import * as z from 'zod/mini';

// What a report reads of an entry. A log may be damaged: what has not this shape is counted and not guessed at.

const short = z.string().check(z.maxLength(512));

const lineSchema = z.object({
  at: short,
  clock: short,
  station: short,
  origin: short,
  software: short,
  config: short,
  action: short,
  result: z.enum(['ok', 'refused', 'failed']),
  reason: z.optional(short),
  actor: z.optional(short),
  role: z.optional(short),
  approver: z.optional(short),
  lane: z.optional(z.number()),
  order: z.optional(short),
  run: z.optional(z.number()),
  unit: z.optional(z.object({ serial: short, registrationId: z.optional(short), mac: z.optional(short) })),
  key: z.optional(z.object({ label: short, hsm: short, checkValue: short })),
  details: z.optional(z.record(z.string(), z.unknown())),
});

/** An entry as a report reads it, with its number. */
export type Line = z.output<typeof lineSchema> & { readonly seq: number };

/** The line of an entry's members, or none where they are not what an entry has. */
export function lineOf(seq: number, members: { readonly [name: string]: unknown } | undefined): Line | undefined {
  const parsed = lineSchema.safeParse(members);
  return parsed.success ? { seq, ...parsed.data } : undefined;
}

/** A detail that is a text; nothing where it is missing or something else. */
export function said(line: Line, name: string): string | undefined {
  const found = line.details?.[name];
  return typeof found === 'string' ? found : undefined;
}
