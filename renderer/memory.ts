import * as z from 'zod/mini';
import { languages } from '../station-core/contract/people.ts';

const whole = z.int().check(z.gte(0));

/** What this page keeps over a reload: who is signed in, and how the units of the session fared. */
const rememberedSchema = z.strictObject({
  session: z.string(),
  name: z.string(),
  role: z.enum(['technician', 'lead', 'security-officer', 'auditor']),
  language: z.exactOptional(z.enum(languages)),
  tally: z.optional(z.strictObject({ n: whole, passed: whole, failed: whole, other: whole })),
});

export type Remembered = z.output<typeof rememberedSchema>;

const place = 'birthmark.session';

/** Reads what was kept. Anything else that stands there counts as nothing: then somebody signs in again. */
export function remembered(storage: Storage): Remembered | undefined {
  const text = storage.getItem(place);
  if (text === null) return undefined;
  const parsed = z.safeParse(rememberedSchema, jsonOf(text));
  return parsed.success ? parsed.data : undefined;
}

/** Keeps it in this tab alone, until the tab closes. */
export function remember(storage: Storage, what: Remembered): void {
  storage.setItem(place, JSON.stringify(what));
}

/** Forgets it, as at a sign-out. */
export function forget(storage: Storage): void {
  storage.removeItem(place);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not ours; the schema refuses it
  }
}
