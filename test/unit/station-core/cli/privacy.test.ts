import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenStation, openStation } from '../../../../station-core/open-station.ts';
import { makeOrder, prepareFolder, recipeOf } from '../../../../station-core/practice.ts';
import { birthmark, said } from '../../../suites/air-gap.ts';

// The commands as a person types them, beside a station that runs and without one.

let folder: string;
let opened: OpenStation;
let labels: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
  prepareFolder(join(folder, 'line'), 1);
  const file = join(folder, 'line', 'station.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...config, retention: { backupDays: 35 } }));
  opened = await openStation(join(folder, 'line'), {}, 'test');
  ({ labels } = await makeOrder(opened.station, await recipeOf(opened.station, 'symmetric-group'), 3));
});
afterAll(async () => {
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => birthmark(folder, [...args, '--json']);
const at = ['--station', 'line'] as const;

test('a running station gives, holds and erases by its door, and notes a backup that was made beside it', {
  timeout: 120_000,
}, async () => {
  const [unit = '', other = ''] = labels;
  expect(await run('privacy', 'export', '--unit', unit, '--out', 'unit.json', ...at)).toMatchObject({ code: 0 });
  expect(statSync(join(folder, 'unit.json')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'unit.json'), 'utf8')).toContain(unit);
  const again = await run('privacy', 'export', '--unit', unit, '--out', 'unit.json', ...at);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('a new file')]);

  const held = await run('privacy', 'hold', '--unit', unit, '--reason', 'a claim', ...at);
  expect(said(held)).toMatchObject({ hold: 1 });
  const refused = await run('privacy', 'erase', '--unit', unit, '--reason', 'asked', '--yes', ...at);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('birthmark privacy release 1')]);
  expect(await run('privacy', 'release', '1', ...at)).toMatchObject({ code: 0 });
  const unasked = await run('privacy', 'erase', '--unit', unit, '--reason', 'asked', ...at);
  expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining('--yes')]);
  const erased = await run('privacy', 'erase', '--unit', unit, '--reason', 'asked', '--yes', ...at);
  expect(erased).toMatchObject({ code: 0, err: expect.stringContaining('What stays, and why:') });
  expect(said(erased)).toMatchObject({ erased: { units: 1 } });
  expect(said(await run('privacy', 'holds', ...at))).toMatchObject({
    holds: [{ id: 1, scope: 'unit', reason: 'a claim' }],
  });

  const made = await run('backup', '--out', 'backup', ...at);
  expect(made).toMatchObject({ code: 0 });
  const { manifest, expires } = said(made);
  const entry = opened.station.records.db
    .prepare<[], string>('SELECT bytes FROM audit_entry ORDER BY seq DESC')
    .pluck()
    .all();
  expect(JSON.parse(entry.find((bytes) => bytes.includes('backup.made')) ?? '{}')).toMatchObject({
    details: { manifest, expires },
  });
  expect(await run('restore', 'backup', '--station', 'there')).toMatchObject({ code: 0 });
  const there = readFileSync(join(folder, 'there', 'station.db'));
  expect([there.includes(unit), there.includes(other)]).toEqual([false, true]);
  expect(await run('fsck', '--station', 'there')).toMatchObject({ code: 0 });
  expect(await run('restore', 'backup', '--station', 'line')).toMatchObject({ code: 2 });
  expect(said(await run('backup', '--prune', '.', ...at))).toEqual({ schema: 1, removed: [] });
});

test('what is asked of nobody is refused with what to say', { timeout: 60_000 }, async () => {
  const nobody = await run('privacy', 'erase', '--reason', 'asked', '--yes', ...at);
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('--person or --unit')]);
  const unknown = await run('privacy', 'export', '--person', 'Nobody', '--out', 'nobody.json', ...at);
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('privacy.unknown')]);
  expect(existsSync(join(folder, 'nobody.json'))).toBe(false);
});
