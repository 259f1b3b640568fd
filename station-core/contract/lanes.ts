import * as z from 'zod/mini';

// Calls about lanes and what is scanned for them.

/** How a serial came, as the client that took it says; none is as good as typed. */
const how = z.exactOptional(z.enum(['scanned', 'typed']));
export const laneNumber = z.int().check(z.gte(1), z.lte(64));

/** A unit for a lane: its label, the order where the label alone does not say, and how the label came. */
export const scanSchema = z.strictObject({
  lane: laneNumber,
  serial: z.string().check(z.minLength(1), z.maxLength(128)),
  order: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(80))),
  how,
});

/** What arming came to: a run, where the unit is plugged in already, or until when the lane waits for it, ISO 8601. */
export type ArmedLane = { readonly run: number } | { readonly until: string };
