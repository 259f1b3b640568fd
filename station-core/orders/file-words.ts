import type { FileProblem, FileRule } from '../contract/orders.ts';

type Details = FileProblem['details'];
type Words = { readonly expected: (of: Details) => string; readonly found: (of: Details) => string };

const words = (expected: string, found: string): Words => ({
  expected: (of) => filled(expected, of),
  found: (of) => filled(found, of),
});

const filled = (text: string, of: Details) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(of[name] ?? ''));

/** What a file has to hold by each rule and what it holds, for terminals; cells that may be anything are never quoted. */
export const fileWords: Readonly<Record<FileRule, Words>> = {
  header: words('a header: serial, or first,last', 'an empty file'),
  'column-known': {
    expected: () => 'the column serial, or first,last',
    found: ({ name }) => (name === '' ? 'nothing' : `'${name}'`),
  },
  'column-once': words('each column once', "'{name}' again"),
  'column-name': words('a name of lower-case letters, digits and _', "'{name}'"),
  'some-unit': words('at least one unit', 'the end of the file'),
  'most-units': words('at most {most} units', '{count}'),
  'range-length': words('at most {most} units in a file', '{count} in this line'),
  utf8: words('UTF-8 text', 'other bytes'),
  text: words('text', 'a zero byte'),
  csv: words('CSV as RFC 4180 has it', '{reason}'),
  cells: words('{cells} cells', '{count}'),
  'serial-length': words('a serial of 1 to 128 characters', '{count} characters'),
  'mac-form': words('a MAC like A1:B2:C3:D4:E5:F6', '{count} characters that are none'),
  'fact-length': words('at most 256 characters', '{count}'),
  'range-cells': words('2 cells', '{count}'),
  'range-digits': words('a serial that ends in digits', 'one that does not'),
  'range-alike': words('{digits} digits behind the same beginning as in first', 'something else'),
  'range-ascending': words('a number not below the first', 'a smaller one'),
  'mac-once': words('a MAC that no other line has', 'the one of line {other}'),
  'id-once': words('a registration ID that no other line gives', 'the one of line {other}'),
  'id-form': words("what the recipe's registration ID takes ({rule})", 'something else'),
  template: words("what the recipe's templates take ({wants})", 'none'),
  'mac-free': words('a MAC that no other unit has', 'the one of a unit of the order {order}'),
  'id-free': words('a registration ID that no other unit has', 'the one of a unit of the order {order}'),
};

/** A problem in one line for a person: file, line, column, expected, found. */
export const problemLine = (
  file: string,
  { line, column, expected, found }: Pick<FileProblem, 'line' | 'column' | 'expected' | 'found'>,
): string => `${file}:${line}: ${column}: expected ${expected}, found ${found}`;
