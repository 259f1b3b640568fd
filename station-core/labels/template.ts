import * as z from 'zod/mini';
import { labelName } from '../contract/label.ts';

// Templates as `station.json` has them. All lengths are millimetres; places are those of the upper left corner.

const place = z.number().check(z.gte(0), z.lte(500));
const length = z.number().check(z.gt(0), z.lte(500));
/** The narrowest bar, or one square: what scanners have to tell apart. */
const module = z.number().check(z.gte(0.08), z.lte(2));
/** Literals, and words in braces that stand for what the unit's record says (values.ts). */
const value = z.string().check(z.minLength(1), z.maxLength(256));
const at = { x: place, y: place } as const;

export const qrLevels = ['L', 'M', 'Q', 'H'] as const;

const elementSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), ...at, height: length, value }),
  z.strictObject({ kind: z.literal('qr'), ...at, module, level: z._default(z.enum(qrLevels), 'M'), value }),
  z.strictObject({ kind: z.literal('data-matrix'), ...at, module, value }),
  z.strictObject({ kind: z.literal('code-128'), ...at, module, height: length, value }),
  z.strictObject({ kind: z.literal('box'), ...at, width: length, height: length, line: length }),
]);
export type LabelElement = z.output<typeof elementSchema>;

export const templateSchema = z.strictObject({
  width: length,
  height: length,
  elements: z.array(elementSchema).check(z.minLength(1), z.maxLength(64)),
});
export type Template = z.output<typeof templateSchema>;

export const templatesSchema = z.record(labelName, templateSchema);
