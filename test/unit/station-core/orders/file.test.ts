import { expect, test } from 'vitest';
import type { Recipe } from '../../../../station-core/contract/recipe.ts';
import { readOrderFile } from '../../../../station-core/orders/file.ts';
import { problemLine } from '../../../../station-core/orders/file-words.ts';

const recipe: Recipe = {
  schema: 1,
  name: 'r',
  version: 1,
  protocol: 'uart-v1',
  registrationId: 'sn-{serial}',
  delivery: 'clear',
  lock: false,
  target: 'dps',
  attestation: { type: 'symmetricKey', scope: 'individual' },
};
const read = (text: string | Buffer, more: Partial<Recipe> = {}) =>
  readOrderFile(Buffer.from(text as string), { ...recipe, ...more });

test('serials, MACs and facts are read, with a byte order mark, quotes, Windows line ends and empty lines', () => {
  const { units, problems } = read(
    '\ufeffserial,mac,site\r\n"A-1",A1:B2:C3:D4:E5:F6,"Ulm, south"\r\n\r\nA-2,a1-b2-c3-d4-e5-f7,\r\n',
  );
  expect(problems).toEqual([]);
  expect(units).toEqual([
    { serial: 'A-1', mac: 'A1:B2:C3:D4:E5:F6', facts: { site: 'Ulm, south' } },
    { serial: 'A-2', mac: 'a1-b2-c3-d4-e5-f7', facts: { site: '' } },
  ]);
});

test('a range of serials keeps its digits', () => {
  const { units } = read('first,last\nP-0099,P-0101\n');
  expect(units).toEqual([{ serial: 'P-0099' }, { serial: 'P-0100' }, { serial: 'P-0101' }]);
});

const wrong: readonly [string, string | Buffer, string][] = [
  ['an empty file', '', 'f.csv:1: 1: expected a header: serial, or first,last, found an empty file'],
  ['no units', 'serial\n', 'f.csv:2: serial: expected at least one unit, found the end of the file'],
  ['another header', 'number\n1\n', "f.csv:1: 1: expected the column serial, or first,last, found 'number'"],
  ['a column twice', 'serial,mac,mac\nA,,\n', "f.csv:1: 3: expected each column once, found 'mac' again"],
  [
    'a column without a name',
    'serial,\nA,1\n',
    "f.csv:1: 2: expected a name of lower-case letters, digits and _, found ''",
  ],
  ['a cell too many', 'serial\nA\nB,1\n', 'f.csv:3: 2: expected 1 cells, found 2'],
  [
    'a MAC that is none',
    'serial,mac\nA,12:34\n',
    'f.csv:2: mac: expected a MAC like A1:B2:C3:D4:E5:F6, found 5 characters that are none',
  ],
  [
    'the same MAC twice',
    'serial,mac\nA,02:00:00:00:00:01\nB,02-00-00-00-00-01\n',
    'f.csv:3: mac: expected a MAC that no other line has, found the one of line 2',
  ],
  [
    'the same ID in another case',
    'serial\nabc\nABC\n',
    'f.csv:3: serial: expected a registration ID that no other line gives, found the one of line 2',
  ],
  [
    'a serial that gives no ID',
    'serial\nA\nB/1\n',
    "f.csv:3: serial: expected what the recipe's registration ID takes (only letters, digits, dash, dot, underscore and colon are allowed), found something else",
  ],
  ['an open quote', 'serial\n"A\n', 'f.csv:'],
  ['bytes that are no UTF-8', Buffer.from([0x73, 0xff]), 'f.csv:1: 1: expected UTF-8 text, found other bytes'],
  ['a zero byte', 'serial\nA\0\n', 'f.csv:2: 1: expected text, found a zero byte'],
  [
    'a range backwards',
    'first,last\nA2,A1\n',
    'f.csv:2: last: expected a number not below the first, found a smaller one',
  ],
  [
    'a range of two beginnings',
    'first,last\nA1,B2\n',
    'f.csv:2: last: expected 1 digits behind the same beginning as in first, found something else',
  ],
  [
    'a range without digits',
    'first,last\nA,B\n',
    'f.csv:2: first: expected a serial that ends in digits, found one that does not',
  ],
  ['a range of a billion', 'first,last\n0,999999999\n', 'f.csv:2: last: expected'],
  [
    'a range that is too long',
    'first,last\n000000000,999999999\n',
    'f.csv:2: last: expected at most 100000 units in a file, found 1000000000 in this line',
  ],
];
test.each(wrong)('%s is told with file, line, column and what was expected', (_, file, message) => {
  const { units, problems } = read(file);
  expect(units).toEqual([]);
  expect(problemLine('f.csv', problems[0] as (typeof problems)[0])).toContain(message);
});

test('every problem of a file is told at once, up to a hundred', () => {
  const lines = Array.from({ length: 150 }, (_, line) => `bad serial ${line}`);
  const { units, problems, more } = read(`serial\n${lines.join('\n')}\n`);
  expect([units.length, problems.length, problems[1]?.line, more]).toEqual([0, 100, 3, 50]);
});

test('a template that wants what the file does not give is a problem of the file', () => {
  const { problems } = read('serial\nA\n', { registrationId: '{mac}' });
  expect(problems[0]).toMatchObject({ line: 2, expected: expect.stringContaining('a unit with a MAC') as string });
});

test('a registration ID that follows from the endorsement key is no problem of the file', () => {
  expect(read('serial\nA\n', { registrationId: '{ekSdk}' })).toMatchObject({ units: [{ serial: 'A' }], problems: [] });
});

test('a word of an enrollment that no column gives is a problem of every line', () => {
  const enrollment = { deviceId: 'site-{site}-{serial}' };
  const { problems } = read('serial\nA\nB\n', {
    attestation: { type: 'symmetricKey', scope: 'individual', enrollment },
  });
  expect(problems).toMatchObject([
    { line: 2, column: 'site', rule: 'template', details: { word: 'site' } },
    { line: 3, column: 'site' },
  ]);
});

test('identities that other orders have are told with the order', () => {
  const taken = {
    registrationId: (id: string) => (id === 'sn-a' ? 'O-1' : undefined),
    mac: (mac: string) => (mac === '02:00:00:00:00:01' ? 'O-2' : undefined),
  };
  const { problems } = readOrderFile(
    Buffer.from('serial,mac\nA,02:00:00:00:00:03\nB,02-00-00-00-00-01\n'),
    recipe,
    taken,
  );
  expect(problems.map((problem) => problemLine('f.csv', problem))).toEqual([
    'f.csv:2: serial: expected a registration ID that no other unit has, found the one of a unit of the order O-1',
    'f.csv:3: mac: expected a MAC that no other unit has, found the one of a unit of the order O-2',
  ]);
});
