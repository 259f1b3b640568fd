import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type PracticeLine, startPracticeLine } from './practice.ts';
import { shoot, sizes, stickingOut } from './screens.ts';

// A lane that stops since two units have one endorsement key, as a technician and a lead see it.

describe.each([2, 16])('%i lanes', (lanes) => {
  let line: PracticeLine;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    [line, browser] = await Promise.all([startPracticeLine(lanes, 'tpm'), launchChromium()]);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(line.address);
    await page.waitForSelector('[data-lane="1"]');
  });
  afterAll(async () => {
    await browser.close();
    await line.stop();
  });

  const scan = async (label: string, lane?: number) => {
    if (lane !== undefined) await page.keyboard.press(`F${lane}`);
    await page.keyboard.type(label);
    await page.keyboard.press('Enter');
  };
  const tile = (lane: number, look: string) => page.waitForSelector(`[data-lane="${lane}"][data-look="${look}"]`);

  test('a second unit with the same endorsement key fails, stops its lane, and a lead lets it go on', async () => {
    const [first = '', second = '', third = ''] = line.labels;
    await scan(first, 1);
    await tile(1, 'passed');
    // Somebody cloned the first unit's TPM.
    const memory = (label: string) => join(line.folder, 'practice', 'units', `${label}.tpm`);
    copyFileSync(memory(first), memory(second));
    await scan(second, 2);
    await tile(2, 'failed');
    const button = page.locator('[data-lane="2"] button', { hasText: 'release lane 2' });
    await button.waitFor();
    for (const size of sizes) {
      await page.setViewportSize(size);
      expect(await stickingOut(page)).toEqual([]);
      await shoot(page, `stopped-${lanes}-${size.width}`);
    }
    const says = await page.locator('[data-lane="2"] [data-says="error"]').textContent();
    expect(says).toContain(first);
    expect(says).toContain(second);
    // The stopped lane is not offered, and takes nothing.
    expect(await page.locator('[data-aim="next"]').getAttribute('data-lane')).toBe(lanes === 2 ? '1' : '3');
    await scan(third, 2);
    await page.getByText('lane.stopped').first().waitFor();
    await button.click();
    await button.waitFor({ state: 'detached' });
    // It takes units again, and is still the selected one.
    await scan(first.replace(/1$/, '4'));
    await tile(2, 'passed');
    expect(complaints).toEqual([]);
  });
});
