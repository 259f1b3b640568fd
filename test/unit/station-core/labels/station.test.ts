import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { printers } from '../../../../drivers/printers/registry.ts';
import { readCode } from '../../../../station-core/contract/codes.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import type { Recipe } from '../../../../station-core/contract/recipe.ts';
import { codesOf } from '../../../../station-core/labels/codes.ts';
import type { Press } from '../../../../station-core/labels/press.ts';
import { type Template, templateSchema } from '../../../../station-core/labels/template.ts';
import { valuesOf } from '../../../../station-core/labels/values.ts';
import { makeOrder, recipeOf } from '../../../../station-core/practice.ts';
import { hasReaders, readPicture } from '../../../suites/barcode-reading.ts';
import { clearValuesIn } from '../../../suites/entries.ts';
import { LabelPrinter } from '../../../suites/label-printer.ts';
import { TestStation } from '../../../suites/station.ts';
import { drawZpl, pgmOf } from '../../../suites/zpl-drawer.ts';

const template: Template = templateSchema.parse({
  width: 80,
  height: 40,
  elements: [
    { kind: 'text', x: 2, y: 1, height: 3, value: '{order} {date}' },
    { kind: 'code-128', x: 4, y: 5, module: 0.25, height: 8, value: '{serial}' },
    { kind: 'qr', x: 4, y: 17, module: 0.5, value: '{registrationId}' },
    { kind: 'data-matrix', x: 50, y: 17, module: 0.5, value: '{serial}' },
  ],
});

let printer: LabelPrinter;
let line: TestStation;
let press: Press;
let recipe: Recipe;
/** Entries about labels that were there before the test. */
let before = 0;

const pressOf = (port: number): Press => ({
  templates: { plate: template },
  printers: {
    line: { kind: 'tcp', printer: printers.tcp({ name: 'line', host: '127.0.0.1', port, dpmm: 8, status: true }) },
  },
});

beforeAll(async () => {
  printer = await LabelPrinter.start();
  press = pressOf(printer.port);
  line = await TestStation.open({ parts: { press } });
  recipe = { ...(await recipeOf(line.station, 'symmetric-group')), label: { template: 'plate', when: 'passed' } };
});

beforeEach(() => {
  printer.becomeNew();
  before = actions().length;
});

afterAll(async () => {
  expect(line.log.incidents).toEqual([]);
  await line.close();
  await printer.stop();
});

const actions = () => line.entries().filter(({ action }) => String(action).startsWith('label.'));
const newActions = () => actions().slice(before);
const codeOf = (calling: Promise<unknown>): Promise<unknown> =>
  calling.then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof StationError ? thrown.code : thrown),
  );

test('a unit that passed gets one label, whose codes are the record and are scanned as the unit', async () => {
  const { labels, order } = await makeOrder(line.station, recipe, 1);
  const [serial = ''] = labels;
  const { outcome, registrationId } = await line.scan(1, serial);
  expect(outcome).toBe('passed');
  await printer.got(1);
  await line.station.printing.idle();
  const [unit] = line.station.records.units.bySerial(serial);
  if (!unit) throw new Error('no unit');
  const codes = codesOf(template, valuesOf(unit));
  expect(codes.map(({ text }) => text)).toEqual([serial, registrationId, serial]);
  // What packing scans is read by the rules that lanes scan by.
  expect(codes.map(({ text }) => readCode(text, 'none'))).toMatchObject([
    { kind: 'unit', serial },
    { kind: 'unit', serial: registrationId },
    { kind: 'unit', serial },
  ]);
  const [format, ...more] = printer.formats;
  expect(more).toEqual([]);
  const [drawn] = drawZpl(format ?? Buffer.alloc(0));
  expect(drawn?.texts.map(({ text }) => text)).toEqual([`${order.name} ${unit.finishedAt?.slice(0, 10)}`]);
  expect(newActions()).toMatchObject([
    {
      action: 'label.printed',
      result: 'ok',
      order: order.name,
      details: { template: 'plate', printer: 'line', copy: 1 },
    },
  ]);
  expect(clearValuesIn(line.station.records.db)).toEqual([]);
  if (!hasReaders || !drawn) return;
  expect(await readPicture(pgmOf(drawn))).toEqual({
    qr: [registrationId],
    'code-128': [serial],
    'data-matrix': [serial],
  });
}, 60_000);

test('a printer that is off changes no verdict; labels wait for it, are shown, and come out in their sequence', async () => {
  const { labels } = await makeOrder(line.station, recipe, 3);
  const { port } = printer;
  await printer.stop();
  for (const serial of labels) expect((await line.scan(1, serial)).outcome).toBe('passed');
  await line.station.printing.idle();
  const { printing } = await line.as('technician', 'station.view', {});
  expect(printing).toEqual({ waiting: 3, error: { code: 'printer.gone', details: { printer: 'line' } } });
  const look = await line.as('technician', 'labels.look', {});
  expect(look.waiting.map(({ serial }) => serial)).toEqual(labels);
  expect(look.printers).toMatchObject([{ name: 'line', kind: 'tcp', error: { code: 'printer.gone' } }]);
  printer = await LabelPrinter.start(port);
  line.station.printing.wake();
  await printer.got(3);
  await line.station.printing.idle();
  const serialsPrinted = printer.formats.map(
    (format) => /\^FH\^FD_3E:([^^]*)\^FS/.exec(format.toString('latin1'))?.[1],
  );
  expect(serialsPrinted).toEqual(labels);
  expect((await line.as('technician', 'station.view', {})).printing).toEqual({ waiting: 0 });
}, 60_000);

test('a station that stops before a label came out prints it at its next start', async () => {
  const { labels } = await makeOrder(line.station, recipe, 1);
  printer.mood.paperOut = true;
  await line.scan(1, labels[0] ?? '');
  await line.station.printing.idle();
  await line.stop();
  expect(printer.formats).toEqual([]);
  printer.mood.paperOut = false;
  await line.start();
  await printer.got(1);
  await line.station.printing.idle();
  expect(newActions()).toMatchObject([{ action: 'label.printed', details: { copy: 1 } }]);
}, 60_000);

test('a stop under a label that was sent prints it once more: at least once, and never not at all', async () => {
  const { labels } = await makeOrder(line.station, recipe, 1);
  printer.mood.busyFor = 1_000_000;
  await line.scan(1, labels[0] ?? '');
  await printer.got(1);
  await line.stop();
  printer.mood.busyFor = 0;
  await line.start();
  await printer.got(2);
  await line.station.printing.idle();
  expect(printer.formats[1]).toEqual(printer.formats[0]);
}, 60_000);

test('a person asks for a label once more: who and which copy is in the audit before the printer has it', async () => {
  const { labels } = await makeOrder(line.station, recipe, 1);
  const [serial = ''] = labels;
  await line.scan(1, serial);
  await printer.got(1);
  await line.station.printing.idle();
  expect(await line.as('technician', 'label.reprint', { serial })).toMatchObject({
    copy: 2,
    state: 'printed',
    printer: 'line',
  });
  const file = await line.as('lead', 'label.file', { serial, format: 'zpl' });
  expect(file).toMatchObject({ copy: 3, codes: [{ kind: 'code-128', text: serial }, {}, {}] });
  expect(drawZpl(Buffer.from(file.bytes, 'base64'))).toHaveLength(1);
  expect(printer.formats).toHaveLength(2);
  expect(newActions().map(({ action, role, details }) => ({ action, role, details }))).toEqual([
    { action: 'label.printed', details: { template: 'plate', printer: 'line', copy: 1 } },
    { action: 'label.reprinted', role: 'technician', details: { template: 'plate', printer: 'line', copy: 2 } },
    { action: 'label.printed', details: { template: 'plate', printer: 'line', copy: 2 } },
    { action: 'label.reprinted', role: 'lead', details: { template: 'plate', file: 'zpl', copy: 3 } },
  ]);
  expect(await codeOf(line.as('auditor', 'label.reprint', { serial }))).toBe('person.not-allowed');
}, 60_000);

test('a label that waits is not printed twice because somebody asks for it', async () => {
  const { labels } = await makeOrder(line.station, recipe, 1);
  const [serial = ''] = labels;
  printer.mood.headOpen = true;
  await line.scan(1, serial);
  expect(await line.as('technician', 'label.reprint', { serial })).toMatchObject({
    copy: 1,
    state: 'waiting',
    error: { code: 'printer.head-open' },
  });
  printer.mood.headOpen = false;
  expect(await line.as('technician', 'label.reprint', { serial })).toMatchObject({ copy: 1, state: 'printed' });
  expect(printer.formats).toHaveLength(1);
}, 60_000);

test('a label that cannot be made is parked and holds up no other; mended, a person prints it', async () => {
  const { labels } = await makeOrder(line.station, recipe, 2);
  const narrow = { ...template, width: 40 };
  await line.stop();
  await line.start({ press: { ...press, templates: { plate: narrow } } });
  expect((await line.scan(1, labels[0] ?? '')).outcome).toBe('passed');
  await line.station.printing.idle();
  const look = await line.as('technician', 'labels.look', {});
  expect(look.waiting).toMatchObject([
    { serial: labels[0], error: { code: 'label.cannot', details: { what: 'element 4 (data-matrix)' } } },
  ]);
  expect(newActions()).toMatchObject([{ action: 'label.parked', reason: 'label.cannot' }]);
  await line.stop();
  await line.start();
  await line.scan(1, labels[1] ?? '');
  await printer.got(1);
  expect(await line.as('lead', 'label.reprint', { serial: labels[0] ?? '' })).toMatchObject({
    copy: 1,
    state: 'printed',
  });
  expect((await line.as('lead', 'labels.look', {})).waiting).toEqual([]);
}, 60_000);

test('nobody gets a label for a unit that has not passed, was scrapped, or has none in its recipe', async () => {
  const { labels } = await makeOrder(line.station, recipe, 1, () => true);
  const [serial = ''] = labels;
  expect((await line.scan(1, serial)).outcome).toBe('failed');
  expect(await codeOf(line.as('lead', 'label.reprint', { serial }))).toBe('label.not-passed');
  expect(await codeOf(line.as('lead', 'label.file', { serial: 'nobody', format: 'pdf' }))).toBe('unit.unknown');
  const plain = await makeOrder(line.station, await recipeOf(line.station, 'symmetric-group'), 1);
  const [other = ''] = plain.labels;
  await line.scan(1, other);
  expect(await codeOf(line.as('lead', 'label.reprint', { serial: other }))).toBe('label.none');
  await line.agreed('lead', 'unit.scrap', { serial: other, reason: 'cessationOfOperation' });
  expect(await codeOf(line.as('lead', 'label.reprint', { serial: other }))).toBe('unit.scrapped');
  expect(printer.formats).toEqual([]);
}, 60_000);

test('an order whose label this station cannot print is refused before a unit is made', async () => {
  const order = (label: Recipe['label']) => makeOrder(line.station, { ...recipe, ...(label ? { label } : {}) }, 1);
  expect(await codeOf(order({ template: 'other', when: 'passed' }))).toBe('label.unknown-template');
  expect(await codeOf(order({ template: 'plate', printer: 'other', when: 'passed' }))).toBe('label.no-printer');
});

test('a test label and a preview are nobody’s', async () => {
  expect(await line.as('technician', 'label.test', { template: 'plate', printer: 'line' })).toBeNull();
  const [drawn] = drawZpl(printer.formats[0] ?? Buffer.alloc(0));
  expect(drawn?.texts[0]?.text).toMatch(/^TEST \d{4}-\d\d-\d\d$/);
  const preview = await line.as('auditor', 'label.preview', { template: 'plate', format: 'pdf' });
  expect(Buffer.from(preview.bytes, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  expect(preview.codes.map(({ text }) => text)).toEqual(['TEST-0001', 'test-0001', 'TEST-0001']);
  expect(newActions()).toMatchObject([{ action: 'label.tested', role: 'technician' }]);
  printer.mood.paperOut = true;
  expect(await codeOf(line.as('technician', 'label.test', { template: 'plate', printer: 'line' }))).toBe(
    'printer.paper-out',
  );
});
