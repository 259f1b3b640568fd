import * as z from 'zod/mini';

// What a recipe asks of a unit that leaves, and how such a question comes out.

/** A unit may lie in a warehouse for a year before somebody switches it on. */
export const warehouseDays = 365;

export const packingSchema = z.strictObject({
  /** How long its certificate must still be good, in days; `warehouseDays` when left out. */
  remainingDays: z.exactOptional(z.int().check(z.gte(1), z.lte(36_500))),
  /** Whether the cloud must have said that it knows the unit, or its group. */
  receipt: z.exactOptional(z.boolean()),
  /** Whether its label must be scanned when it is packed. */
  scan: z.exactOptional(z.boolean()),
});
export type Packing = z.output<typeof packingSchema>;

export const packingChecks = ['key', 'validity', 'receipt', 'cloud', 'label'] as const;
/**
 * `key`: a unit with a TPM has its endorsement key on record. `validity`: its certificate is good for long enough. `receipt`: the
 * cloud knows it. `cloud`: nobody took it out of the cloud or disabled it. `label`: the label that was scanned is its own.
 */
export type PackingCheck = (typeof packingChecks)[number];

/** A check that a unit's recipe asks for. `label` holds when there is a scan: until then nobody knows. */
export type PackingResult = { readonly check: PackingCheck; readonly holds: boolean };
