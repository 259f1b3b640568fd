import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeBackup } from '../../../../station-core/backup/make.ts';
import { restore } from '../../../../station-core/backup/restore.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { Anchored } from '../../../suites/anchored.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

const quiet = () => undefined;

test('a backup that was put back is older than its anchors: nothing is made until two people agree to what was lost', async () => {
  const anchored = await Anchored.open();
  const { line } = anchored;
  writeFileSync(join(line.folder, 'station.json'), '{"schema":1}');
  const backup = join(temporaryFolder(), 'backup');
  const { labels } = await line.order('symmetric-individual', 3);
  await line.scan(1, labels[0] ?? '');
  const made = { folder: line.folder, out: backup, days: undefined, software: 'test', now: Date.now, progress: quiet };
  await makeBackup(made);
  await line.scan(1, labels[1] ?? '');
  await anchored.anchor();
  await line.stop();
  await restore({ backup, folder: line.folder, replace: true, expired: false, now: Date.now, progress: quiet });
  await line.start();
  expect(anchored.stopped?.code).toMatch(/^audit\.(older|forked)$/);
  const scanned = line.as('technician', 'run.start', { lane: 1, serial: labels[2] ?? '' });
  await expect(scanned).rejects.toMatchObject({ code: anchored.stopped?.code });
  await line.agreed('security-officer', 'audit.reconcile', anchored.knownElsewhere());
  expect(anchored.stopped).toBeUndefined();
  expect(await line.scan(1, labels[2] ?? '')).toMatchObject({ outcome: 'passed' });
  expect((await fsck(line.folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);
});
