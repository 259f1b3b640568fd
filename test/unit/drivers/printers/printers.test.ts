import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHostStatus } from '../../../../drivers/printers/host-status.ts';
import { printers } from '../../../../drivers/printers/registry.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { LabelPrinter, type PrinterMood } from '../../../suites/label-printer.ts';
import { openPtyTo } from '../../../suites/pty.ts';

const label = { name: 'label-1', bytes: Buffer.from('^XA^FO1,1^GB1,1,1^FS^XZ\n', 'ascii') };
const { signal } = new AbortController();

let printer: LabelPrinter;
beforeEach(async () => {
  printer = await LabelPrinter.start();
});
afterEach(() => printer.stop());

const tcp = (status = true) => printers.tcp({ name: 'line', host: '127.0.0.1', port: printer.port, dpmm: 8, status });

async function codeOf(printing: Promise<void>): Promise<unknown> {
  const thrown: unknown = await printing.then(
    () => undefined,
    (error: unknown) => error,
  );
  return thrown instanceof StationError ? thrown.code : thrown;
}

test('a label is printed when the printer says that nothing is left, and not when it was sent', async () => {
  printer.mood.busyFor = 3;
  await tcp().print(label, signal);
  expect(printer.formats).toEqual([label.bytes]);
});

test('a printer that never answers takes labels with status: false alone', async () => {
  printer.mood.answers = false;
  await tcp(false).print(label, signal);
  await printer.got(1);
  expect(await codeOf(tcp().print(label, signal))).toBe('printer.silent');
  expect(printer.formats).toEqual([label.bytes]);
}, 20_000);

test.each([
  ['paperOut', 'printer.paper-out'],
  ['headOpen', 'printer.head-open'],
  ['paused', 'printer.not-ready'],
  ['ribbonOut', 'printer.not-ready'],
] as const)('a printer that is %s gets nothing, and says %s', async (mood, code) => {
  printer.mood[mood] = true;
  expect(await codeOf(tcp().print(label, signal))).toBe(code);
  expect(printer.formats).toEqual([]);
});

test('paper that ends under a label is told, and so is a printer that hangs up', async () => {
  printer.mood.busyFor = 1_000_000;
  const printing = codeOf(tcp().print(label, signal));
  await printer.got(1);
  printer.mood.paperOut = true;
  expect(await printing).toBe('printer.paper-out');
  Object.assign(printer.mood, { paperOut: false, hangsUp: true } satisfies Partial<PrinterMood>);
  expect(await codeOf(tcp().print(label, signal))).toBe('printer.gone');
});

test('a printer that is off is gone, and a station that stops waits for none', async () => {
  const off = tcp();
  await printer.stop();
  expect(await codeOf(off.print(label, signal))).toBe('printer.gone');
  const stop = AbortSignal.abort(new StationError('station.stopping'));
  expect(await codeOf(off.print(label, stop))).toBe('station.stopping');
  printer = await LabelPrinter.start();
});

test('a printer at a serial port is asked and gets the same bytes', async () => {
  const pty = await openPtyTo(`TCP:127.0.0.1:${printer.port}`);
  const place = { name: 'lane', path: pty.path, baud: 115_200, dpmm: 8, status: true };
  await printers.serial(place).print(label, signal);
  expect(printer.formats).toEqual([label.bytes]);
  await pty.cut();
  expect(await codeOf(printers.serial(place).print(label, signal))).toBe('printer.gone');
});

test('a folder gets whole files, and one that is not there is gone and not made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-labels-'));
  const into = (path: string) => printers.folder({ name: 'files', path, format: 'zpl', dpmm: 8 });
  await into(folder).print(label, signal);
  await into(folder).print(label, signal);
  expect(readdirSync(folder)).toEqual(['label-1.zpl']);
  expect(readFileSync(join(folder, 'label-1.zpl'))).toEqual(label.bytes);
  expect(await codeOf(into(join(folder, 'unmounted')).print(label, signal))).toBe('printer.gone');
  expect(readdirSync(folder)).toEqual(['label-1.zpl']);
  rmSync(folder, { recursive: true });
});

test('half an answer is no status, and neither is what is no answer', () => {
  const whole =
    '\u0002030,1,0,1245,002,0,0,0,000,0,0,1\u0003\r\n\u0002000,0,1,0,1,2,6,0,00000003,1,000\u0003\r\n\u00021234,0\u0003\r\n';
  expect(readHostStatus(Buffer.from(whole, 'latin1'))).toEqual({
    paperOut: true,
    paused: false,
    headOpen: true,
    ribbonOut: false,
    tooHot: true,
    tooCold: false,
    waiting: 5,
  });
  for (let length = 0; length < whole.length - 3; length++) {
    expect(readHostStatus(Buffer.from(whole.slice(0, length), 'latin1'))).toBeUndefined();
  }
  expect(readHostStatus(Buffer.from('\u0002a\u0003\u0002b\u0003\u0002c\u0003', 'latin1'))).toBeUndefined();
  expect(readHostStatus(Buffer.from(whole.replace('002', 'xxx'), 'latin1'))).toBeUndefined();
});
