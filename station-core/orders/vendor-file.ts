import { CsvError, parse } from 'csv-parse/sync';
import { StationError } from '../contract/errors.ts';

/** A certificate of a vendor's list and where it stands: PEM or base64 of its DER, as it was written. */
export type ListedCertificate = { readonly place: string; readonly text: string };

const mostLines = 100_000;

/**
 * Reads a vendor's list of pre-loaded secure elements (F-69) as CSV (RFC 4180): a header with the column `certificate`, PEM in
 * quotes or base64 of the DER; other columns are passed over. Throws `input.invalid` with the first line that does not fit.
 */
export function readVendorCsv(text: string, name: string): readonly ListedCertificate[] {
  const [header, ...body] = linesOf(text, name);
  const column = header?.cells.findIndex((cell) => cell.trim().toLowerCase() === 'certificate') ?? -1;
  if (!header || column < 0) throw invalid(`${name}, line 1`, 'a header with the column certificate', 'none');
  if (body.length === 0) throw invalid(`${name}, line 2`, 'at least one certificate', 'the end of the file');
  if (body.length > mostLines) throw invalid(name, `at most ${mostLines} lines`, `${body.length}`);
  return body.map(({ line, cells }) => {
    const place = `${name}, line ${line}`;
    if (cells.length !== header.cells.length) {
      throw invalid(place, `${header.cells.length} cells`, `${cells.length}`);
    }
    const cell = (cells[column] ?? '').trim();
    if (cell === '') throw invalid(`${place}, certificate`, 'PEM, or base64 of the DER', 'nothing');
    return { place: `${place}, certificate`, text: cell };
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
