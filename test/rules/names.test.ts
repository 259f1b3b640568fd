import { expect, test } from 'vitest';
import { files } from './sources.ts';

test('code lives in electron, renderer, station-core, drivers, test and build, and nowhere else', () => {
  const folders = new Set(
    files()
      .filter((path) => path.includes('/'))
      .map((path) => path.split('/')[0] ?? ''),
  );
  const allowed = ['electron', 'renderer', 'station-core', 'drivers', 'test', 'build', '.ci', 'docs'];
  expect([...folders].filter((folder) => !allowed.includes(folder))).toEqual([]);
});

test('no file or folder has one of the names that say nothing', () => {
  const empty = /(^|[/.-])(manager|helper|helpers|util|utils|common|misc|index)(\.[a-z]+)*($|[/.-])/;
  expect(files().filter((path) => empty.test(path) && path !== 'renderer/index.html')).toEqual([]);
});
