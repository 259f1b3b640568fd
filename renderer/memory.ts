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

/** Storage is slow, and the station tells again what a count of a second ago lacks. */
const writeEveryMs = 1_000;

/** Kept in this tab alone, until the tab closes. */
export class Memory {
  readonly #storage: Storage;
  /** What is kept next, while it waits for that. */
  #next: Remembered | undefined;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Reads what was kept. Anything else that stands there counts as nothing: then somebody signs in again. */
  read(): Remembered | undefined {
    if (this.#next) return this.#next;
    const text = this.#storage.getItem(place);
    if (text === null) return undefined;
    const parsed = z.safeParse(rememberedSchema, jsonOf(text));
    return parsed.success ? parsed.data : undefined;
  }

  /** Keeps it. */
  keep(what: Remembered): void {
    this.#next = undefined;
    this.#storage.setItem(place, JSON.stringify(what));
  }

  /** Keeps it, or what is newer, within a second. */
  keepSoon(what: Remembered): void {
    if (!this.#next) setTimeout(() => this.#next && this.keep(this.#next), writeEveryMs);
    this.#next = what;
  }

  /** Forgets it, as at a sign-out. */
  forget(): void {
    this.#next = undefined;
    this.#storage.removeItem(place);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not ours; the schema refuses it
  }
}
