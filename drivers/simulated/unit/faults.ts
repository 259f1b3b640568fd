// What may go wrong between a station and a simulated unit, as data: JSON in, so that a test, a script and a person at
// the practice line say it in the same way. README.md of this folder's parent lists it.
import * as z from 'zod/mini';
import { parse } from '../../../station-core/contract/parse.ts';

const chance = z._default(z.number().check(z.gte(0), z.lte(1)), 0);

/** How likely each fault is. One piece suffers one fault at most, so the chances add up to 1 at most. */
const chances = {
  drop: chance,
  double: chance,
  /** One bit of it is turned over. */
  flip: chance,
  /** It comes right behind the piece that follows it. */
  reorder: chance,
  /** It comes `delayMs` later; what follows overtakes it. */
  delay: chance,
  delayMs: z._default(z.int().check(z.gte(1), z.lte(60_000)), 50),
};
const faultKinds = ['drop', 'double', 'flip', 'reorder', 'delay'] as const;
export type FaultKind = (typeof faultKinds)[number];
type Chances = Readonly<Record<FaultKind, number>>;

const addUp = (given: Chances): boolean => faultKinds.reduce((sum, kind) => sum + given[kind], 0) <= 1 + 1e-9;
const most = 'chances that add up to at most 1';

const wireSchema = z.strictObject({
  /** Faults of whole frames. */
  frames: z.exactOptional(z.strictObject(chances).check(z.refine(addUp, most))),
  /** Faults of runs of bytes, 1 to `longest` long, wherever frames begin and end; they come after the frames' faults. */
  bytes: z.exactOptional(
    z
      .strictObject({ ...chances, longest: z._default(z.int().check(z.gte(1), z.lte(4_096)), 16) })
      .check(z.refine(addUp, most)),
  ),
});

const powerSchema = z.strictObject({
  /** The power is gone once this many bytes were received, sent, or written into the unit's memory. */
  cutAfter: z.int().check(z.gte(1), z.lte(1_000_000_000)),
  of: z.enum(['received', 'sent', 'written']),
  restart: z._default(z.enum(['at-once', 'next-link']), 'at-once'),
});

const faultPlanSchema = z.strictObject({
  /** The same seed and the same bytes give the same faults. */
  seed: z._default(z.int().check(z.gte(0), z.lte(0xffff_ffff)), 0),
  toUnit: z.exactOptional(wireSchema),
  toStation: z.exactOptional(wireSchema),
  /** Bytes arrive no faster than this, ten bits each. */
  baud: z.exactOptional(z.int().check(z.gte(300), z.lte(3_000_000))),
  /** One power cut; the unit starts again from its memory. */
  power: z.exactOptional(powerSchema),
});

export type WireFaults = z.output<typeof wireSchema>;
export type PieceFaults = Chances & { readonly delayMs: number };
export type PowerFault = z.output<typeof powerSchema>;
export type FaultPlan = z.output<typeof faultPlanSchema>;
/** A plan as it is written down: what is left out does not happen. */
export type FaultPlanJson = z.input<typeof faultPlanSchema>;

/** Nothing goes wrong. */
export const noFaults: FaultPlan = { seed: 0 };

/** Reads a plan. Throws `input.invalid`, which names the place (`faults.toUnit.frames.drop`) and what was expected. */
export const readFaultPlan = (plan: unknown): FaultPlan => parse(faultPlanSchema, plan, 'faults');

/** Which fault a draw from 0 up to 1 stands for, if any. */
export function faultOf(chances: Chances, draw: number): FaultKind | undefined {
  let upTo = 0;
  for (const kind of faultKinds) {
    upTo += chances[kind];
    if (draw < upTo) return kind;
  }
  return undefined;
}
