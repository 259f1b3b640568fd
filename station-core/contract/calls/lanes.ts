import * as z from 'zod/mini';
import {
  type AskedLabel,
  type LabelFile,
  type LabelsView,
  labelFileSchema,
  previewLabelSchema,
  reprintSchema,
  testLabelSchema,
} from '../label.ts';
import { type ArmedLane, laneNumber as lane, scanSchema } from '../lanes.ts';
import { type PrintedRun, whichOutput } from '../programmer.ts';
import type { Run } from '../run.ts';
import { call, id, none } from './call.ts';

/** Calls about lanes, runs and labels. */
export const lanesCalls = {
  'run.start': call<{ run: number }>()(scanSchema),
  'run.abort': call<null>()(z.strictObject({ run: id })),
  'run.show': call<Run>()(z.strictObject({ run: id })),
  /** A run, and what an external programmer printed during it. */
  'run.output': call<PrintedRun>()(whichOutput),
  /** A lane that stopped since two units claim to be one goes on. */
  'lane.release': call<null>()(z.strictObject({ lane })),
  /** A scan for a fixture that takes both hands: the run starts when the unit is plugged in. In place of a scan before. */
  'lane.arm': call<ArmedLane>()(scanSchema),
  'lane.disarm': call<null>()(z.strictObject({ lane })),
  /** Printers, templates, and labels that did not come out yet. */
  'labels.look': call<LabelsView>()(none),
  /** A template with values that are nobody's, as a file. */
  'label.preview': call<LabelFile>()(previewLabelSchema),
  /** The same on a printer. */
  'label.test': call<null>()(testLabelSchema),
  /** The label of a unit that passed, once more; one that waits is not printed twice for it. */
  'label.reprint': call<AskedLabel>()(reprintSchema),
  /** The same as a file, which counts like a label that was printed. */
  'label.file': call<LabelFile & { readonly label: number; readonly copy: number }>()(labelFileSchema),
} as const;
