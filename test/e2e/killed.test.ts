import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { top } from '../rules/sources.ts';
import { labelsOf, laneLooks, onBothHosts, scan } from './hosts.ts';
import { shootAll } from './screens.ts';

onBothHosts('a station that dies while a unit is being made', { lanes: 4 }, (opened) => {
  test('keeps every verdict, says that the unit was interrupted, and one key makes it once more', async () => {
    const { page, host, holdUnits, cutPower } = opened();
    await page.getByText('Scan a unit').waitFor();
    const [first, second] = await labelsOf(page);
    await scan(page, first ?? '');
    await laneLooks(page, 1, 'passed');
    holdUnits();
    await scan(page, second ?? '');
    await laneLooks(page, 2, 'busy');
    await cutPower();
    await page.getByText('Connected', { exact: true }).waitFor();
    await laneLooks(page, 1, 'passed');
    await laneLooks(page, 2, 'errored');
    const lane = page.locator('[data-lane="2"]');
    expect(await lane.textContent()).toContain('run.interrupted');
    expect(await lane.textContent()).toContain('Cause: the station');
    if (host === 'browser') await shootAll(page, 'interrupted');
    await lane.getByRole('button', { name: 'Once more F10' }).waitFor();
    await page.keyboard.press('F10');
    await laneLooks(page, 2, 'passed');
  });

  test('leaves records that agree with each other', () => {
    const { folder } = opened();
    for (const command of [['fsck'], ['audit', 'verify']]) {
      const args = [join(top, 'build', 'birthmark.mjs'), ...command, '--station', folder];
      const { status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      expect([command.join(' '), status]).toEqual([command.join(' '), 0]);
    }
  });

  test('nothing was complained about but the connection', () => {
    expect(opened().complaints.filter((one) => !/WebSocket|ERR_CONNECTION|net::/.test(one))).toEqual([]);
  });
});
