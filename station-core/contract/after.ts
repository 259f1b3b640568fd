import * as z from 'zod/mini';
import type { Method } from './api.ts';
import type { PackingResult } from './packing.ts';

// What becomes of a unit after its verdict: looked at, released, made once more, shipped; and which have come to no end.

const orderName = z.string().check(z.minLength(1), z.maxLength(80));
const text = z.string().check(z.minLength(1), z.maxLength(128));

/** By its serial or its registration ID, as a label says it. */
export const lookUnitSchema = z.strictObject({ text });
export const whichOne = z.strictObject({ serial: text, order: z.exactOptional(orderName) });
export const releaseUnitSchema = z.extend(whichOne, {
  /** Stands in the audit trail for good: no names in it. */
  reason: z.string().check(z.minLength(1), z.maxLength(200)),
});
export const shipSchema = z.extend(whichOne, {
  /** What was read from the label of the unit that is being packed. */
  scanned: z.exactOptional(text),
});
export const openUnitsSchema = z.strictObject({
  after: z.exactOptional(z.int().check(z.gte(0))),
  limit: z._default(z.int().check(z.gte(1), z.lte(500)), 100),
});
export const firstArticleSchema = z.strictObject({
  recipe: z.string().check(z.regex(/^[0-9a-f]{64}$/, "a recipe's hash: SHA-256 in hex")),
});

export const standings = ['waiting', 'finished', 'quarantined', 'shipped', 'scrapped'] as const;
/** Where a unit stands on the line, and after it. */
export type Standing = (typeof standings)[number];

/** How a credential ended; exactly one of them, at last, for each (F-214). */
export const credentialEnds = ['shipped', 'void', 're-issued'] as const;
export type CredentialEnd = (typeof credentialEnds)[number];

/** Calls that may be made of a unit as it stands; who may make them stands in roles.ts. */
export type UnitAct = Extract<Method, 'unit.release' | 'unit.rework' | 'unit.replace' | 'unit.scrap' | 'unit.ship'>;

export type UnitLook = {
  readonly serial: string;
  readonly order: string;
  readonly recipe: string;
  readonly standing: Standing;
  /** Since when it is finished, shipped or scrapped. */
  readonly at?: string;
  readonly registrationId?: string;
  /** Its newest credential, none before it was made; `open` until it came to an end. */
  readonly credential?: { readonly operation: string; readonly end: CredentialEnd | 'open' };
  /** What is asked of it before it ships; empty unless it is finished. */
  readonly packing: readonly PackingResult[];
  /** Its next run brings another credential in the place of the one that it has. */
  readonly replacing: boolean;
  readonly may: readonly UnitAct[];
};

/** A unit with a credential that was neither shipped, nor made void, nor re-issued. */
export type OpenUnit = {
  readonly unit: number;
  readonly serial: string;
  readonly order: string;
  readonly standing: Standing;
  /** When its credential was made. */
  readonly since: string;
};

/** The first unit of a recipe's version, which a lead looks at before others are made. */
export type FirstArticle = {
  readonly serial: string;
  readonly order: string;
  readonly passedAt: string;
  /** Null while it waits for a lead. */
  readonly approvedAt: string | null;
};
