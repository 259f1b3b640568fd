import * as z from 'zod/mini';

/** What an export is written as; a file of each name in audit/export/. */
export const exportKinds = ['jsonl', 'csv', 'tiles'] as const;
export type ExportKind = (typeof exportKinds)[number];

const time = z
  .string()
  .check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'a time like 2026-11-20T21:59:00.000Z'));

/** What is asked for. A unit is named by its serial here, and by the commitment to it in the export. */
export const exportSchema = z.strictObject({
  kind: z.enum(exportKinds),
  /** Entries written at this time or later. */
  from: z.exactOptional(time),
  /** Entries written before this time. */
  to: z.exactOptional(time),
  order: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(80))),
  unit: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(128))),
});
export type ExportRequest = z.output<typeof exportSchema>;

/** As the manifest and the log have it: no clear value stands in it. */
export type ExportFilter = {
  readonly from?: string;
  readonly to?: string;
  readonly order?: string;
  /** The commitment to the unit's serial. */
  readonly unit?: string;
};

/** Something that the station found wrong with its log while it read it. */
export type ExportProblem = { readonly what: string; readonly where: string };
