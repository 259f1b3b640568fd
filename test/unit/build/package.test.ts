import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageStation } from '../../../build/package-station.ts';
import { firstDifference, type Hashes, hashFolder } from '../../../electron/hashes.ts';
import { sources, top } from '../../rules/sources.ts';

// The station's folder of a packaged program: what is in it, and that it runs alone. The whole program:
// test/e2e/desktop-package.test.ts.

const { platform, arch } = process;
const scratch = mkdtempSync(join(tmpdir(), 'birthmark-package-'));
const folder = join(scratch, 'station');
let hashes: Hashes;
const files = () => Object.keys(hashes);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));
beforeAll(async () => {
  await packageStation(folder, platform, arch);
  hashes = await hashFolder(folder);
});

test('every program of the station is there as JavaScript, and nothing that only a workshop needs', () => {
  const programs = sources().filter((path) => /^(station-core|drivers)\/.*\.main\.ts$/.test(path));
  expect(programs.length).toBeGreaterThan(9);
  expect(programs.map((path) => path.replace(/ts$/, 'js')).filter((path) => !hashes[path])).toEqual([]);
  expect(
    files().filter((path) => /\.tsx?$|\.map$|README\.md$|\.(c|cc|cpp|h|gyp|o)$|^test\/|\/test\//.test(path)),
  ).toEqual([]);
  expect(files().length).toBeLessThan(1_500);
});

test('what the station reads by a path of its own is there', () => {
  const read = sources()
    .flatMap((path) =>
      [...readFileSync(join(top, path), 'utf8').matchAll(/[\w-]+\.(?:ttf|sql)\b/g)].map(([name]) => name),
    )
    .filter((name) => existsSync(join(top, 'station-core', 'audit', 'report', 'fonts', name)));
  expect(read.length).toBeGreaterThan(3);
  for (const name of read) expect(files()).toContain(`station-core/audit/report/fonts/${name}`);
  expect(files().filter((path) => /^station-core\/store\/.*\.sql$/.test(path)).length).toBeGreaterThan(3);
  for (const path of ['package.json', 'LICENSE', 'licences.txt', 'build/out/renderer/index.html'])
    expect(files()).toContain(path);
});

test('of what is compiled, only what this platform loads is there', () => {
  const compiled = files().filter((path) => path.endsWith('.node'));
  expect(compiled).toContain(`node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`);
  expect(compiled.filter((path) => !path.includes(`${platform}-${arch}`) && !path.includes('pkcs11'))).toEqual([]);
});

test('every package that came along has its licence in one file', () => {
  const text = readFileSync(join(folder, 'licences.txt'), 'utf8');
  const titles = [...text.matchAll(/^={80}\n(.+)$/gm)].map(([, title]) => title);
  expect(titles).toEqual(
    expect.arrayContaining([expect.stringMatching(/^zod \d/), expect.stringMatching(/^better-sqlite3 \d/)]),
  );
  expect(
    titles.filter((title) => !/\((MIT|ISC|BSD-\w+-\w+|0BSD|Apache-2\.0|.*BSD.*|as follows)\)$/.test(title ?? '')),
  ).toEqual([]);
});

test('no source starts a program by its TypeScript name alone', () => {
  const starting = sources().filter((path) => /^(station-core|drivers)\//.test(path));
  const alone = starting.filter((path) => {
    const text = readFileSync(join(top, path), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
    return /main\.ts['"`]/.test(text) && !/main\.js['"`]/.test(text);
  });
  expect(alone).toEqual([]);
});

test('it makes units and verifies logs with nothing but its own Node, from anywhere', { timeout: 60_000 }, () => {
  const run = (...args: string[]) =>
    spawnSync(
      join(folder, 'node'),
      args.map((one) => (one.endsWith('.js') ? join(folder, one) : one)),
      {
        cwd: '/',
        env: { PATH: '/usr/bin:/bin', HOME: scratch },
        encoding: 'utf8',
      },
    );
  const made = run(
    'station-core/cli.main.js',
    'practice',
    '--units',
    '2',
    '--lanes',
    '1',
    '--json',
    '--station',
    join(scratch, 'line'),
  );
  expect(made.stderr).not.toMatch(/Error/);
  expect(JSON.parse(made.stdout)).toMatchObject({ passed: 2 });
  expect(run('station-core/verifier/verify.main.js', '--help').stdout).toMatch(/birthmark-verify/);
});

test('it is as it was delivered after it ran, and a byte that changes is found', async () => {
  expect(await firstDifference(folder, hashes)).toBeUndefined();
  const file = 'station-core/host.main.js';
  writeFileSync(join(folder, file), `${readFileSync(join(folder, file), 'utf8')} `);
  expect(await firstDifference(folder, hashes)).toEqual({ file, is: 'changed' });
});
