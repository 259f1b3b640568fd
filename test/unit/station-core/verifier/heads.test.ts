import { expect, test } from 'vitest';
import type { Problem } from '../../../../station-core/verifier/findings.ts';
import {
  bytesOf,
  exportOf,
  logOf,
  relined,
  remade,
  replaced,
  resealed,
  reworded,
} from '../../../suites/audit-edits.ts';
import { type Files, makeExport, pairs } from '../../../suites/audit-export.ts';
import { MadeLog, newPair, type Pair } from '../../../suites/audit-log.ts';
import { check } from '../../../suites/audit-verified.ts';

type Case = [what: string, make: () => Files, why: RegExp, at?: Partial<Problem>];

const file = 'heads.jsonl';
const [first, second, third] = pairs as [Pair, Pair, Pair];
const lined = (change: (lines: string[]) => readonly string[]) => relined(exportOf(), file, change);
const other = () => makeExport(logOf({}, 'line-4'));
const p256 = second.p256.spki.toString('base64');

/** A log of 30 entries and what `act` does to it. */
function log(act: (log: MadeLog) => void): Files {
  const made = logOf({ entries: 30 });
  act(made);
  return makeExport(made);
}

function keyless(): Files {
  const made = new MadeLog();
  made.add('station.founded');
  made.makeKey(first);
  return remade(
    relined(makeExport(made), 'entries.jsonl', (lines) => lines.slice(0, 1)),
    { size: 1, entries: 1, sealed: 1 },
  );
}

/** A partial export from which the entry that names a key was taken. */
function unnamed(action: string): Files {
  const files = exportOf({ rotateAt: 21 }, { filter: { order: 'spring' } });
  const at = bytesOf(files, 'entries.jsonl')
    .toString()
    .split('\n')
    .findIndex((line) => line.includes(action));
  for (const name of ['entries.jsonl', 'proofs.jsonl']) relined(files, name, (lines) => lines.toSpliced(at, 1));
  return files;
}

const cases: Case[] = [
  ['a log without any head', () => makeExport(logOf({ entries: 5 }), { sealed: false }), /nothing is sealed/],
  ['an empty log', () => makeExport(new MadeLog(), { sealed: false }), /nothing is sealed/],
  ['a head removed', () => lined((lines) => lines.toSpliced(1, 1)), /head 3 follows head 1/, { file, line: 2 }],
  [
    'heads swapped',
    () => lined((lines) => lines.with(1, lines[2] ?? '').with(2, lines[1] ?? '')),
    /head 3 follows head 1/,
  ],
  [
    'a head doubled',
    () => lined((lines) => lines.toSpliced(1, 0, lines[1] ?? '')),
    /head 2 follows head 2/,
    { line: 3 },
  ],
  [
    'the newest head removed',
    () => lined((lines) => lines.slice(0, -1)),
    /not the newest head/,
    { file: 'checkpoint' },
  ],
  [
    'an older checkpoint',
    () => replaced(exportOf(), 'checkpoint', bytesOf(exportOf({ entries: 30 }), 'checkpoint')),
    /not the newest head/,
  ],
  [
    'a checkpoint with another signature',
    () => replaced(exportOf(), 'checkpoint', bytesOf(exportOf(), 'checkpoint')),
    /not the newest head/,
  ],
  [
    'a reason that is none',
    () => reworded(exportOf(), file, 0, (line) => line.replace('"why":"entries"', '"why":"fun"')),
    /its member why/,
    { line: 1 },
  ],
  [
    'a consistency proof of something else',
    () => reworded(exportOf(), file, 1, (line) => line.replace(/"consistency":\[".{3}/, '"consistency":["AAA')),
    /consistency proof/,
    { line: 2 },
  ],
  [
    'a first head with a proof',
    () =>
      reworded(exportOf(), file, 0, (line) => line.replace('"consistency":[', `"consistency":["${'A'.repeat(43)}="`)),
    /first head/,
    { line: 1 },
  ],
  [
    'a signature line that is none',
    () => reworded(exportOf(), file, 1, (line) => line.replace('\u2014 ', '- ')),
    /signature line/,
    { line: 2 },
  ],
  [
    'a line that is cut',
    () => replaced(exportOf(), file, bytesOf(exportOf(), file).subarray(0, -1)),
    /cut: its last line/,
  ],
  ['heads of another log', () => replaced(exportOf(), file, bytesOf(other(), file)), /it is of another log/],
  [
    'a log written anew by somebody without the key',
    () => replaced(exportOf({ pair: newPair() }), file, bytesOf(exportOf(), file)),
    /signed by another key \(ID/,
  ],
  ['a log that names no key', keyless, /no entry below it names the key/],
  ['a partial export without the first key', () => unnamed('audit.key-made'), /where key 1 is next|names the key/],
  ['a partial export without the second key', () => unnamed('audit.key-rotated'), /signed by another key \(ID/],
  [
    'an origin begun without a quote',
    () => log((made) => made.begin('again', third, 'key-lost', null)),
    /does not quote the last head/,
  ],
  [
    'an origin begun with a wrong quote',
    () =>
      log((made) =>
        made.begin('again', third, 'key-lost', { origin: made.origin, root: `${'A'.repeat(43)}=`, size: 30 }),
      ),
    /quotes another head/,
  ],
  ['an origin begun for no reason', () => log((made) => made.begin('again', third, 'boredom')), /its member why/],
  [
    'an origin begun under the same name',
    () => log((made) => made.begin(made.origin, third, 'key-lost')),
    /in force already/,
  ],
  [
    'a key that leaves one out',
    () => log((made) => made.add('audit.key-rotated', { details: { n: 3, p256 } })),
    /names key 3 of the log where key 2 is next/,
  ],
  ['a second first key', () => log((made) => made.makeKey(second)), /names key 2 by audit.key-made/],
  [
    'a key of another curve',
    () =>
      log((made) => made.add('audit.key-rotated', { details: { n: 2, p256: Buffer.alloc(91).toString('base64') } })),
    /a key of another kind/,
  ],
  [
    'a key off the curve',
    () =>
      log((made) =>
        made.add('audit.key-rotated', {
          details: { n: 2, p256: Buffer.from(second.p256.spki).fill(7, 60).toString('base64') },
        }),
      ),
    /a key that is none/,
  ],
  [
    'a rotation that the key before did not sign',
    () => log((made) => made.rotate(second, 'at once')),
    /signed by another key \(ID/,
    { file },
  ],
  [
    'a seal with another entry',
    () => resealed(exportOf(), { entry: '{}' }),
    /inclusion proof does not lead/,
    { file: 'seal.json' },
  ],
  ['a seal at another place', () => resealed(exportOf(), { index: 39 }), /inclusion proof/],
  ['a seal without its consistency', () => resealed(exportOf(), { consistency: [] }), /consistency proof/],
  ['a seal of another log', () => exportOf().set('seal.json', bytesOf(other(), 'seal.json')), /it is of another log/],
  [
    'a seal for another manifest',
    () => {
      const files = exportOf();
      const seal = bytesOf(files, 'seal.json');
      return remade(files, { madeAt: '2026-11-27T11:00:00.000Z' }).set('seal.json', seal);
    },
    /speaks of another export/,
    { file: 'seal.json' },
  ],
];

test.each(cases)('%s is found', (_, make, why, at = {}) => {
  const { ok, problems } = check(make());
  expect(ok).toBe(false);
  expect(problems).toContainEqual(expect.objectContaining({ ...at, what: expect.stringMatching(why) }));
});
