import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { practiceConfig } from '../../../../station-core/practice.ts';
import { TestStation } from '../../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  writeFileSync(join(line.folder, 'station.json'), JSON.stringify(practiceConfig(1)));
});
afterAll(() => line.close());

test('a backup is made beside the station, checked, listed, and in the audit; a second one waits', async () => {
  const stages = new Set<string>();
  line.station.onProgress((progress) => {
    if (progress.type === 'backup') stages.add(progress.stage);
  });
  const first = line.as('lead', 'backup.make', {});
  await expect(line.as('lead', 'backup.make', {})).rejects.toMatchObject({ code: 'backup.busy' });
  const made = await first;
  expect(existsSync(join(line.folder, 'backups', made.name, 'manifest.json'))).toBe(true);
  expect([...stages]).toEqual(['copying', 'reading', 'checking', 'verifying']);
  expect(await line.as('auditor', 'backup.list', {})).toMatchObject({ backups: [made], unread: [] });
  const entry = line.entries().find(({ action }) => action === 'backup.made');
  expect(entry).toMatchObject({ details: { entries: made.entries, bytes: made.bytes } });
});

test('what is no backup is told apart, and a folder that cannot be written is an error of its own', async () => {
  mkdirSync(join(line.folder, 'backups', 'backup-cut-short'));
  expect(await line.as('lead', 'backup.list', {})).toMatchObject({ backups: [{}], unread: ['backup-cut-short'] });
  rmSync(join(line.folder, 'backups'), { recursive: true });
  writeFileSync(join(line.folder, 'backups'), 'a file');
  await expect(line.as('lead', 'backup.make', {})).rejects.toMatchObject({ code: 'backup.failed' });
});
