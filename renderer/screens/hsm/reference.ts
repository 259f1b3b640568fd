import * as z from 'zod/mini';

// The reference of an unwrapping key: what `birthmark key unwrapping` writes, and what this page saves.

const referenceSchema = z.strictObject({
  label: z.string().check(z.minLength(1), z.maxLength(64)),
  id: z.string().check(z.maxLength(64)),
  publicKey: z.string().check(z.maxLength(2_048)),
});
export type Reference = z.output<typeof referenceSchema>;

export const referenceText = ({ label, id, publicKey }: Reference): string =>
  `${JSON.stringify({ label, id, publicKey }, null, 2)}\n`;

/** Reads one; nothing for what is none. */
export function readReference(text: string): Reference | undefined {
  const parsed = z.safeParse(referenceSchema, jsonOf(text));
  return parsed.success ? parsed.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}
