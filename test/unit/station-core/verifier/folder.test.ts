import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Problem } from '../../../../station-core/verifier/findings.ts';
import { verify } from '../../../../station-core/verifier/verify.ts';
import { bytesOf, exportOf, logOf, relined, remade, replaced, unitOf, without } from '../../../suites/audit-edits.ts';
import { type Files, makeExport } from '../../../suites/audit-export.ts';
import { check, written } from '../../../suites/audit-verified.ts';

type Case = [what: string, make: () => Files, why: RegExp, at?: Partial<Problem>];

const file = 'manifest.json';
const saying = (says: Parameters<typeof remade>[1]) => () => remade(exportOf(), says);
const tiles = () => exportOf({ entries: 300 }, { kind: 'tiles' });
const bundle = 'tile/entries/001.p/44';

function unit(): Files {
  const log = logOf();
  return makeExport(log, { kind: 'unit', filter: { unit: unitOf(log) } });
}

/** Tiles, one file of which was changed, with a manifest that names it as it is now. */
const retiled = (name: string, change: (bytes: Buffer) => Buffer) => () => {
  const files = tiles();
  return replaced(files, name, change(bytesOf(files, name)));
};

const cases: Case[] = [
  ['a missing file', () => without(exportOf(), 'heads.jsonl'), /is missing/, { file: 'heads.jsonl' }],
  ['a missing manifest', () => without(exportOf(), file), /is missing/, { file }],
  [
    'a file that does not belong',
    () => exportOf().set('notes.txt', Buffer.of(1)),
    /does not belong/,
    { file: 'notes.txt' },
  ],
  [
    'a folder that does not belong',
    () => exportOf().set('tile/0/000', Buffer.alloc(32)),
    /does not belong/,
    { file: 'tile' },
  ],
  [
    'a listed file that no such export has',
    () => replaced(exportOf(), 'notes.txt', 'hello'),
    /no export of this kind has it/,
  ],
  [
    'a file that the manifest does not list',
    () => remade(without(exportOf(), 'checkpoint')),
    /does not list it/,
    { file: 'checkpoint' },
  ],
  ['a manifest that is no JSON', () => exportOf().set(file, Buffer.from('{\n')), /not JSON/, { file }],
  ['a manifest of a newer version', saying({ v: 2 }), /made by a newer version \(2; this verifier knows 1\)/, { file }],
  ['a manifest of no version', saying({ v: 0 }), /its version is 0/],
  ['a manifest with another member', saying({ more: 1 }), /member "more" that does not belong/],
  [
    'a manifest with a member missing',
    () => exportOf().set(file, Buffer.from('{"v":1}\n')),
    /its member kind is missing/,
  ],
  ['a manifest of an unknown kind', saying({ kind: 'xml' }), /its member kind/],
  [
    'problems that the station found',
    saying({ problems: [{ what: 'its hash is another', where: 'entry 3' }] }),
    /the station itself found something wrong: entry 3/,
  ],
  ['another schema of the database', saying({ schema: { expected: 'a'.repeat(64), found: 'b'.repeat(64) } }), /schema/],
  ['another number of entries', saying({ entries: 39, complete: false }), /manifest says 39/],
  ['a size that is too small', saying({ size: 39, entries: 39, sealed: 39 }), /entry 39 is here/],
  ['more entries sealed than there are', saying({ sealed: 41 }), /41 entries are sealed, of 40/],
  ['another number of sealed entries', saying({ sealed: 30 }), /newest head is over 40/],
  ['another number of heads', saying({ heads: 5 }), /4 heads are here, and the manifest says 5/],
  ['another software', saying({ software: '9.9.9' }), /its software/],
  ['another origin', saying({ origin: 'elsewhere' }), /its origin is elsewhere/],
  ['a filter beside completeness', saying({ filter: { order: 'spring' } }), /complete, and filtered/],
  ['completeness with some of the entries', saying({ size: 50 }), /complete, with 40 of 50/],
  [
    'a changed document',
    () => exportOf({}, { kind: 'csv' }).set('entries.csv', Buffer.from('seq,action\r\n0,station.foundad\r\n')),
    /SHA-256/,
    { file: 'entries.csv' },
  ],
  [
    'a longer document',
    () => exportOf({}, { kind: 'pdf' }).set('report.pdf', Buffer.from('%PDF')),
    /4 bytes, and the manifest says/,
    { file: 'report.pdf' },
  ],
  [
    'a document without a seal',
    () => remade(exportOf({}, { kind: 'csv' })),
    /nobody vouches for it/,
    { file: 'entries.csv' },
  ],
  [
    'a changed tile',
    retiled('tile/0/000', (bytes) => Buffer.from(bytes).fill(1, 9, 10)),
    /hashes are not those/,
    { file: 'tile/0/000' },
  ],
  [
    'a longer tile',
    retiled('tile/0/001.p/44', (bytes) => Buffer.concat([bytes, Buffer.alloc(32)])),
    /hashes are not those/,
  ],
  [
    'a changed bundle',
    retiled('tile/entries/000', (bytes) => Buffer.from(bytes.toString('latin1').replace('autumn', 'summer'), 'latin1')),
    /is not the one that entry/,
    { file: 'tile/entries/000' },
  ],
  [
    'a cut bundle',
    retiled(bundle, (bytes) => bytes.subarray(0, -5)),
    /cut within this entry/,
    { entry: 299, file: bundle },
  ],
  [
    'a bundle with more',
    retiled(bundle, (bytes) => Buffer.concat([bytes, Buffer.of(0)])),
    /goes on after its last entry/,
  ],
  ['a missing bundle', () => without(tiles(), 'tile/entries/000'), /is missing/, { file: 'tile/entries/000' }],
  [
    'a partial tile beside the full one',
    () => replaced(tiles(), 'tile/0/000.p/5', bytesOf(tiles(), 'tile/0/000').subarray(0, 160)),
    /no export of this kind/,
  ],
  [
    'a tlog-proof of another entry',
    () => {
      const files = unit();
      return replaced(
        files,
        'unit.tlog-proof',
        bytesOf(files, 'unit.tlog-proof')
          .toString()
          .replace(/index \d+/, 'index 1'),
      );
    },
    /inclusion proof/,
    { file: 'unit.tlog-proof' },
  ],
  [
    'a tlog-proof of an entry elsewhere',
    () => {
      const files = unit();
      return replaced(
        files,
        'unit.tlog-proof',
        bytesOf(files, 'unit.tlog-proof')
          .toString()
          .replace(/index \d+/, 'index 9'),
      );
    },
    /entry 9, which is not here/,
  ],
  [
    'a tlog-proof under another checkpoint',
    () => {
      const files = unit();
      return replaced(files, 'unit.tlog-proof', `${bytesOf(files, 'unit.tlog-proof')}\n`);
    },
    /not that of the export/,
  ],
  [
    'a tlog-proof of another version',
    () => {
      const files = unit();
      return replaced(files, 'unit.tlog-proof', bytesOf(files, 'unit.tlog-proof').toString().replace('@v1', '@v2'));
    },
    /no tlog-proof/,
  ],
];

test.each(cases)('%s is found', (_, make, why, at = {}) => {
  const { ok, problems } = check(make());
  expect(ok).toBe(false);
  expect(problems).toContainEqual(expect.objectContaining({ ...at, what: expect.stringMatching(why) }));
});

test('links and what is no file are refused', () => {
  const path = written(exportOf());
  rmSync(join(path, 'entries.jsonl'));
  symlinkSync('heads.jsonl', join(path, 'entries.jsonl'));
  mkdirSync(join(path, 'empty'));
  const { ok, problems } = verify(path, []);
  const odd = problems.filter(({ what }) => what.includes('no file')).map((problem) => problem.file);
  expect([ok, odd.sort()]).toEqual([false, ['empty', 'entries.jsonl']]);
});

test('what is no folder cannot be looked at', () => {
  expect(() => verify('/nowhere/at/all', [])).toThrow('ENOENT');
});

test('no more than twenty problems are reported', () => {
  const files = relined(exportOf(), 'entries.jsonl', (lines) => lines.map((line) => line.replace('"b-1"', '"b-2"')));
  expect(check(files).problems).toHaveLength(20);
});

test('what stands in an export moves no cursor', () => {
  const [problem] = check(exportOf().set('\x1b[2Jnotes\n', Buffer.of(1))).problems;
  expect(problem?.file).toBe('?[2Jnotes?');
});
