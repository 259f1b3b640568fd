import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter(Boolean);

test('code lives in electron, renderer, station-core, drivers, test and build, and nowhere else', () => {
  const folders = new Set(tracked.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
  const allowed = ['electron', 'renderer', 'station-core', 'drivers', 'test', 'build', '.ci', 'docs'];
  expect([...folders].filter((folder) => folder !== undefined && !allowed.includes(folder))).toEqual([]);
});

test('no file or folder has one of the names that say nothing', () => {
  const empty = /(^|[/.-])(manager|helper|helpers|util|utils|common|misc|index)(\.[a-z]+)*($|[/.-])/;
  expect(tracked.filter((path) => empty.test(path) && path !== 'renderer/index.html')).toEqual([]);
});
