import { CsvError, parse } from 'csv-parse/sync';
import { StationError } from '../contract/errors.ts';

/** One line of a file: where it stands, and its cells by the column's name in lower case; empty ones are left out. */
export type CsvRow<C extends string> = { readonly place: string; readonly cells: { readonly [K in C]?: string } };

const mostLines = 100_000;

/**
 * Reads a CSV file (RFC 4180) of named columns, of which the first must be there and filled in every line; others than these
 * are passed over. Throws `input.invalid` with the first line that does not fit; cells are never quoted.
 */
export function readColumns<C extends string>(
  text: string,
  name: string,
  columns: readonly [C, ...C[]],
): readonly CsvRow<C>[] {
  const [needed] = columns;
  const [header, ...body] = linesOf(text, name);
  const names = header?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  if (!header || !names.includes(needed.toLowerCase())) {
    throw invalid(`${name}, line 1`, `a header with the column ${needed}`, 'none');
  }
  if (body.length === 0) throw invalid(`${name}, line 2`, `at least one ${needed}`, 'the end of the file');
  if (body.length > mostLines) throw invalid(name, `at most ${mostLines} lines`, `${body.length}`);
  return body.map(({ line, cells }) => {
    const place = `${name}, line ${line}`;
    if (cells.length !== names.length) throw invalid(place, `${names.length} cells`, `${cells.length}`);
    const found = columns.flatMap((column) => {
      const cell = cells[names.indexOf(column.toLowerCase())]?.trim() ?? '';
      return cell === '' ? [] : [[column, cell] as const];
    });
    return { place, cells: Object.fromEntries(found) as CsvRow<C>['cells'] };
  });
}

type Line = { readonly line: number; readonly cells: readonly string[] };

function linesOf(text: string, name: string): Line[] {
  try {
    const options = {
      bom: true,
      info: true,
      skip_empty_lines: true,
      max_record_size: 65_536,
      relax_column_count: true,
    } as const;
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    // PEM in quotes is a record of many lines; it is found by its first.
    let line = 1;
    return records.map(({ record, info }) => {
      const first = line;
      line = info.lines + 1;
      return { line: first, cells: record };
    });
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    // csv-parse's own messages quote the file.
    const reason = thrown.code.replace(/^CSV_/, '').replaceAll('_', ' ').toLowerCase();
    throw invalid(`${name}, line ${Number(thrown.lines ?? 1)}`, 'CSV as RFC 4180 has it', reason);
  }
}

const invalid = (place: string, expected: string, found: string): StationError =>
  new StationError('input.invalid', { place, expected, found });
