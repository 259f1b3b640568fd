import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { pagesIn } from '../../renderer/help/pages.ts';
import { type Language, speak } from '../../renderer/say.ts';
import { errors, isErrorCode } from '../../station-core/contract/errors.ts';
import { labelsOf, laneLooks, onBothHosts, openPlace, scan, speakOnScreen } from './hosts.ts';
import { shoot, shootAll, stickingOut } from './screens.ts';

// With keys alone.

const codes = Object.keys(errors).filter(isErrorCode);

onBothHosts('the help', { lanes: 4 }, (opened) => {
  let page: Page;
  beforeAll(async () => {
    ({ page } = opened());
    await page.getByText('Scan a unit').waitFor();
  });

  const look = async (name: string): Promise<void> => {
    if (opened().host === 'browser') await shootAll(page, name);
    expect(await stickingOut(page)).toEqual([]);
  };
  const press = (name: string) => page.getByRole('main').getByRole('button', { name, exact: true }).press('Enter');

  test('opens the page of a lane’s code with Shift+F1, and closes with Escape to the lanes as they were', async () => {
    const wrong = (await labelsOf(page)).find((one) => one.endsWith('-X')) ?? '';
    await scan(page, wrong);
    await laneLooks(page, 1, 'failed');
    await page.keyboard.press('Shift+F1');
    const dialog = page.getByRole('dialog', { name: 'Help: unit.serial-mismatch' });
    await dialog.getByText('What to do').waitFor();
    await look('help-dialog');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await laneLooks(page, 1, 'failed');
    expect(await page.locator('[data-aim="selected"]').count()).toBe(0);
  });

  test('opens the page from the code on the tile, and from a message', async () => {
    await page.locator('[data-lane="1"]').getByRole('button', { name: 'Help: unit.serial-mismatch' }).press('Enter');
    await page.getByRole('dialog').getByText('For the lead').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('lists every page, finds one by words, and opens it from the list by arrows', async () => {
    await openPlace(page, 'Help');
    await page.getByText(`${codes.length} pages`).waitFor();
    await page.getByLabel('Code or words').fill('label do not belong');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'unit.serial-mismatch', level: 2 }).waitFor();
    await look('help-codes');
  });

  test('has a list of keys, a legend, roles, and what the program is made of', async () => {
    for (const [section, words] of [
      ['Keys', 'Makes the unit once more'],
      ['Scanners', 'Scan the test barcode'],
      ['Colours and shapes', 'Falling, twice'],
      ['Roles', 'Reads orders'],
      ['About', 'Apache-2.0'],
    ] as const) {
      await press(section);
      await page.getByText(words).first().waitFor();
      await look(`help-${section.toLowerCase().replaceAll(' ', '-')}`);
    }
  });

  const names = { en: 'Help', de: 'Hilfe', zh: '帮助', es: 'Ayuda' } as const satisfies Record<Language, string>;

  test.each(Object.keys(names) as Language[])('opens the page of every code in %s', async (language) => {
    await speakOnScreen(page, language);
    const { t } = await speak(language);
    const pages = await pagesIn(language);
    await page.keyboard.press('F1');
    await page.getByRole('heading', { name: names[language], level: 1 }).waitFor();
    const found = page.getByLabel(t('help.find'), { exact: true });
    for (const code of codes) {
      await found.fill(code);
      await found.press('Enter');
      const shown = await page.locator(`[data-code="${code}"]`).textContent();
      expect([code, missing(shown ?? '', pages[code].steps, t)]).toEqual([code, []]);
    }
    if (opened().host === 'browser') await shoot(page, `help-codes-${language}`);
    expect(await stickingOut(page)).toEqual([]);
    await press(t('help.sections.keys'));
    if (opened().host === 'browser') await shoot(page, `help-keys-${language}`);
    expect(await stickingOut(page)).toEqual([]);
    await press(t('help.sections.scanners'));
    if (opened().host === 'browser') await shoot(page, `help-scanners-${language}`);
    expect(await stickingOut(page)).toEqual([]);
    await press(t('help.sections.legend'));
    if (opened().host === 'browser') await shoot(page, `help-legend-${language}`);
    expect(await stickingOut(page)).toEqual([]);
    await speakOnScreen(page, 'en');
  });

  describe('in the end', () => {
    test('nothing was complained about', () => {
      expect(opened().complaints).toEqual([]);
    });
  });
});

/** The texts of a page that are not on the screen, with the screens' names in place of their words. */
function missing(
  shown: string,
  texts: readonly string[],
  t: (key: `frame.places.${'lanes'}`) => string,
): readonly string[] {
  const named = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => t(`frame.places.${name}` as 'frame.places.lanes'));
  return texts.map(named).filter((text) => !shown.includes(text));
}
