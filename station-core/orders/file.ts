import { CsvError, parse } from 'csv-parse/sync';
import type { UnitInput } from '../contract/api.ts';
import { StationError } from '../contract/errors.ts';
import type { FileProblem, FileRule } from '../contract/orders.ts';
import type { Recipe } from '../contract/recipe.ts';
import { fileWords } from './file-words.ts';
import { identify, normalMac } from './identity.ts';

/** A whole order file, or all that is wrong with it. */
export type OrderFile = {
  readonly units: readonly UnitInput[];
  /** The first hundred. */
  readonly problems: readonly FileProblem[];
  /** How many there are beyond these. */
  readonly more: number;
};

/** What the file's identities are compared with: the order that has a unit with this registration ID or MAC, or nothing. */
export type Taken = {
  registrationId(value: string): string | undefined;
  mac(value: string): string | undefined;
};

const mostUnits = 100_000;
/** More problems than anybody mends in one go. */
const mostProblems = 100;
const macForm = /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/;
const factForm = /^[a-z][a-z0-9_]{0,31}$/;

type Line = { readonly line: number; readonly cells: readonly string[] };
type Found = { readonly line: number; readonly unit: UnitInput };
type Report = (line: number, column: string, rule: FileRule, details?: FileProblem['details']) => void;

/**
 * Reads an order file: CSV (RFC 4180) with a header `serial[,mac][,fact …]`, or `first,last` for ranges of serials such as
 * P-0001 to P-0100. Every identity is tried with the recipe and compared with those that are taken, so that whatever would be
 * refused later is told here, with its place. Nothing is taken from a file that has a problem.
 */
export function readOrderFile(bytes: Buffer, recipe: Recipe, taken?: Taken): OrderFile {
  const problems: FileProblem[] = [];
  let count = 0;
  const report: Report = (line, column, rule, details = {}) => {
    count++;
    const { expected, found } = fileWords[rule];
    if (problems.length < mostProblems)
      problems.push({ line, column, rule, details, expected: expected(details), found: found(details) });
  };
  const found = unitsOf(cellsOf(bytes, report), report, () => count > 0);
  if (found.length > mostUnits)
    report(found[mostUnits]?.line ?? 0, 'serial', 'most-units', { most: mostUnits, count: found.length });
  else checkIdentities(found, recipe, taken, report);
  const more = count - problems.length;
  return count > 0 ? { units: [], problems, more } : { units: found.map(({ unit }) => unit), problems, more };
}

/** The units of the lines below the header; none below one that does not fit. */
function unitsOf(lines: readonly Line[], report: Report, wrong: () => boolean): Found[] {
  const [header, ...body] = lines;
  if (wrong()) return [];
  if (!header) {
    report(1, '1', 'header');
    return [];
  }
  const names = header.cells.map((cell) => cell.trim().toLowerCase());
  checkHeader(names, header.line, report);
  if (wrong()) return [];
  if (body.length === 0) report(header.line + 1, names[0] ?? '', 'some-unit');
  return names[0] === 'first' ? ranges(body, report) : rows(body, names, report);
}

/** The cells of every line. A file that is no UTF-8 or no CSV has one problem: where it stops being one. */
function cellsOf(bytes: Buffer, report: Report): Line[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    report(1, '1', 'utf8');
    return [];
  }
  if (text.includes('\0')) {
    report(text.slice(0, text.indexOf('\0')).split('\n').length, '1', 'text');
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
    const column = String(Number(thrown.column ?? 0) + 1);
    report(Number(thrown.lines ?? 1), column, 'csv', { reason: reasonOf(thrown.code) });
    return [];
  }
}

/** csv-parse's codes in words; its own messages quote the file. */
const reasonOf = (code: string) => code.replace(/^CSV_/, '').replaceAll('_', ' ').toLowerCase();

function checkHeader(names: readonly string[], line: number, report: Report): void {
  if (names.join() === 'first,last') return;
  const shown = (name = '') => ({ name: name.slice(0, 40) });
  if (names[0] !== 'serial') report(line, '1', 'column-known', shown(names[0]));
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) report(line, String(index + 1), 'column-once', shown(name));
    else if (!factForm.test(name)) report(line, String(index + 1), 'column-name', shown(name));
  }
}

function rows(body: readonly Line[], names: readonly string[], report: Report): Found[] {
  return body.flatMap(({ line, cells }) => {
    if (cells.length !== names.length) {
      const column = String(Math.min(cells.length, names.length) + 1);
      report(line, column, 'cells', { cells: names.length, count: cells.length });
      return [];
    }
    const values = new Map(names.map((name, index) => [name, (cells[index] ?? '').trim()]));
    const serial = values.get('serial') ?? '';
    const mac = values.get('mac') ?? '';
    if (serial === '' || serial.length > 128) report(line, 'serial', 'serial-length', { count: serial.length });
    if (mac !== '' && !macForm.test(mac)) report(line, 'mac', 'mac-form', { count: mac.length });
    const facts = Object.fromEntries([...values].filter(([name]) => name !== 'serial' && name !== 'mac'));
    const long = Object.entries(facts).find(([, value]) => value.length > 256);
    if (long) report(line, long[0], 'fact-length', { count: long[1].length });
    const unit = { serial, ...(mac === '' ? {} : { mac }), ...(Object.keys(facts).length > 0 ? { facts } : {}) };
    return [{ line, unit }];
  });
}

function ranges(body: readonly Line[], report: Report): Found[] {
  return body.flatMap(({ line, cells }, index) => {
    const range = rangeOf(cells.map((cell) => cell.trim()));
    if ('rule' in range) {
      report(line, range.column, range.rule, range.details);
      return [];
    }
    // Said once, at the first line that goes too far: a range of a billion must not be made before it is counted.
    if (index >= mostUnits || range.count > mostUnits) {
      report(line, 'last', 'range-length', { most: mostUnits, count: range.count });
      return [];
    }
    return Array.from({ length: range.count }, (_, step) => ({ line, unit: { serial: range.serial(step) } }));
  });
}

type Range = { readonly count: number; serial(step: number): string };

/** `P-0001,P-0100`: the same text before the digits, as many digits, ascending. */
function rangeOf(cells: readonly string[]): Range | Pick<FileProblem, 'column' | 'rule' | 'details'> {
  const [first = '', last = ''] = cells;
  if (cells.length !== 2) return { column: '3', rule: 'range-cells', details: { count: cells.length } };
  const [, prefix = '', digits = ''] = /^(.*?)(\d{1,15})$/.exec(first) ?? [];
  if (digits === '') return { column: 'first', rule: 'range-digits', details: {} };
  const [, alike, end = ''] = /^(.*?)(\d{1,15})$/.exec(last) ?? [];
  if (alike !== prefix || end.length !== digits.length) {
    return { column: 'last', rule: 'range-alike', details: { digits: digits.length } };
  }
  const count = Number(end) - Number(digits) + 1;
  if (count < 1) return { column: 'last', rule: 'range-ascending', details: {} };
  return { count, serial: (step) => prefix + String(Number(digits) + step).padStart(digits.length, '0') };
}

/** Every registration ID must be allowed and be there once, here and in the database, and so must every MAC. */
function checkIdentities(found: readonly Found[], recipe: Recipe, taken: Taken | undefined, report: Report): void {
  const ids = new Map<string, number>();
  const macs = new Map<string, number>();
  const once = (values: Map<string, number>, value: string, line: number, what: 'mac' | 'id', order?: string) => {
    const column = what === 'mac' ? 'mac' : 'serial';
    const other = values.get(value);
    if (other !== undefined) report(line, column, `${what}-once`, { other });
    else if (order !== undefined) report(line, column, `${what}-free`, { order });
    if (other === undefined) values.set(value, line);
  };
  for (const { line, unit } of found) {
    const mac = unit.mac === undefined ? null : normalMac(unit.mac);
    if (mac !== null) once(macs, mac, line, 'mac', taken?.mac(mac));
    try {
      const { registrationId } = identify(recipe, unit);
      if (registrationId !== null) once(ids, registrationId, line, 'id', taken?.registrationId(registrationId));
    } catch (thrown) {
      if (!(thrown instanceof StationError)) throw thrown;
      reportRefused(line, thrown, report);
    }
  }
}

function reportRefused(line: number, { details }: StationError, report: Report): void {
  if (details.rule !== undefined) {
    report(line, 'serial', 'id-form', { rule: String(details.rule) });
    return;
  }
  const [, word = ''] = /\{([^}]*)\}/.exec(String(details.place)) ?? [];
  report(line, word || 'serial', 'template', { word, wants: String(details.expected) });
}
