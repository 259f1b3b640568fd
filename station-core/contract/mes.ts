import * as z from 'zod/mini';
import type { ErrorData } from './errors.ts';

// Keys of factory systems, and webhooks, as people see them. A key itself is told once, to whoever has it made.

/** What a key lets its holder do: read results, write orders, read metrics. */
export const keyScopes = ['results', 'orders', 'metrics'] as const;
export type KeyScope = (typeof keyScopes)[number];

const wordOf = (what: string) =>
  z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, `the name of a ${what}: lower-case letters, digits, dots, dashes`));

const keyName = wordOf('key');
export const webhookName = wordOf('webhook');

export const addKeySchema = z.strictObject({
  name: keyName,
  scopes: z.array(z.enum(keyScopes)).check(
    z.minLength(1),
    z.maxLength(keyScopes.length),
    z.refine((scopes) => new Set(scopes).size === scopes.length, 'every scope once'),
  ),
});
export const whichKey = z.strictObject({ name: keyName });
export const whichWebhook = z.strictObject({ webhook: webhookName });
export const whichMessage = z.strictObject({ message: z.int().check(z.gte(1)) });

export type MesKeyView = {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly madeAt: string;
  readonly revokedAt: string | null;
};

export type WebhookView = {
  readonly name: string;
  /** Whether station.json still has it; what waits for one that it has no more waits for good. */
  readonly configured: boolean;
  readonly queued: number;
  readonly parked: number;
  /** Why it is left alone, and until when, ISO 8601. */
  readonly held: { readonly reason: ErrorData; readonly until: string } | null;
};

/** A message that its receiver refused again and again: it waits for a person, and later ones of its unit wait behind it. */
export type ParkedMessage = {
  readonly message: number;
  readonly webhook: string;
  readonly result: number;
  readonly attempts: number;
  readonly reason: ErrorData;
};

export type MesLook = {
  /** Where factory systems ask, where station.json says so. */
  readonly server: { readonly host: string; readonly port: number; readonly tls: boolean } | null;
  readonly keys: readonly MesKeyView[];
  readonly webhooks: readonly WebhookView[];
  /** The oldest hundred. */
  readonly parked: readonly ParkedMessage[];
};
