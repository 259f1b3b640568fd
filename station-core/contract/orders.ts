import * as z from 'zod/mini';
import type { UnitInput } from './api.ts';
import type { ErrorData } from './errors.ts';
import type { Order } from './record.ts';
import type { Outcome } from './run.ts';
import { isTime } from './time.ts';

// Orders as a screen shows them: files read before anything is made of them, figures of a shift, units, and what waits for a person.

const orderName = z.string().check(z.minLength(1), z.maxLength(80));
const serial = z.string().check(z.minLength(1), z.maxLength(128));
const fileName = z.string().check(z.minLength(1), z.maxLength(256));
const time = z
  .string()
  .check(
    z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/, 'a time like 2026-11-27T14:30:00Z'),
    z.refine(isTime, 'a time that there is'),
  );
const pageLength = z._default(z.int().check(z.gte(1), z.lte(500)), 100);
const after = z.exactOptional(z.int().check(z.gte(0)));

/** The most characters of an order file. */
export const longestOrderFile = 10 * 1024 * 1024;
const orderText = z.string().check(z.maxLength(longestOrderFile));

/** A recipe that the station has, by the SHA-256 of its canonical bytes, or one in a file: its JSON. */
const whichRecipe = z.union([
  z.strictObject({ hash: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower-case hex')) }),
  z.strictObject({ file: fileName, text: z.string().check(z.maxLength(262_144)) }),
]);
export type WhichRecipe = z.output<typeof whichRecipe>;

export const previewSchema = z.strictObject({ file: fileName, text: orderText, recipe: whichRecipe });
export const importOrderSchema = z.extend(previewSchema, {
  name: orderName,
  /** How many of its units may be made; all, when left out. */
  quantity: z.exactOptional(z.int().check(z.gte(1))),
});

/** What an order file may break; `details` of a problem say with what. The station has the sentences for terminals, screens have their own. */
export const fileRules = [
  'header',
  'column-known',
  'column-once',
  'column-name',
  'some-unit',
  'most-units',
  'range-length',
  'utf8',
  'text',
  'csv',
  'cells',
  'serial-length',
  'mac-form',
  'fact-length',
  'range-cells',
  'range-digits',
  'range-alike',
  'range-ascending',
  'mac-once',
  'id-once',
  'id-form',
  'template',
  'mac-free',
  'id-free',
] as const;
export type FileRule = (typeof fileRules)[number];

/** What is wrong in an order file, and where: lines and columns count from 1, as editors do. */
export type FileProblem = {
  readonly line: number;
  /** A column's name, or its number where it has none. */
  readonly column: string;
  readonly rule: FileRule;
  readonly details: { readonly [name: string]: string | number };
  readonly expected: string;
  readonly found: string;
};

/** What an order file would make. Nothing is made when there is a problem. */
export type OrderPreview = {
  readonly recipe: { readonly name: string; readonly version: number; readonly hash: string };
  readonly units: number;
  /** The first twenty, as the file has them. */
  readonly first: readonly UnitInput[];
  /** The first hundred. */
  readonly problems: readonly FileProblem[];
  /** How many there are beyond these. */
  readonly moreProblems: number;
};

/** The longest time that figures are made of. */
export const longestFiguresMs = 24 * 3_600_000;
/** A bar of the chart. */
export const bucketMs = 15 * 60_000;

export const figuresSchema = z.strictObject({
  /** Of this order alone; of the whole station, when left out. */
  order: z.exactOptional(orderName),
  /** Eight hours before `to`, when left out. */
  from: z.exactOptional(time),
  /** Now, when left out. */
  to: z.exactOptional(time),
});

/** By nearest rank, so that each was measured. Milliseconds. */
export type Spread = { readonly median: number; readonly p95: number };

/** Counts of the runs that closed in a time. */
export type Figures = {
  readonly runs: number;
  /** Units that were finished, by a run or by a certificate for their CSR. */
  readonly finished: number;
  /** Units with a run, and those of them that passed. */
  readonly units: number;
  readonly passed: number;
  /** Units with their first run, and those of them that passed in it. */
  readonly first: number;
  readonly firstPassed: number;
  /** From one pass to the next; none before there were two. */
  readonly takt: Spread | null;
  /** From scan to verdict, of runs that passed. */
  readonly run: Spread | null;
};

export type Bucket = Figures & { readonly from: string };
export type Failure = { readonly outcome: Exclude<Outcome, 'passed'>; readonly code: string; readonly runs: number };

export type OrderFigures = {
  readonly from: string;
  readonly to: string;
  /** The order asked for, and how many units it may still make. */
  readonly order: (Order & { readonly remaining: number }) | null;
  readonly total: Figures;
  /** Quarters of an hour, without a gap. */
  readonly buckets: readonly Bucket[];
  /** Runs that did not pass, the most frequent cause first. */
  readonly failures: readonly Failure[];
};

export const quarantineSchema = z.strictObject({ order: z.exactOptional(orderName), after, limit: pageLength });
export const parkedUnitsSchema = quarantineSchema;
export const unitStates = ['waiting', 'finished', 'quarantined'] as const;
export const unitsSchema = z.strictObject({
  order: orderName,
  state: z.exactOptional(z.enum(unitStates)),
  after,
  limit: pageLength,
});
export const findUnitsSchema = z.strictObject({ order: orderName, prefix: serial });
export const whichOrder = z.strictObject({ order: orderName });

/** A page of a list; `next` asks for what comes after it, null at the end. */
export type Page<T> = { readonly rows: readonly T[]; readonly next: number | null };

export type ListedUnit = {
  readonly unit: number;
  readonly serial: string;
  /** None before it follows from the unit's endorsement key. */
  readonly registrationId: string | null;
  readonly state: (typeof unitStates)[number];
  readonly finishedAt: string | null;
  readonly scrappedAt: string | null;
  /** Its newest run, none before it was scanned; no outcome while it goes on. */
  readonly last: {
    readonly run: number;
    readonly lane: number;
    readonly at: string;
    readonly outcome: Outcome | null;
  } | null;
};

/** What gets a unit out of quarantine: its next run, a lead who looks at it, or first its order open again. */
export type QuarantineAdvice = 'scan-again' | 'call-lead' | 'reopen-order';

/** A unit of which nobody knows whether it took its credential: it may not ship before a run passes. */
export type QuarantinedUnit = {
  readonly unit: number;
  readonly serial: string;
  readonly order: string;
  readonly run: number;
  readonly lane: number;
  readonly at: string;
  readonly error: ErrorData | null;
  /** Its runs that have ended since, none of which passed. */
  readonly tries: number;
  readonly advice: QuarantineAdvice;
};

/** A finished unit whose upload waits for a person. */
export type ParkedUnit = {
  readonly row: number;
  readonly serial: string;
  readonly order: string;
  readonly registrationId: string;
  readonly target: string;
  readonly reason: ErrorData;
};
