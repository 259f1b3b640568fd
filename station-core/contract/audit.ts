import * as z from 'zod/mini';
import { askedTime } from './time.ts';

/** What an export is written as; a file of each name in audit/export/. */
export const exportKinds = ['jsonl', 'csv', 'pdf', 'unit', 'tiles'] as const;
export type ExportKind = (typeof exportKinds)[number];

/** What is asked for. A unit is named by its serial here, and by the commitment to it in the export. */
export const exportSchema = z.strictObject({
  format: z.enum(exportKinds),
  /** Entries written at this time or later. */
  from: z.exactOptional(askedTime),
  /** Entries written before this time. */
  to: z.exactOptional(askedTime),
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

/** An export that was made. */
export type ExportView = {
  /** Its folder's name, in the folder `exports` of the station's. */
  readonly folder: string;
  /** SHA-256 of manifest.json in hex. */
  readonly manifest: string;
  /** How many entries it holds or speaks of. */
  readonly entries: number;
  /** How many entries the log had, and how many of them the newest head of the export covers. */
  readonly size: number;
  readonly sealed: number;
  /** The first hundred things that are wrong with the log. */
  readonly problems: readonly ExportProblem[];
  /** The entry that names the export. */
  readonly entry: number;
  /** Whether a head was signed over that entry, so that the export proves itself. */
  readonly proven: boolean;
};
