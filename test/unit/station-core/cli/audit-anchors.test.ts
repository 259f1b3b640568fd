import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, gappedFolder, birthmark as runs, said } from '../../../suites/air-gap.ts';
import { copyDatabase } from '../../../suites/anchored.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

test('a shift ends with a code; it finds the database of the day before, and two people let it go on', {
  timeout: 180_000,
}, async () => {
  const [folder, yesterday] = [gappedFolder(join(temporaryFolder(), 'line')), temporaryFolder()];
  const audit = (...args: string[]): Promise<Ended> =>
    // Standard input: no connection string.
    runs(folder, ['audit', ...args, '--station', folder], { input: '\n' });
  const first = await audit('checkpoint', '--shift-end', '--out', join(yesterday, 'shift.checkpoint'));
  expect(first).toMatchObject({ code: 0 });
  const code = /^Code +(\S+)$/m.exec(first.out)?.[1] ?? '';
  expect(await audit('compare', code)).toMatchObject({ code: 0 });
  expect(await audit('compare', join(yesterday, 'shift.checkpoint'))).toMatchObject({ code: 0 });
  expect(await audit('compare', `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`)).toMatchObject({ code: 2 });

  copyDatabase(folder, yesterday);
  const today = said(await audit('checkpoint', '--json'));
  copyDatabase(yesterday, folder);
  const stopped = await audit('checkpoint');
  expect(stopped).toMatchObject({ code: 2, err: expect.stringMatching(/\[audit\.(older|forked)\]/) as string });
  const view = await audit('anchors', '--json');
  expect(view.code).toBe(1);
  const { size, root } = (said(view).stopped as { details: { size: number; root: string } }).details;
  expect(stopped.err).toContain(`birthmark audit reconcile --size ${size} --root ${root}`);
  expect(size).toBeGreaterThan(Number(today.size));
  expect(await audit('reconcile', '--size', '1', '--root', root)).toMatchObject({ code: 2 });
  const made = said(await audit('reconcile', '--size', String(size), '--root', root, '--json'));
  expect(made.origin).not.toBe(today.origin);
  expect(await audit('anchors')).toMatchObject({ code: 0 });
  // What was left behind is no alarm, and is not called the same.
  writeFileSync(join(yesterday, 'today.checkpoint'), String(today.note));
  expect(await audit('compare', join(yesterday, 'today.checkpoint'))).toMatchObject({ code: 1 });
});
