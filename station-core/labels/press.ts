import type { Printer } from '../../drivers/printers/printer.ts';
import { StationError } from '../contract/errors.ts';
import type { LabelFormat, PrinterView, RecipeLabel } from '../contract/label.ts';
import { layOut } from './layout.ts';
import { pdfOf } from './pdf.ts';
import type { Template } from './template.ts';
import type { LabelValues } from './values.ts';
import { zplOf } from './zpl.ts';

/** A printer of the station: whose labels it prints, and how to reach it. */
export type StationPrinter = Pick<PrinterView, 'kind' | 'lanes'> & { readonly printer: Printer };

/** What a station prints with. */
export type Press = {
  readonly templates: { readonly [name: string]: Template };
  readonly printers: { readonly [name: string]: StationPrinter };
};

export const noPress: Press = { templates: {}, printers: {} };

/** Of what a label without a printer is drawn: 300 dots an inch. */
const fileDpmm = 12;

/** Throws `label.unknown-template`. */
export function templateOf({ templates }: Press, name: string): Template {
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined;
  if (!template) throw new StationError('label.unknown-template', { template: name });
  return template;
}

/** Throws `label.no-printer`. */
export function printerOf({ printers }: Press, name: string): Printer {
  const found = Object.hasOwn(printers, name) ? printers[name] : undefined;
  if (!found) throw new StationError('label.no-printer', { what: `no printer is called ${name}` });
  return found.printer;
}

/** The name of the printer for a label: the recipe's, the lane's, or the one for all other lanes. Throws `label.no-printer`. */
export function printerFor(
  { printers }: Press,
  { printer }: Pick<RecipeLabel, 'printer'>,
  lane: number | undefined,
): string {
  if (printer !== undefined) {
    printerOf({ printers, templates: {} }, printer);
    return printer;
  }
  const all = Object.entries(printers);
  const own = lane === undefined ? undefined : all.find(([, { lanes }]) => lanes?.includes(lane));
  const found = own ?? all.find(([, { lanes }]) => !lanes);
  if (!found)
    throw new StationError('label.no-printer', {
      what: lane === undefined ? 'name one' : `none prints for lane ${lane}`,
    });
  return found[0];
}

/** What an order needs whose recipe has a label. Throws `label.unknown-template`, `label.no-printer`. */
export function requireLabel(press: Press, { template, printer }: RecipeLabel): void {
  templateOf(press, template);
  if (printer !== undefined) printerOf(press, printer);
  if (Object.keys(press.printers).length === 0)
    throw new StationError('label.no-printer', { what: 'the station has none' });
}

/** A label's bytes; `at` is the time that a PDF says it was made at. Throws `label.cannot`. */
export async function drawLabel(
  template: Template,
  values: LabelValues,
  { format, dpmm = fileDpmm, at }: { readonly format: LabelFormat; readonly dpmm?: number; readonly at: string },
): Promise<Buffer> {
  const layout = layOut(template, values, dpmm);
  return format === 'zpl' ? zplOf(layout) : pdfOf(layout, at);
}
