import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStation } from '../../../../station-core/open-station.ts';
import { prepareFolder } from '../../../../station-core/practice.ts';
import { holdFolder } from '../../../../station-core/store/lock.ts';
import { birthmark } from '../../../suites/birthmark.ts';
import { Exported } from '../../../suites/exported.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

let folder: string;
let key: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
  prepareFolder(folder, 1);
  await (await openStation(folder, {}, 'a test')).close();
  key = join(folder, 'log.key');
  writeFileSync(key, (await birthmark(['audit', 'key', '--station', folder])).out);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const exporting = (...args: string[]) => birthmark(['audit', 'export', '--station', folder, ...args]);
const verify = (out: string) => birthmark(['--key', key, out], 'birthmark-verify');
const newFolder = () => join(temporaryFolder(), 'out');

test.each([['jsonl'], ['csv'], ['tiles']])(
  'an export as %s lies where it was asked for, and birthmark-verify accepts it',
  async (format) => {
    const out = newFolder();
    const { code, out: said } = await exporting('--format', format, '--out', out, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(said)).toMatchObject({ schema: 1, folder: out, problems: [], proven: true });
    expect(new Exported(out).wrong()).toEqual([]);
    expect(await verify(out)).toMatchObject({ code: 0, err: '' });
  },
);

test('without a place it stays with the station, and its place is said', async () => {
  const { code, out } = await exporting('--format', 'csv');
  const [place = ''] = out.match(/\/.*exports\/\S+/) ?? [];
  expect([code, existsSync(join(place, 'entries.csv'))]).toEqual([0, true]);
});

test('beside a station that runs, that station makes the export and signs for it', async () => {
  const running = await openStation(folder, {}, 'a test');
  try {
    const out = newFolder();
    const { code, err } = await exporting('--format', 'jsonl', '--out', out);
    expect([code, err]).toEqual([0, '']);
    expect(await verify(out)).toMatchObject({ code: 0 });
    const named = newFolder();
    expect(await exporting('--format', 'jsonl', '--names', '--out', named)).toMatchObject({ code: 0 });
    expect(new Exported(named).text('disclosures.jsonl')).toContain('Lee Lead');
  } finally {
    await running.close();
  }
});

test('a folder that somebody holds and nobody answers for is exported without a seal, and that is no damage', async () => {
  const hold = holdFolder(folder, 'somebody');
  try {
    const out = newFolder();
    const { code, err } = await exporting('--format', 'jsonl', '--out', out);
    expect([code, err]).toEqual([0, expect.stringMatching(/Not sealed: .*somebody.*holds/s)]);
    const exported = new Exported(out);
    expect([exported.names.includes('seal.json'), exported.manifest.problems]).toEqual([false, []]);
    expect(await verify(out)).toMatchObject({ code: 0 });
    expect(readdirSync(join(out, '..'))).toEqual(['out']);
    expect(await exporting('--format', 'jsonl', '--names', '--out', newFolder())).toMatchObject({ code: 2 });
  } finally {
    hold.release();
  }
});

test('a place that is taken is refused before anything is made', async () => {
  const out = temporaryFolder();
  writeFileSync(join(out, 'a file'), 'x');
  const before = readdirSync(join(folder, 'exports'));
  expect(await exporting('--format', 'jsonl', '--out', out)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/a folder that is not there yet, or is empty/) as string,
  });
  expect(await exporting('--format', 'jsonl', '--out', join(out, 'a file'))).toMatchObject({ code: 2 });
  expect([readdirSync(out), readdirSync(join(folder, 'exports'))]).toEqual([['a file'], before]);
  const empty = join(out, 'empty');
  mkdirSync(empty);
  expect(await exporting('--format', 'jsonl', '--out', empty)).toMatchObject({ code: 0 });
});

test.each([
  ['--from', '2026-02-30'],
  ['--to', 'yesterday'],
  ['--format', 'xml'],
])('%s %s is refused with what it should be', async (option, value) => {
  const format = option === '--format' ? [] : ['--format', 'csv'];
  const { code, err } = await exporting(...format, option, value);
  expect(code).not.toBe(0);
  expect(err).toMatch(/It must be a day like|Allowed choices/);
});

test('a day is taken whole', async () => {
  const out = newFolder();
  await exporting('--format', 'jsonl', '--from', '2026-01-02', '--to', '2026-01-03', '--out', out);
  const { filter, entries } = new Exported(out).manifest;
  expect(filter).toEqual({ from: '2026-01-02T00:00:00.000Z', to: '2026-01-04T00:00:00.000Z' });
  // Nothing happened then: what stays is the entry that names the key.
  expect(entries).toBe(1);
});

test('a folder without a station is an error, and no export', async () => {
  const out = newFolder();
  const ran = await birthmark(['audit', 'export', '--station', temporaryFolder(), '--format', 'csv', '--out', out]);
  expect([ran.code, existsSync(out)]).toEqual([2, false]);
});

test('a log that does not hold is exported all the same, and the answer says where it does not', async () => {
  const db = new Database(join(folder, 'station.db'));
  const trigger = db
    .prepare<[], string>(`SELECT sql FROM sqlite_schema WHERE name = 'audit_is_append_only_u'`)
    .pluck()
    .get();
  db.exec('DROP TRIGGER audit_is_append_only_u');
  db.exec(`UPDATE audit_entry SET bytes = replace(bytes, '"ok"', '"no"') WHERE seq = 3`);
  db.exec(trigger ?? '');
  db.close();
  const out = newFolder();
  const { code, err } = await exporting('--format', 'jsonl', '--out', out);
  expect([code, err]).toEqual([1, expect.stringMatching(/does not hold\. entry 3: /)]);
  expect(new Exported(out).manifest.problems[0]).toMatchObject({ where: 'entry 3' });
  expect(await verify(out)).toMatchObject({ code: 1 });
  expect(await birthmark(['audit', 'verify', '--station', folder])).toMatchObject({
    code: 1,
    out: expect.stringMatching(/does not hold at entry 3/) as string,
  });
});

test('a station whose database cannot be opened by it is exported read-only, and the manifest says why', async () => {
  const db = new Database(join(folder, 'station.db'));
  db.exec(`UPDATE migration SET sha256 = 'x' WHERE file LIKE '0001%'`);
  db.close();
  const out = newFolder();
  const { code, err } = await exporting('--format', 'csv', '--out', out);
  expect([code, err]).toEqual([1, expect.stringMatching(/Not sealed: .*the migration was changed/s)]);
  expect(new Exported(out).manifest.problems).toContainEqual({
    where: 'station.db',
    what: expect.stringMatching(/the migration was changed/) as string,
  });
});
