import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { repeatMs } from '../../renderer/scanner.ts';
import { axeInBoth } from './axe.ts';
import { labelsOf, laneLooks, onBothHosts, scan } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

// A shift: 20 units on 4 lanes by scans and keys alone, with failures on the way. Labels of the practice line that end in X
// stick on wrong units.

const units = 20;

/** Records what would be heard: a machine without a loudspeaker has no other witness. */
async function listenTo(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    const set = AudioParam.prototype.setValueAtTime;
    AudioParam.prototype.setValueAtTime = function (hertz, at) {
      heard.push(hertz);
      return set.call(this, hertz, at);
    };
  });
  return () => page.evaluate(() => (window as unknown as { heard: number[] }).heard.splice(0));
}

/** Where every tile stands; whatever happens in it. */
const places = (page: Page) =>
  page.locator('[data-lane]').evaluateAll((tiles) =>
    tiles.map((tile) => {
      const { x, y, width, height } = tile.getBoundingClientRect();
      return [x, y, width, height].map(Math.round).join(' ');
    }),
  );

onBothHosts('a shift of 20 units on 4 lanes', { lanes: 4 }, (opened) => {
  test('every unit gets its verdict, nothing moves, and the count of the session is right', async () => {
    const { page } = opened();
    await page.getByText('Scan a unit').waitFor();
    const heard = await listenTo(page);
    const before = await places(page);
    const wrong = (await labelsOf(page)).find((one) => one.endsWith('-X')) ?? '';
    let [passed, failed] = [0, 0];
    const made: string[] = [];
    for (let unit = 1; unit <= units; unit++) {
      // Every fifth scan is of the label that sticks on a wrong unit.
      const right = (await labelsOf(page)).find((one) => !one.endsWith('-X') && !made.includes(one));
      const next = unit % 5 === 0 ? wrong : right;
      await page.keyboard.press(`F${((unit - 1) % 4) + 1}`);
      if (next === wrong) await page.waitForTimeout(repeatMs);
      await scan(page, next ?? '');
      const lane = ((unit - 1) % 4) + 1;
      await page
        .locator(`[data-lane="${lane}"]`)
        .getByText(next ?? '', { exact: true })
        .first()
        .waitFor();
      await laneLooks(page, lane, unit % 5 === 0 ? 'failed' : 'passed');
      if (unit % 5 === 0) failed++;
      else passed++;
      expect(await places(page)).toEqual(before);
      // Labels of units that were made leave the row of labels a moment later.
      made.push(next ?? '');
      await page.getByText(`${passed} passed, ${failed} failed`).waitFor();
    }
    expect([passed, failed]).toEqual([16, 4]);
    const tones = await heard();
    expect(tones).toContain(2_200);
    expect(tones).toContain(1_400);
    expect(tones).toContain(900);
    expect(await axeInBoth(page)).toEqual([]);
    expect(await stickingOut(page)).toEqual([]);
  });

  test('what is muted is seen, is not heard, and ends with the sign-out', async () => {
    const { page } = opened();
    const heard = await listenTo(page);
    await page.getByRole('button', { name: 'Sound' }).press('Enter');
    await page.getByRole('button', { name: 'MUTED' }).waitFor();
    const wrong = (await labelsOf(page)).find((one) => one.endsWith('-X')) ?? '';
    await page.keyboard.press('F1');
    await page.waitForTimeout(repeatMs); // sooner it would be the same scan
    await scan(page, wrong);
    await laneLooks(page, 1, 'failed');
    expect(await heard()).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByRole('button', { name: /^Tess Technician/ }).press('Enter');
    await page.getByRole('button', { name: 'Sound' }).waitFor();
  });

  test('three units with the same failure are one alarm, which Escape acknowledges', async () => {
    const { page, host } = opened();
    const wrong = (await labelsOf(page)).find((one) => one.endsWith('-X')) ?? '';
    for (const lane of [2, 3, 4]) {
      await page.waitForTimeout(repeatMs);
      await page.keyboard.press(`F${lane}`);
      await scan(page, wrong);
      await page.locator(`[data-lane="${lane}"]`).getByText(wrong, { exact: true }).first().waitFor();
      await laneLooks(page, lane, 'failed');
    }
    await page.getByRole('alert').getByText('3 ALIKE').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('unit.serial-mismatch');
    if (host === 'browser') await shootAll(page, 'alarm');
    expect(await stickingOut(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByText('3 ALIKE').waitFor({ state: 'detached' });
    await page.getByRole('status').getByText('FAIL').waitFor();
  });

  test('nothing was complained about', () => {
    expect(opened().complaints).toEqual([]);
  });
});
