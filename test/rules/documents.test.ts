import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { files, sources, top } from './sources.ts';

const read = (path: string) => readFileSync(join(top, path), 'utf8');
const documents = files().filter((path) => path.endsWith('.md'));

test('every link between the documents leads somewhere', () => {
  const broken = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(join(top, dirname(path), target)))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every page that a comment points to is there', () => {
  const pages = sources().flatMap((path) => [...read(path).matchAll(/docs\/[\w-]+\.md/g)].map(([page]) => page));
  expect(pages.length).toBeGreaterThan(10);
  expect([...new Set(pages)].filter((page) => !existsSync(join(top, page)))).toEqual([]);
});

test('every rule that code or tests cite stands in the list of rules', () => {
  const known = new Set(
    read('docs/rules.md')
      .match(/^\| F-\d+/gm)
      ?.map((row) => row.slice(2)),
  );
  const cited = files()
    .filter((path) => /^(drivers|station-core|renderer|electron|test|build)\/.*\.(tsx?|md)$/.test(path))
    .flatMap((path) => [...read(path).matchAll(/\(?\b(F-\d{2,3})\b/g)].map((match) => match[1] ?? ''));
  expect([...new Set(cited)].filter((rule) => !known.has(rule))).toEqual([]);
});

test('every folder of the station and its drivers says in a README what it is for', () => {
  const folders = new Set(
    sources()
      .map((path) => dirname(path))
      .filter((folder) => /^([\w-]+|(station-core|drivers)\/[\w-]+)$/.test(folder)),
  );
  const silent = [...folders].filter((folder) => !existsSync(join(top, folder, 'README.md')));
  expect(silent).toEqual([]);
});
