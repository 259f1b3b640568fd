import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { moveExport, refuseTaken } from '../../../../station-core/cli/export-place.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

/** A folder like an export, with a folder in it. */
function exportIn(folder: string): string {
  const path = join(folder, 'export');
  mkdirSync(join(path, 'tile', '0'), { recursive: true });
  writeFileSync(join(path, 'manifest.json'), '{}');
  writeFileSync(join(path, 'tile', '0', '000'), 'hashes');
  return path;
}

const contentOf = (path: string) => [
  readFileSync(join(path, 'manifest.json'), 'utf8'),
  readFileSync(join(path, 'tile', '0', '000'), 'utf8'),
];

test('an export is moved whole, also into folders that are not there yet', async () => {
  const folder = temporaryFolder();
  const from = exportIn(folder);
  const to = join(folder, 'a', 'b');
  await moveExport(from, to);
  expect([contentOf(to), existsSync(from)]).toEqual([['{}', 'hashes'], false]);
});

/** A file system in memory, which is another one than that of temporary files on most machines. */
const memory = '/dev/shm';
const isOther = existsSync(memory) && statSync(memory).dev !== statSync(tmpdir()).dev;

test.runIf(isOther)('an export is moved to another disk by a copy, and nothing of it stays here', async () => {
  const from = exportIn(temporaryFolder());
  const other = mkdtempSync(join(memory, 'birthmark-test-'));
  onTestFinished(() => rmSync(other, { recursive: true }));
  await moveExport(from, join(other, 'moved'));
  expect([contentOf(join(other, 'moved')), existsSync(from)]).toEqual([['{}', 'hashes'], false]);
  expect(readdirSync(other)).toEqual(['moved']);
});

test('a place below a file is refused, and the export stays where it was', async () => {
  const folder = temporaryFolder();
  const from = exportIn(folder);
  await expect(moveExport(from, join(from, 'manifest.json', 'out'))).rejects.toMatchObject({
    code: 'audit.not-written',
  });
  expect(contentOf(from)).toEqual(['{}', 'hashes']);
});

test('a folder with something in it is taken, an empty one is not', () => {
  const folder = temporaryFolder();
  expect(() => refuseTaken(folder)).not.toThrow();
  exportIn(folder);
  expect(() => refuseTaken(folder)).toThrow(/not there yet, or is empty/);
});
