import * as z from 'zod/mini';
import { labelFormats, labelName } from '../contract/label.ts';
import { laneNumber } from '../contract/lanes.ts';
import { path } from '../contract/station-file.ts';
import { templatesSchema } from './template.ts';

// The part `labels` of `station.json`: templates and printers.

/** Whose labels it prints: all that no other printer has, when left out; an empty list for one that only recipes and people name. */
const lanes = z.exactOptional(z.array(laneNumber).check(z.maxLength(64)));
/** 152, 203, 300 and 600 dots an inch: what heads of label printers have. */
const dpmm = z._default(z.union([z.literal(6), z.literal(8), z.literal(12), z.literal(24)]), 8);

const printerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tcp'),
    host: z.string().check(z.regex(/^[A-Za-z0-9.:-]{1,253}$/, 'a host name or address')),
    port: z._default(z.int().check(z.gte(1), z.lte(65_535)), 9_100),
    /** Whether it answers ~HS; where it does not, a label counts as printed once it was sent. */
    status: z._default(z.boolean(), true),
    dpmm,
    lanes,
  }),
  z.strictObject({
    kind: z.literal('serial'),
    path,
    baud: z._default(z.int().check(z.gte(9_600), z.lte(3_000_000)), 9_600),
    status: z._default(z.boolean(), true),
    dpmm,
    lanes,
  }),
  z.strictObject({ kind: z.literal('folder'), path, format: z._default(z.enum(labelFormats), 'zpl'), dpmm, lanes }),
]);

export const labelsSchema = z.strictObject({
  templates: templatesSchema,
  printers: z
    .record(labelName, printerSchema)
    .check(z.refine(isOnceEach, 'every lane with one printer, and one printer at most without lanes')),
});
export type LabelsConfig = z.output<typeof labelsSchema>;

function isOnceEach(printers: { readonly [name: string]: { readonly lanes?: readonly number[] } }): boolean {
  const all = Object.values(printers);
  const bound = all.flatMap((printer) => printer.lanes ?? []);
  return new Set(bound).size === bound.length && all.filter((printer) => !printer.lanes).length <= 1;
}
