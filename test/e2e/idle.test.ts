import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { practiceConfig } from '../../station-core/practice.ts';
import { launchChromium } from './chromium.ts';
import { type PracticeLine, startPracticeLine } from './practice.ts';
import { shootAll } from './screens.ts';

// A page that nobody uses, at a station that signs people out after a minute.

let line: PracticeLine;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-e2e-'));
  writeFileSync(join(folder, 'station.json'), JSON.stringify({ ...practiceConfig(2), idleMinutes: 1 }));
  [line, browser] = await Promise.all([startPracticeLine(2, undefined, folder), launchChromium()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(line.address);
});
afterAll(async () => {
  await browser.close();
  await line.stop();
});

test('a page that nobody uses for the minutes of station.json shows the sign-in and says why', {
  timeout: 240_000,
}, async () => {
  await page.locator('[data-lane="1"]').waitFor();
  await page.getByText('You were signed out, since nobody used this screen.').waitFor({ timeout: 200_000 });
  expect(await page.locator('[data-lane]').count()).toBe(0);
  await shootAll(page, 'sign-in-idle');
  await page.getByRole('button', { name: /^Tess Technician/ }).press('Enter');
  await page.locator('[data-lane="1"]').waitFor();
});
