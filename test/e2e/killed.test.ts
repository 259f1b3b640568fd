import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { top } from '../rules/sources.ts';
import { long } from '../suites/seed.ts';
import { labelsOf, laneLooks, onBothHosts, scan } from './hosts.ts';
import { shootAll } from './screens.ts';

/** A practice order has units for so many. */
const rounds = long ? 30 : 2;

const looks = (page: Page) =>
  page.locator('[data-lane]').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-look')));

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

  // openhtf#479, #508: whatever dies, lanes and verdicts are back. Pages die by a reload in the middle of a unit, stations by a kill.
  test(`brings lanes and verdicts back, ${rounds} times, whether the page or the station died in the middle of a unit`, {
    timeout: rounds * 60_000,
  }, async () => {
    const { page, host, holdUnits, cutPower } = opened();
    for (let round = 0; round < rounds; round++) {
      const next = (await labelsOf(page)).find((one) => !one.endsWith('-X')) ?? '';
      const before = await looks(page);
      await page.keyboard.press('F4');
      if (host === 'desktop' && round % 2 === 0) {
        holdUnits();
        await scan(page, next);
        await laneLooks(page, 4, 'busy');
        await cutPower();
        await laneLooks(page, 4, 'errored');
        await page.getByText('Connected', { exact: true }).waitFor();
        await page.keyboard.press('F10');
      } else {
        await scan(page, next);
        await page.reload();
      }
      // A scan that the reload overtook is made now; the station says so of one that was made already.
      await laneLooks(page, 4, 'passed');
      expect((await looks(page)).slice(0, 3)).toEqual(before.slice(0, 3));
    }
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
