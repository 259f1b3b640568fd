import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { speak } from '../../renderer/say.ts';
import type { TourStep } from '../../renderer/tour.ts';
import { axeInBoth } from './axe.ts';
import { labelsOf, laneLooks, onBothHosts, openPlace, scan, speakOnScreen } from './hosts.ts';
import { shoot, shootAll, stickingOut } from './screens.ts';

// The guided first run from its offer to its end, with keys alone; each test goes on where the one before it ended.

onBothHosts('the guided tour', { lanes: 8 }, (opened) => {
  let page: Page;
  beforeAll(async () => {
    ({ page } = opened());
    await page.getByText('Scan a unit').waitFor();
  });

  const coach = () => page.getByRole('region', { name: 'Guided tour' });
  const stepIs = (step: TourStep) => page.locator(`[data-step="${step}"]`).and(coach()).waitFor();
  const places = () =>
    page
      .locator('[data-lane], footer')
      .evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
  const look = async (name: string): Promise<void> => {
    if (opened().host === 'browser') await shootAll(page, name);
    expect(await stickingOut(page)).toEqual([]);
  };
  const label = async (isWrong: boolean) => (await labelsOf(page)).find((one) => one.endsWith('-X') === isWrong) ?? '';

  test('is offered beside the labels, and begins without moving a lane', async () => {
    await look('tour-offer');
    expect(await axeInBoth(page)).toEqual([]);
    const before = await places();
    await coach().getByRole('button', { name: 'Tour: 2 minutes' }).press('Enter');
    await stepIs('scan');
    expect(await places()).toEqual(before);
    await look('tour-scan');
    expect(await axeInBoth(page)).toEqual([]);
  });

  test('goes on when a unit passes, and again when one with another’s label fails, and no lane moves', async () => {
    const before = await places();
    await scan(page, await label(false));
    await stepIs('wrong');
    await scan(page, await label(true));
    await stepIs('read');
    await laneLooks(page, 2, 'failed');
    expect(await places()).toEqual(before);
    await look('tour-read');
  });

  test('goes on when the page of the code was opened, and when the next unit passes', async () => {
    await page.keyboard.press('Shift+F1');
    await page.getByRole('dialog').getByText('What to do').waitFor();
    await page.keyboard.press('Escape');
    await stepIs('mend');
    await scan(page, await label(false));
    await stepIs('order');
  });

  test('goes on at the orders, and with somebody who sees the audit trail', async () => {
    await openPlace(page, 'Orders');
    await stepIs('become');
    await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor();
    await look('tour-become');
    expect(await axeInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page
      .getByRole('button', { name: /^Ada Auditor|Auditor/ })
      .first()
      .press('Enter');
    await stepIs('evidence');
  });

  test('goes on when the evidence was written and verified, and ends', async () => {
    await openPlace(page, 'Audit trail');
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Exports', exact: true }).press('Enter');
    await main.locator('[data-kind="main"]').press('Enter');
    await stepIs('done');
    await look('tour-done');
    await coach().getByRole('button', { name: 'Done' }).press('Enter');
    expect(await coach().count()).toBe(0);
  });

  test('begins again from the help, in every language, and Escape leaves it: first what calls, then the tour', async () => {
    for (const language of ['de', 'zh', 'es', 'en'] as const) {
      await speakOnScreen(page, language);
      await page.keyboard.press('F1');
      const { t } = await speak(language);
      await page
        .getByRole('main')
        .getByRole('button', { name: t('tour.offer'), exact: true })
        .press('Enter');
      for (const step of ['scan', 'wrong', 'read', 'mend', 'order', 'evidence'] as const) {
        await page.locator(`section[data-step="${step}"]`).waitFor();
        expect([language, step, await cut(page), await clippedWords(page)]).toEqual([language, step, false, []]);
        if (opened().host === 'browser' && step === 'read') await shoot(page, `tour-read-${language}`);
        if (step !== 'evidence') await page.locator('section[data-step] button').first().press('Enter');
      }
    }
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await coach().count()).toBe(0);
  });

  describe('in the end', () => {
    test('it is not offered again, and nothing was complained about', async () => {
      await page.reload();
      await page.getByText('Labels to scan').waitFor();
      expect(await coach().count()).toBe(0);
      expect(opened().complaints).toEqual([]);
    });
  });
});

/** Whether the coach's sentence is higher than its place. */
const cut = (page: Page): Promise<boolean> =>
  page.locator('section[data-step]').evaluate((place) => {
    const text = place.querySelector('p')?.getBoundingClientRect();
    const { top, bottom } = place.getBoundingClientRect();
    return !text || text.top < top || text.bottom > bottom;
  });

/** Verdicts whose word is wider than its lane: a word of another language may be longer. */
const clippedWords = (page: Page): Promise<(string | null)[]> =>
  page.locator('[data-lane]').evaluateAll((lanes) =>
    lanes.flatMap((lane) => {
      const words = [...lane.querySelectorAll('[data-letters] span')];
      const right = lane.getBoundingClientRect().right;
      return words.filter((word) => word.getBoundingClientRect().right > right).map((word) => word.textContent);
    }),
  );
