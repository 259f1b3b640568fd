import { CsvError, parse } from 'csv-parse/sync';
import type { UnitInput } from '../contract/api.ts';
import { StationError } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import { normalMac, registrationIdOf } from './identity.ts';

/** What is wrong in an order file, and where: lines and columns count from 1, as editors do. */
export type Problem = {
  readonly line: number;
  readonly column: string;
  readonly expected: string;
  readonly found: string;
};

/** A whole order file, or all that is wrong with it. */
export type OrderFile = { readonly units: readonly UnitInput[]; readonly problems: readonly Problem[] };

const mostUnits = 100_000;
/** More problems than anybody mends in one go. */
const mostProblems = 100;
const macForm = /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/;
const factForm = /^[a-z][a-z0-9_]{0,31}$/;

type Line = { readonly line: number; readonly cells: readonly string[] };
type Found = { readonly line: number; readonly unit: UnitInput };

/**
 * Reads an order file: CSV (RFC 4180) with a header `serial[,mac][,fact …]`, or `first,last` for ranges of serials such as
 * P-0001 to P-0100. Every identity is tried with the recipe, so that whatever would be refused later is told here, with
 * its place. Nothing is taken from a file that has a problem.
 */
export function readOrderFile(bytes: Buffer, recipe: Recipe): OrderFile {
  const problems: Problem[] = [];
  const report = (line: number, column: string, expected: string, found: string) => {
    if (problems.length < mostProblems) problems.push({ line, column, expected, found });
  };
  const lines = cellsOf(bytes, report);
  const [header, ...body] = lines;
  if (problems.length === 0 && !header) report(1, '1', 'a header: serial, or first,last', 'an empty file');
  if (problems.length > 0 || !header) return { units: [], problems };
  const names = header.cells.map((cell) => cell.trim().toLowerCase());
  checkHeader(names, header.line, report);
  if (problems.length > 0) return { units: [], problems };
  if (body.length === 0) report(header.line + 1, names[0] ?? '', 'at least one unit', 'the end of the file');
  const found = names[0] === 'first' ? ranges(body, report) : rows(body, names, report);
  if (found.length > mostUnits)
    report(found[mostUnits]?.line ?? 0, 'serial', `at most ${mostUnits} units`, `${found.length}`);
  else checkIdentities(found, recipe, report);
  return problems.length > 0 ? { units: [], problems } : { units: found.map(({ unit }) => unit), problems };
}

type Report = (line: number, column: string, expected: string, found: string) => void;

/** The cells of every line. A file that is no UTF-8 or no CSV has one problem: where it stops being one. */
function cellsOf(bytes: Buffer, report: Report): Line[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    report(1, '1', 'UTF-8 text', 'other bytes');
    return [];
  }
  if (text.includes('\0')) {
    report(text.slice(0, text.indexOf('\0')).split('\n').length, '1', 'text', 'a zero byte');
    return [];
  }
  try {
    const options = {
      bom: true,
      info: true,
      skip_empty_lines: true,
      max_record_size: 16_384,
      relax_column_count: true,
    } as const;
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    report(
      Number(thrown.lines ?? 1),
      String(Number(thrown.column ?? 0) + 1),
      'CSV as RFC 4180 has it',
      reasonOf(thrown.code),
    );
    return [];
  }
}

/** csv-parse's codes in words; its own messages quote the file. */
const reasonOf = (code: string) => code.replace(/^CSV_/, '').replaceAll('_', ' ').toLowerCase();

function checkHeader(names: readonly string[], line: number, report: Report): void {
  if (names.join() === 'first,last') return;
  if (names[0] !== 'serial')
    report(line, '1', 'the column serial, or first,last', names[0] ? `'${names[0].slice(0, 40)}'` : 'nothing');
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index)
      report(line, String(index + 1), 'each column once', `'${name.slice(0, 40)}' again`);
    else if (!factForm.test(name))
      report(line, String(index + 1), 'a name of lower-case letters, digits and _', `'${name.slice(0, 40)}'`);
  }
}

function rows(body: readonly Line[], names: readonly string[], report: Report): Found[] {
  return body.flatMap(({ line, cells }) => {
    if (cells.length !== names.length) {
      report(line, String(Math.min(cells.length, names.length) + 1), `${names.length} cells`, `${cells.length}`);
      return [];
    }
    const values = new Map(names.map((name, index) => [name, (cells[index] ?? '').trim()]));
    const serial = values.get('serial') ?? '';
    const mac = values.get('mac') ?? '';
    if (serial === '' || serial.length > 128)
      report(line, 'serial', 'a serial of 1 to 128 characters', `${serial.length} characters`);
    if (mac !== '' && !macForm.test(mac))
      report(line, 'mac', 'a MAC like A1:B2:C3:D4:E5:F6', `${mac.length} characters that are none`);
    const facts = Object.fromEntries([...values].filter(([name]) => name !== 'serial' && name !== 'mac'));
    const long = Object.entries(facts).find(([, value]) => value.length > 256);
    if (long) report(line, long[0], 'at most 256 characters', `${long[1].length}`);
    const unit = { serial, ...(mac === '' ? {} : { mac }), ...(Object.keys(facts).length > 0 ? { facts } : {}) };
    return [{ line, unit }];
  });
}

function ranges(body: readonly Line[], report: Report): Found[] {
  return body.flatMap(({ line, cells }, index) => {
    const range = rangeOf(cells.map((cell) => cell.trim()));
    if ('column' in range) {
      report(line, range.column, range.expected, range.found);
      return [];
    }
    // Said once, at the first line that goes too far: a range of a billion must not be made before it is counted.
    if (index >= mostUnits || range.count > mostUnits) {
      report(line, 'last', `at most ${mostUnits} units in a file`, `${range.count} in this line`);
      return [];
    }
    return Array.from({ length: range.count }, (_, step) => ({ line, unit: { serial: range.serial(step) } }));
  });
}

type Range = { readonly count: number; serial(step: number): string };

/** `P-0001,P-0100`: the same text before the digits, as many digits, ascending. */
function rangeOf(cells: readonly string[]): Range | Omit<Problem, 'line'> {
  const [first = '', last = ''] = cells;
  if (cells.length !== 2) return { column: '3', expected: '2 cells', found: `${cells.length}` };
  const [, prefix = '', digits = ''] = /^(.*?)(\d{1,15})$/.exec(first) ?? [];
  if (digits === '') return { column: 'first', expected: 'a serial that ends in digits', found: 'one that does not' };
  const [, alike, end = ''] = /^(.*?)(\d{1,15})$/.exec(last) ?? [];
  if (alike !== prefix || end.length !== digits.length) {
    const expected = `${digits.length} digits behind the same beginning as in first`;
    return { column: 'last', expected, found: 'something else' };
  }
  const count = Number(end) - Number(digits) + 1;
  if (count < 1) return { column: 'last', expected: 'a number not below the first', found: 'a smaller one' };
  return { count, serial: (step) => prefix + String(Number(digits) + step).padStart(digits.length, '0') };
}

/** Every registration ID must be allowed and be there once, and so must every MAC. */
function checkIdentities(found: readonly Found[], recipe: Recipe, report: Report): void {
  const ids = new Map<string, number>();
  const macs = new Map<string, number>();
  for (const { line, unit } of found) {
    const mac = unit.mac === undefined ? null : normalMac(unit.mac);
    const twin = mac === null ? undefined : macs.get(mac);
    if (twin !== undefined) report(line, 'mac', 'a MAC that no other line has', `the one of line ${twin}`);
    if (mac !== null) macs.set(mac, line);
    try {
      const id = registrationIdOf(recipe, { serial: unit.serial, mac, facts: unit.facts ?? {} });
      const other = ids.get(id);
      if (other !== undefined)
        report(line, 'serial', 'a registration ID that no other line gives', `the one of line ${other}`);
      else ids.set(id, line);
    } catch (thrown) {
      if (!(thrown instanceof StationError)) throw thrown;
      const { rule, expected, found: was } = thrown.details;
      report(
        line,
        'serial',
        `what the recipe's registration ID takes (${rule ?? expected})`,
        String(was ?? 'something else'),
      );
    }
  }
}

/** A problem in one line for a person: file, line, column, expected, found. */
export const problemLine = (file: string, { line, column, expected, found }: Problem): string =>
  `${file}:${line}: ${column}: expected ${expected}, found ${found}`;
