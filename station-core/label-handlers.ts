import { printers } from '../drivers/printers/registry.ts';
import { isoTime } from './clock.ts';
import type { Method, Params, Result } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { AskedLabel, LabelsView, PrintingView, RecipeLabel, WaitingLabel } from './contract/label.ts';
import type { Handlers } from './handlers.ts';
import { codesOf } from './labels/codes.ts';
import type { LabelsConfig } from './labels/config.ts';
import {
  drawLabel,
  noPress,
  type Press,
  printerFor,
  printerOf,
  type StationPrinter,
  templateOf,
} from './labels/press.ts';
import { Printing } from './labels/printing.ts';
import type { Template } from './labels/template.ts';
import { sampleValues, valuesOf } from './labels/values.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import type { LabelRow } from './store/labels.ts';
import { type Unit, unitSaid } from './store/units.ts';

type LabelMethod = Extract<Method, `label.${string}` | `labels.${string}`>;

type Which = Pick<Params<'label.reprint'>, 'serial' | 'order'>;

/** Waiting labels that a screen shows. */
const shownWaiting = 50;

/** The calls about labels. */
export function labelHandlers(station: Station): Pick<Handlers, LabelMethod> {
  return {
    'labels.look': async () => look(station),
    'label.preview': async ({ template, format }) => {
      const { press } = station.printing;
      const values = sampleOf(station, templateOf(press, template));
      return labelFile(station, { template, values, format });
    },
    'label.test': (asked, by) => test(station, asked, by),
    'label.reprint': (asked, by) => reprint(station, asked, by),
    'label.file': (asked, by) => handOut(station, asked, by),
  };
}

/** The printers of a configuration. */
export function openPress({ templates, printers: places }: LabelsConfig): Press {
  const open = (name: string, place: LabelsConfig['printers'][string]): StationPrinter => {
    const { kind, lanes } = place;
    const bound = { kind, ...(lanes ? { lanes } : {}) };
    switch (place.kind) {
      case 'tcp':
        return { ...bound, printer: printers.tcp({ name, ...place }) };
      case 'serial':
        return { ...bound, printer: printers.serial({ name, ...place }) };
      case 'folder':
        return { ...bound, printer: printers.folder({ name, ...place }) };
    }
  };
  return {
    templates,
    printers: Object.fromEntries(Object.entries(places).map(([name, place]) => [name, open(name, place)])),
  };
}

export function printingOf(station: Station): Printing {
  const { records, audit, parts } = station;
  return new Printing({
    records,
    audit,
    clock: parts.clock,
    press: parts.press ?? noPress,
    tell: (printing) => station.tell({ type: 'printing', printing }),
    incident: parts.log.incident,
  });
}

export const printingView = ({ parts, printing }: Station): { readonly printing?: PrintingView } =>
  parts.press ? { printing: printing.view() } : {};

function look({ records, printing }: Station): LabelsView {
  const { templates, printers: all } = printing.press;
  return {
    templates: Object.keys(templates),
    printers: Object.entries(all).map(([name, { kind, lanes }]) => {
      const error = printing.problemOf(name);
      return { name, kind, ...(lanes ? { lanes } : {}), ...(error ? { error } : {}) };
    }),
    waiting: records.labels.open(shownWaiting).map((row): WaitingLabel => {
      const { serial, orderName: order } = records.units.byId(row.unit);
      const printer = row.printer === null ? {} : { printer: row.printer };
      return {
        label: row.id,
        serial,
        order,
        template: row.template,
        ...printer,
        ...(row.error ? { error: row.error } : {}),
      };
    }),
  };
}

function sampleOf({ parts }: Station, { elements }: Template) {
  const values = elements.flatMap((element) => ('value' in element ? [element.value] : []));
  return sampleValues(values, isoTime(parts.clock));
}

type Filled = Pick<Params<'label.file'>, 'format'> & {
  readonly template: string;
  readonly values: ReturnType<typeof valuesOf>;
};

async function labelFile(
  { printing, parts }: Station,
  { template: name, values, format }: Filled,
): Promise<Result<'label.preview'>> {
  const template = templateOf(printing.press, name);
  const bytes = await drawLabel(template, values, { format, at: isoTime(parts.clock) });
  return { template: name, bytes: bytes.toString('base64'), codes: codesOf(template, values) };
}

/** A label that is nobody's goes straight to its printer: whoever asks stands before it, and nothing waits. */
async function test(station: Station, { template: name, printer: on }: Params<'label.test'>, by: By): Promise<null> {
  const { printing, records, audit, operators, parts, stopping } = station;
  const template = templateOf(printing.press, name);
  const printer = printerOf(printing.press, on);
  const { format, dpmm } = printer;
  const bytes = await drawLabel(template, sampleOf(station, template), { format, dpmm, at: isoTime(parts.clock) });
  const details = { template: name, printer: on };
  await records.commits.commit(() =>
    audit.append({ action: 'label.tested', result: 'ok', ...people(operators, by), details }),
  );
  await printer.print({ name: `test-${name}`, bytes }, stopping);
  return null;
}

/** The unit whose label a person asks for, and what its recipe says of labels. */
function requirePassed({ records }: Station, { serial, order }: Which): { unit: Unit; label: RecipeLabel } {
  const units = records.units.bySerial(serial).filter((one) => order === undefined || one.orderName === order);
  const [unit, another] = units;
  if (!unit) throw new StationError('unit.unknown', { serial });
  if (another) throw new StationError('unit.ambiguous', { serial });
  const scrapped = records.units.scrappedAt(unit.id);
  if (scrapped !== undefined) throw new StationError('unit.scrapped', { serial, at: scrapped });
  if (unit.state !== 'finished') throw new StationError('label.not-passed', { serial });
  const { label } = unit.recipe;
  if (!label) throw new StationError('label.none', { serial });
  return { unit, label };
}

/** The entry and the row stand before the printer gets a byte. A label of the unit that waits is the one that is printed. */
async function reprint(station: Station, asked: Params<'label.reprint'>, by: By): Promise<AskedLabel> {
  const { printing, records, parts } = station;
  const { unit, label } = requirePassed(station, asked);
  templateOf(printing.press, label.template);
  const named = asked.printer === undefined ? label : { printer: asked.printer };
  const printer = printerFor(printing.press, named, records.runs.laneOf(unit.id));
  const { template } = label;
  const row = await records.commits.commit(() => {
    const waits = records.labels.openOf(unit.id);
    if (waits) records.labels.queueAgain(waits.id, template, printer);
    const added = { unit: unit.id, run: null, template, printer, state: 'queued' as const, error: null };
    const id = waits?.id ?? records.labels.add({ ...added, at: isoTime(parts.clock) });
    return noteAsked(station, { id, unit, template, printer }, by);
  });
  const { printed, error } = await printing.fare(row.label);
  return { ...row, printer, state: printed ? 'printed' : 'waiting', ...(error ? { error } : {}) };
}

/** Drawn first, since a label that cannot be drawn is no copy. */
async function handOut(station: Station, asked: Params<'label.file'>, by: By): Promise<Result<'label.file'>> {
  const { records, parts } = station;
  const { unit, label } = requirePassed(station, asked);
  const { template } = label;
  const { format: file } = asked;
  const made = await labelFile(station, { template, values: valuesOf(unit), format: file });
  const row = await records.commits.commit(() => {
    const added = { unit: unit.id, run: null, template, printer: null, state: 'printed' as const, error: null };
    const id = records.labels.add({ ...added, at: isoTime(parts.clock) });
    return noteAsked(station, { id, unit, template, file }, by);
  });
  return { ...made, ...row };
}

type Asked = Pick<LabelRow, 'id' | 'template'> & {
  readonly unit: Unit;
  readonly printer?: string;
  readonly file?: Params<'label.file'>['format'];
};

/** Inside the commit: who asked for a label once more, and which copy it is. */
function noteAsked({ records, audit, operators }: Station, { id: label, unit, ...to }: Asked, by: By) {
  const copy = records.labels.copyOf({ unit: unit.id, id: label });
  const about = { order: unit.orderName, unit: unitSaid(records, unit) };
  audit.append({
    action: 'label.reprinted',
    result: 'ok',
    ...people(operators, by),
    ...about,
    details: { ...to, copy },
  });
  return { label, copy };
}
