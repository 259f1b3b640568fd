import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { firstDifference, hashFolder, hashOf } from '../../../electron/hashes.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

function delivered(): string {
  const folder = join(temporaryFolder(), 'station');
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  for (let at = 0; at < 50; at++) writeFileSync(join(folder, 'a', `${at}.js`), `file ${at}`);
  writeFileSync(join(folder, 'a', 'b', 'large'), Buffer.alloc(3_000_000, 7));
  return folder;
}

test('a folder as it was delivered has no difference, wherever it was copied to', async () => {
  const folder = delivered();
  const hashes = await hashFolder(folder);
  expect(Object.keys(hashes)).toHaveLength(51);
  expect(hashes['a/7.js']).toBe(hashOf(Buffer.from('file 7')));
  expect(hashes['a/b/large']).toBe(hashOf(Buffer.alloc(3_000_000, 7)));
  expect(await firstDifference(folder, hashes)).toBeUndefined();
  const copy = join(folder, '..', 'elsewhere');
  cpSync(folder, copy, { recursive: true });
  expect(await firstDifference(copy, hashes)).toBeUndefined();
});

const changes: readonly [string, (folder: string) => void, object][] = [
  ['a byte that changed', (at) => writeFileSync(join(at, 'a', '7.js'), 'file 8'), { file: 'a/7.js', is: 'changed' }],
  ['a file that is missing', (at) => rmSync(join(at, 'a', 'b', 'large')), { file: 'a/b/large', is: 'missing' }],
  ['a file that was added', (at) => writeFileSync(join(at, 'empty', 'x.js'), ''), { file: 'empty/x.js', is: 'added' }],
  ['a link that was added', (at) => symlinkSync('7.js', join(at, 'a', '77.js')), { file: 'a/77.js', is: 'added' }],
];
test.each(changes)('%s is found, and named', async (_, change, found) => {
  const folder = delivered();
  const hashes = await hashFolder(folder);
  change(folder);
  expect(await firstDifference(folder, hashes)).toEqual(found);
});

test('a name that JavaScript keeps for itself is a file like another', async () => {
  const folder = delivered();
  const hashes = await hashFolder(folder);
  for (const name of ['__proto__', 'constructor']) {
    writeFileSync(join(folder, name), '');
    expect(await firstDifference(folder, hashes)).toEqual({ file: name, is: 'added' });
    rmSync(join(folder, name));
  }
});
