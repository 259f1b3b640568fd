import * as z from 'zod/mini';
import type { ErrorData } from './errors.ts';

// Labels: what a recipe says of them, the calls about them, and what screens show of printers.

/** How recipes and people call a template or a printer of the station's file. */
export const labelName = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,31}$/, 'lower-case letters, digits, dots, dashes, at most 32'));

/** What is printed for a unit, and when. */
export const recipeLabelSchema = z.strictObject({
  template: labelName,
  /** The one that prints for the unit's lane, when left out. */
  printer: z.exactOptional(labelName),
  when: z.literal('passed'),
});
export type RecipeLabel = z.output<typeof recipeLabelSchema>;

const serial = z.string().check(z.minLength(1), z.maxLength(128));
const order = z.exactOptional(z.string().check(z.minLength(1), z.maxLength(80)));

export const labelFormats = ['zpl', 'pdf'] as const;
export type LabelFormat = (typeof labelFormats)[number];

export const reprintSchema = z.strictObject({ serial, order, printer: z.exactOptional(labelName) });
export const labelFileSchema = z.strictObject({ serial, order, format: z.enum(labelFormats) });
export const testLabelSchema = z.strictObject({ template: labelName, printer: labelName });
export const previewLabelSchema = z.strictObject({ template: labelName, format: z.enum(labelFormats) });

/** What a code of a label is read as by any scanner. */
export type LabelCode = { readonly kind: 'qr' | 'data-matrix' | 'code-128'; readonly text: string };

/** A label as a file: its bytes in base64, and what its codes are read as. */
export type LabelFile = { readonly template: string; readonly bytes: string; readonly codes: readonly LabelCode[] };

/** How a label fares that a person asked for; `copy` counts all labels of the unit, the first one too. */
export type AskedLabel = {
  readonly label: number;
  readonly copy: number;
  readonly state: 'printed' | 'waiting';
  readonly printer: string;
  /** Why it waits. */
  readonly error?: ErrorData;
};

/** A label that did not come out yet. A parked one waits for a person, the others for their printer. */
export type WaitingLabel = {
  readonly label: number;
  readonly serial: string;
  readonly order: string;
  readonly template: string;
  readonly printer?: string;
  /** Why it is parked. */
  readonly error?: ErrorData;
};

export const printerKinds = ['tcp', 'serial', 'folder'] as const;

export type PrinterView = {
  readonly name: string;
  readonly kind: (typeof printerKinds)[number];
  /** Whose labels it prints where a recipe names no printer; all others' when left out. */
  readonly lanes?: readonly number[];
  /** Why it printed nothing when it was last tried. */
  readonly error?: ErrorData;
};

export type LabelsView = {
  readonly printers: readonly PrinterView[];
  readonly templates: readonly string[];
  /** The oldest fifty. */
  readonly waiting: readonly WaitingLabel[];
};

/** How it stands with printing, for the foot of the lanes: at most a thousand labels that wait are counted. */
export type PrintingView = { readonly waiting: number; readonly error?: ErrorData };
