import { expect, test } from 'vitest';
import type { Problem } from '../../../../station-core/verifier/findings.ts';
import { bytesOf, exportOf, logOf, relined, remade, replaced, reworded } from '../../../suites/audit-edits.ts';
import type { Files } from '../../../suites/audit-export.ts';
import { makeExport } from '../../../suites/audit-export.ts';
import { check } from '../../../suites/audit-verified.ts';

type Case = [what: string, make: () => Files, why: RegExp, at?: Partial<Problem>];

const file = 'entries.jsonl';
const edited = (change: (line: string) => string, at = 17) => reworded(exportOf(), file, at, change);
const lined = (change: (lines: string[]) => readonly string[]) => relined(exportOf(), file, change);
const other = () => makeExport(logOf({}, 'line-4'));
const partly = () => exportOf({}, { filter: { order: 'spring' } });
const named = () => exportOf({}, { named: true });

const cases: Case[] = [
  [
    'a changed entry',
    () => edited((line) => line.replace('autumn', 'summer')),
    /entry 17 is not the one that entry 18 names/,
    { entry: 17, file, line: 18 },
  ],
  [
    'a changed last entry',
    () => edited((line) => line.replace('autumn', 'summer'), 39),
    /entries 30 to 39 are not those that head 4/,
    { entry: 30, file: 'heads.jsonl', line: 4 },
  ],
  [
    'a first entry that names one before',
    () => edited((line) => line.replace('AAAA', 'BBBB'), 0),
    /first entry, and names one before/,
    { entry: 0 },
  ],
  ['white space in an entry', () => edited((line) => line.replace(':', ': ')), /canonical/, { entry: 17 }],
  [
    'a name twice in an entry',
    () => edited((line) => line.replace('"boot":"b-1"', '"boot":"b-0","boot":"b-1"')),
    /canonical/,
    { entry: 17 },
  ],
  [
    'names out of order in an entry',
    () => edited((line) => line.replace(/("boot":"b-1"),("clock":"synchronised")/, '$2,$1')),
    /canonical/,
    { entry: 17 },
  ],
  ['a number written otherwise', () => edited((line) => line.replace('"v":1', '"v":1.0')), /canonical/, { entry: 17 }],
  [
    'half a character in an entry',
    () => edited((line) => line.replace('"b-1"', '"\\ud800"')),
    /half a character/,
    { entry: 17 },
  ],
  ['an entry that is no JSON', () => edited((line) => line.slice(1)), /not JSON/, { entry: 17 }],
  [
    'an entry that is nested beyond sense',
    () => edited(() => '['.repeat(60_000) + ']'.repeat(5_000)),
    /not JSON/,
    { entry: 17 },
  ],
  ['an entry that is no object', () => edited(() => '[]'), /no entry/, { entry: 17 }],
  [
    'an entry without an action',
    () => edited((line) => line.replace(/"action":"[a-z.]+",/, '')),
    /that every entry has/,
    { entry: 17 },
  ],
  [
    'an entry of a newer version',
    () => edited((line) => line.replace('"v":1', '"v":2')),
    /written by a newer version \(2; this verifier knows 1\)/,
    { entry: 17 },
  ],
  [
    'an entry of another station',
    () => edited((line) => line.replace('"line-3"', '"line-4"')),
    /another log: station line-4/,
    { entry: 17 },
  ],
  [
    'an entry of another origin',
    () => edited((line) => line.replace('/5f3a', '/5f3b')),
    /another log: origin/,
    { entry: 17 },
  ],
  ['an entry removed', () => lined((lines) => lines.toSpliced(17, 1)), /entry 17 is missing/, { entry: 17, line: 18 }],
  [
    'an entry doubled',
    () => lined((lines) => lines.toSpliced(17, 0, lines[17] ?? '')),
    /entry 17 stands where entry 18 belongs/,
    { line: 19 },
  ],
  [
    'entries swapped',
    () => lined((lines) => lines.with(17, lines[18] ?? '').with(18, lines[17] ?? '')),
    /entry 18 stands where it belongs/,
    { entry: 17 },
  ],
  ['an entry added', () => lined((lines) => [...lines, lines[39] ?? '']), /entry 39 stands where entry 40 belongs/],
  [
    'the last entries cut off',
    () => lined((lines) => lines.slice(0, 35)),
    /head 4 was signed over 40 entries, and 35 are here/,
  ],
  ['every entry gone', () => lined(() => []), /0 entries are here/],
  [
    'a last line that is cut',
    () => replaced(exportOf(), file, bytesOf(exportOf(), file).subarray(0, -9)),
    /cut: its last line/,
    { file },
  ],
  ['a line that is too long', () => replaced(exportOf(), file, 'A'.repeat(70_000)), /longer than 65535 bytes/],
  ['bytes that are not UTF-8', () => replaced(exportOf(), file, Buffer.of(0xff, 10)), /not UTF-8/, { entry: 0 }],
  [
    'entries of another log',
    () => replaced(exportOf(), file, bytesOf(other(), file)),
    /it is of another log: station line-4/,
    { entry: 0 },
  ],
  ['an entry that nobody asked for', () => remade(partly(), { filter: { order: 'autumn' } }), /not one of those/],
  [
    'a proof of another entry',
    () => reworded(partly(), 'proofs.jsonl', 5, (line) => line.replace(/"hashes":\[".{3}/, '"hashes":["AAA')),
    /inclusion proof does not lead/,
  ],
  [
    'a proof too few',
    () => relined(partly(), 'proofs.jsonl', (lines) => lines.slice(0, -1)),
    /not every entry has its proof/,
  ],
  [
    'a proof too many',
    () => relined(partly(), 'proofs.jsonl', (lines) => [...lines, '{"hashes":[],"index":39}']),
    /more lines than/,
  ],
  ['proofs out of order', () => relined(partly(), 'proofs.jsonl', (lines) => lines.toReversed()), /follows entry/],
  [
    'an entry without its proof',
    () => reworded(partly(), 'proofs.jsonl', 5, (line) => line.replace(/"hashes":.*\],/, '')),
    /no proof, and a head covers it/,
  ],
  [
    'a proof that is written otherwise',
    () => reworded(partly(), 'proofs.jsonl', 5, (line) => line.replace('=', '')),
    /its member hashes/,
  ],
  [
    'a clear value that was not committed to',
    () => reworded(named(), 'disclosures.jsonl', 3, (line) => line.replace('"value":"', '"value":"x')),
    /commitment is to another value/,
    { file: 'disclosures.jsonl', line: 4 },
  ],
  [
    'clear values out of order',
    () => relined(named(), 'disclosures.jsonl', (lines) => lines.toReversed()),
    /out of order/,
  ],
  [
    'a clear value twice',
    () => relined(named(), 'disclosures.jsonl', (lines) => [lines[0] ?? '', ...lines]),
    /out of order/,
  ],
  [
    'a clear value of another log',
    () =>
      relined(named(), 'disclosures.jsonl', (lines) =>
        [...lines, bytesOf(named(), 'disclosures.jsonl').toString().split('\n')[0] ?? ''].sort(),
      ),
    /no entry holds hmac-sha256/,
  ],
];

test.each(cases)('%s is found', (_, make, why, at = {}) => {
  const { ok, problems } = check(make());
  expect(ok).toBe(false);
  expect(problems).toContainEqual(expect.objectContaining({ ...at, what: expect.stringMatching(why) }));
});
