import { expect, test } from 'vitest';
import { type Language, speak } from '../../../../renderer/say.ts';
import { ruleSentence } from '../../../../renderer/screens/orders/rule-sentence.ts';
import { hourLabels, rowsOf } from '../../../../renderer/screens/orders/shift-figures.ts';
import { type FileRule, fileRules } from '../../../../station-core/contract/orders.ts';
import type { Recipe } from '../../../../station-core/contract/recipe.ts';
import { readOrderFile } from '../../../../station-core/orders/file.ts';

const recipe: Recipe = {
  schema: 1,
  name: 'r',
  version: 1,
  protocol: 'uart-v1',
  registrationId: '{serial}{mac}',
  delivery: 'clear',
  lock: false,
  target: 'dps',
  attestation: { type: 'symmetricKey', scope: 'individual' },
};
const plain = { ...recipe, registrationId: '{serial}' };
const taken = { registrationId: () => 'O-1', mac: () => 'O-2' };
const many = Array.from({ length: 100_001 }, (_, index) => `${index}`).join('\n');

/** A file that breaks each rule, and nothing before it. */
const files: Readonly<Record<FileRule, readonly [text: string | Buffer, recipe?: Recipe, taken?: typeof taken]>> = {
  header: [''],
  'column-known': ['number\n1\n'],
  'column-once': ['serial,a,a\nA,1,1\n'],
  'column-name': ['serial,A b\nA,1\n'],
  'some-unit': ['serial\n'],
  'most-units': [`serial\n${many}\n`],
  'range-length': ['first,last\n0000000,9999999\n'],
  utf8: [Buffer.from([0xff])],
  text: ['serial\nA\0\n'],
  csv: ['serial\n"A\n'],
  cells: ['serial\nA,1\n'],
  'serial-length': [`serial\n${'9'.repeat(129)}\n`],
  'mac-form': ['serial,mac\nA,12\n'],
  'fact-length': [`serial,site\nA,${'x'.repeat(257)}\n`],
  'range-cells': ['first,last\nA1\n'],
  'range-digits': ['first,last\nA,B\n'],
  'range-alike': ['first,last\nA1,B2\n'],
  'range-ascending': ['first,last\nA2,A1\n'],
  'mac-once': ['serial,mac\nA,02:00:00:00:00:01\nB,02:00:00:00:00:01\n'],
  'id-once': ['serial\nA\na\n'],
  'id-form': ['serial\nA/1\n'],
  template: ['serial\nA\n', recipe],
  'mac-free': ['serial,mac\nA,02:00:00:00:00:01\n', plain, taken],
  'id-free': ['serial\nA\n', plain, taken],
};

test.each(['en', 'de', 'zh', 'es'] as const)(
  'what is wrong in a file is said in %s, with its numbers',
  async (language: Language) => {
    const { t } = await speak(language);
    const said = fileRules.map((rule) => {
      const [text, made = plain, others] = files[rule];
      const { problems } = readOrderFile(Buffer.from(text as string), made, others);
      const problem = problems.find((one) => one.rule === rule);
      expect(problem, rule).toBeDefined();
      return problem ? ruleSentence(t, problem) : '';
    });
    expect(new Set(said).size).toBe(fileRules.length);
    for (const sentence of said) expect(sentence).not.toMatch(/[{}]|undefined/);
  },
);

const bucket = (from: string, more = {}) => ({
  from,
  runs: 0,
  finished: 0,
  units: 0,
  passed: 0,
  first: 0,
  firstPassed: 0,
  takt: null,
  run: null,
  ...more,
});

test('shares are drawn only where there were units, and takt in seconds', () => {
  const made = {
    runs: 4,
    finished: 3,
    units: 4,
    passed: 3,
    first: 2,
    firstPassed: 1,
    takt: { median: 1_500, p95: 9_000 },
  };
  const rows = rowsOf([bucket('2026-11-27T06:00:00.000Z'), bucket('2026-11-27T06:15:00.000Z', made)]);
  expect(rows).toEqual({
    finished: [0, 3],
    failed: [0, 1],
    first: [null, 50],
    yield: [null, 75],
    median: [null, 1.5],
    p95: [null, 9],
  });
});

test('full hours stand below the points, and never more of them than there is room for', () => {
  const day = Array.from({ length: 96 }, (_, index) =>
    bucket(new Date(Date.UTC(2026, 10, 27) + index * 900_000).toISOString()),
  );
  const hour = (iso: string) => iso.slice(11, 16);
  const shown = hourLabels(day, hour).filter((label) => label !== null);
  expect(shown.length).toBeLessThanOrEqual(9);
  expect(shown.length).toBeGreaterThanOrEqual(6);
  expect(hourLabels(day.slice(0, 5), hour).filter((label) => label !== null)).toHaveLength(2);
});
