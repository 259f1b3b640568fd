import { StationError } from '../../contract/errors.ts';

// CSV (RFC 4180) read as bytes: cells may be keys, and what was once a JavaScript string cannot be zeroed.

/** One record: the line that it begins on, and its cells, which are views on the file's bytes wherever nothing was escaped. */
export type Cells = { readonly line: number; readonly cells: readonly Buffer[] };

const [quote, comma, cr, lf] = [0x22, 0x2c, 0x0d, 0x0a] as const;
const bom = Buffer.from([0xef, 0xbb, 0xbf]);
const mostCells = 64;

/** The records of a CSV file, empty lines left out. Throws `input.invalid` with the line; cells are never quoted. */
export function* readCells(file: Buffer, place: string): Generator<Cells> {
  let at = file.subarray(0, 3).equals(bom) ? 3 : 0;
  let line = 1;
  while (at < file.length) {
    const record = readRecord(file, at, `${place}, line ${line}`);
    if (record.cells.length > 1 || record.cells[0]?.length !== 0) yield { line, cells: record.cells };
    line += record.lines;
    at = record.end;
  }
}

type Record = { readonly cells: readonly Buffer[]; readonly end: number; readonly lines: number };

function readRecord(file: Buffer, from: number, place: string): Record {
  const cells: Buffer[] = [];
  let lines = 1;
  for (let at = from; ; at += 1) {
    const cell = file[at] === quote ? quoted(file, at + 1, place) : bare(file, at, place);
    if (cells.length === mostCells) throw invalid(place, `at most ${mostCells} cells`, 'more');
    cells.push(cell.bytes);
    lines += cell.lines;
    at = cell.end;
    if (file[at] === comma) continue;
    if (at >= file.length) return { cells, end: at, lines };
    const end = file[at] === cr ? at + 1 : at;
    if (file[end] !== lf) throw invalid(place, 'CSV as RFC 4180 has it', 'something between a cell and its comma');
    return { cells, end: end + 1, lines };
  }
}

type Cell = { readonly bytes: Buffer; readonly end: number; readonly lines: number };

function bare(file: Buffer, from: number, place: string): Cell {
  let end = from;
  while (end < file.length && file[end] !== comma && file[end] !== lf && file[end] !== cr) {
    if (file[end] === quote) throw invalid(place, 'CSV as RFC 4180 has it', 'a quote within a cell without quotes');
    end += 1;
  }
  return { bytes: file.subarray(from, end), end, lines: 0 };
}

function quoted(file: Buffer, from: number, place: string): Cell {
  let lines = 0;
  let doubled = false;
  for (let end = from; end < file.length; end += 1) {
    if (file[end] === lf) lines += 1;
    if (file[end] !== quote) continue;
    if (file[end + 1] !== quote) {
      const bytes = file.subarray(from, end);
      return {
        bytes: doubled ? Buffer.from(bytes.toString('latin1').replaceAll('""', '"'), 'latin1') : bytes,
        end: end + 1,
        lines,
      };
    }
    doubled = true;
    end += 1;
  }
  throw invalid(place, 'CSV as RFC 4180 has it', 'a quote that is not closed');
}

export const invalid = (place: string, expected: string, found: string): StationError =>
  new StationError('input.invalid', { place, expected, found });
