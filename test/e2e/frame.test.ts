import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeInBoth } from './axe.ts';
import { launchChromium } from './chromium.ts';
import { becomePerson, labelsOf, laneLooks, onBothHosts, openPlace, scan, speakOnScreen } from './hosts.ts';
import { startPracticeLine } from './practice.ts';
import { shoot, shootAll, stickingOut } from './screens.ts';

onBothHosts('what stands around every screen', { lanes: 4 }, (opened) => {
  test('a unit passes, and the screen of a shift breaks no rule of accessibility', async () => {
    const { page } = opened();
    await page.getByText('Scan a unit').waitFor();
    const [first, , wrong] = await labelsOf(page);
    await scan(page, first ?? '');
    await laneLooks(page, 1, 'passed');
    await scan(page, wrong ?? '');
    await laneLooks(page, 2, 'failed');
    expect(await axeInBoth(page)).toEqual([]);
    expect(await stickingOut(page)).toEqual([]);
  });

  test('the menu opens with F9, takes arrows and Enter, and a scan does not reach the lanes under it', async () => {
    const { page, host } = opened();
    await page.keyboard.press('F9');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('P1-0009');
    expect(await page.locator('[data-kind="gathering"]').count()).toBe(0);
    if (host === 'browser') await shootAll(page, 'menu');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('the screen about the screen: colours, language, sizes, and back to the lanes in German', async () => {
    const { page, host } = opened();
    await openPlace(page, 'This screen');
    await page.getByRole('heading', { name: 'This screen', level: 1 }).waitFor();
    if (host === 'browser') await shootAll(page, 'display');
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('contrast');
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('contrast');
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('auto');
    await page.getByLabel('Language').selectOption('de');
    await openPlace(page, 'Plätze');
    await page.getByText('Diese Sitzung').waitFor();
    await laneLooks(page, 2, 'failed');
    expect(await page.locator('[data-lane="2"]').textContent()).toContain('Ursache: die Einheit');
    if (host === 'browser') await shootAll(page, 'lanes-german');
    expect(await stickingOut(page)).toEqual([]);
    await openPlace(page, 'Dieser Bildschirm');
    await page.getByLabel('Sprache').selectOption('en');
  });

  test('another person signs in, with one press on the practice line', async () => {
    const { page, host } = opened();
    await becomePerson(page, 'Lee Lead');
    expect(await page.locator('header').first().textContent()).toContain('Lee Lead');
    if (host === 'browser') await shootAll(page, 'lanes-lead');
  });

  test.each(['Tess Technician', 'Lee Lead', 'Sol Security', 'Ada Auditor'])(
    'on the smallest screen %s has every entry of the menu in sight, in each language, and each can be hit',
    async (name) => {
      const { page, host } = opened();
      await page.setViewportSize({ width: 1280, height: 800 });
      await becomePerson(page, name);
      await page.keyboard.press('F9');
      const all = await page.getByRole('dialog').getByRole('navigation').getByRole('button').count();
      await page.keyboard.press('Escape');
      for (const language of ['de', 'zh', 'es', 'en'] as const) {
        await speakOnScreen(page, language);
        expect(await railOf(page)).toEqual({ entries: all, unseen: [], small: [] });
        if (host === 'browser' && name === 'Lee Lead') await shoot(page, `rail-${language}`);
      }
    },
  );

  describe('in the end', () => {
    test('nothing was complained about', () => {
      expect(opened().complaints).toEqual([]);
    });
  });
});

/** The entries beside a screen: how many, which are not whole in sight, and which are lower than a finger wants. */
const railOf = (page: Page) =>
  page.evaluate(() => {
    const rail = document.querySelector('nav:has(~ main)');
    const edge = Math.min(rail?.getBoundingClientRect().bottom ?? 0, innerHeight);
    const buttons = [...(rail?.querySelectorAll('button') ?? [])];
    const cut = (one: Element) => one.getBoundingClientRect().bottom > edge + 0.5 || one.scrollWidth > one.clientWidth;
    return {
      entries: buttons.length,
      unseen: buttons.filter(cut).map((one) => one.textContent),
      small: buttons.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.textContent),
    };
  });

test('a screen whose files cannot be fetched says so, and strip, menu and lanes go on', async () => {
  const line = await startPracticeLine(2);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.route(/assets\/display-.*\.js/, (route) => route.abort());
    await page.goto(line.address);
    await page.getByText('Scan a unit').waitFor();
    await openPlace(page, 'This screen');
    await page.getByText('This screen could not be shown.').waitFor();
    await openPlace(page, 'Lanes');
    await page.getByText('Scan a unit').waitFor();
    await scan(page, line.labels[0] ?? '');
    await laneLooks(page, 1, 'passed');
  } finally {
    await browser.close();
    await line.stop();
  }
});
