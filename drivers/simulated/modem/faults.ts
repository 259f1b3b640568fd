import * as z from 'zod/mini';

/** Where the power of a module goes: before its memory has an entry, or once it changed, and before it answers. */
export const acts = ['key-made', 'writing', 'written', 'forgotten'] as const;
export type Act = (typeof acts)[number];

const command = z.string().check(z.regex(/^[+%A-Z0-9]{1,16}$/));

/** What may go wrong with a module; what is left out does not happen. */
const faultSchema = z.strictObject({
  /** Commands that it hears nothing of, since it is still booting. */
  deaf: z._default(z.int().check(z.gte(0), z.lte(1_000)), 0),
  /** Whether it speaks unasked between the lines of its answers. */
  unasked: z._default(z.boolean(), false),
  /** Whether it lists fillers instead of digests, as firmware before 1.3 does. */
  fillers: z._default(z.boolean(), false),
  diesAt: z.exactOptional(z.enum(acts)),
  /** Commands, by their names, whose answer is lost, or damaged in one character; each name stands for one time. */
  loses: z._default(z.array(command), []),
  damages: z._default(z.array(command), []),
  /** Commands of which a character is lost on the way to it. */
  mishears: z._default(z.array(command), []),
});
export type ModemFaults = z.output<typeof faultSchema>;

/** Throws zod's error for a plan that is none. */
export const readModemFaults = (json: unknown): ModemFaults => faultSchema.parse(json);
