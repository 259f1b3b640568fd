import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { becomePerson, labelsOf, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).press('Enter');

/** A ready-made person of the practice line agrees, by one press. */
async function agree(page: Page, name: string): Promise<void> {
  await page
    .getByRole('dialog')
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

onBothHosts('recipes, settings and backups', { lanes: 2 }, (opened) => {
  test('a recipe is written with errors shown as one types, and saved once nothing is wrong', async () => {
    const { page, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    await becomePerson(page, 'Lee Lead');
    await openPlace(page, 'Recipes');
    await page.getByRole('heading', { name: 'Recipes', level: 1 }).waitFor();
    if (host === 'browser') await shootAll(page, 'recipes');
    await press(page, 'New recipe');
    await page.getByLabel('Name', { exact: true }).fill('Gate Way');
    await page.getByText('Lower-case letters, digits, dots and dashes, at most 64.').waitFor();
    await page.getByRole('combobox', { name: 'How secrets travel' }).selectOption('sealed');
    await page.getByRole('textbox', { name: 'Roots of TPM makers (SHA-256, one a line)' }).fill('abc');
    await page.getByText('Each root has 64 hexadecimal digits.').waitFor();
    await page.getByLabel('Further parts (JSON)').fill('{"edge"');
    await page.getByText('This is no JSON object.').first().waitFor();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('Further parts (JSON)').fill('{}');
    await page.getByText('2 things are wrong').waitFor();
    if (host === 'browser') await shootAll(page, 'recipe-errors');
    expect(await stickingOut(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'How secrets travel' }).selectOption('clear');
    await page.getByLabel('Name', { exact: true }).fill('gateway');
    await page.getByText('Nothing is wrong with it.').waitFor();
    await press(page, 'Save');
    await page.getByRole('heading', { name: 'gateway, version 1' }).waitFor();
  });

  test('its next version shows what is other than before, and two people put it in force', async () => {
    const { page, host } = opened();
    await press(page, 'Next version');
    expect(await page.getByLabel('Version', { exact: true }).inputValue()).toBe('2');
    await page.getByLabel('Registration ID').fill('gw-{serial}');
    await page.getByText('2 changes since the version before').waitFor();
    if (host === 'browser') await shootAll(page, 'recipe-diff');
    await page.getByText('Nothing is wrong with it.').waitFor();
    await press(page, 'Save');
    await page.getByRole('heading', { name: 'gateway, version 2' }).waitFor();
    await page.getByText('2 changes since the version before').waitFor();
    await press(page, 'Put in force');
    await agree(page, 'Sol Security');
    await page.getByRole('term').first().waitFor();
    await page
      .getByText(/^in force since/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Put in force' }).count()).toBe(0);
    if (host === 'browser') await shootAll(page, 'recipe-shown');
    expect(await stickingOut(page)).toEqual([]);
  });

  test('settings are changed by two people and wait for the next start', async () => {
    const { page, host, folder } = opened();
    await openPlace(page, 'Settings');
    await page.getByLabel('Line (optional)').fill('3');
    await page.getByLabel(/^Operations a minute/).fill('0');
    await page.getByText('A whole number from 1 to 100000.').waitFor();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel(/^Operations a minute/).fill('500');
    await press(page, 'Save');
    await agree(page, 'Sol Security');
    await page
      .getByText(/take effect when the station starts again/)
      .first()
      .waitFor();
    if (host === 'browser') await shootAll(page, 'settings');
    expect(await stickingOut(page)).toEqual([]);
    const saved = JSON.parse(readFileSync(join(folder, 'station.json'), 'utf8')) as object;
    expect(saved).toMatchObject({ place: { line: '3' }, budgetPerMinute: 500 });
  });

  test('a backup is made beside the running station, and listed', async () => {
    const { page, host, folder } = opened();
    await openPlace(page, 'Backup');
    await page.getByText('There is no backup yet.').waitFor();
    await press(page, 'Make a backup');
    await page.getByText(/was made and checked/).waitFor();
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(1);
    if (host === 'browser') await shootAll(page, 'backup');
    expect(await stickingOut(page)).toEqual([]);
  });

  test('the station starts again where the desktop program watches over it, and makes units', async () => {
    const { page, host } = opened();
    await openPlace(page, 'Settings');
    const restart = page.getByRole('button', { name: 'Start the station again', exact: true });
    await restart.waitFor();
    if (host === 'browser') {
      expect(await restart.isDisabled()).toBe(true);
      await page.getByText('This station was started by a command').waitFor();
      return;
    }
    await restart.press('Enter');
    await press(page, 'Start again now');
    // Its sessions ended with it.
    await page.getByRole('button', { name: /^Tess Technician/ }).press('Enter');
    await page.getByText('Scan a unit').waitFor();
    await scan(page, (await labelsOf(page))[0] ?? '');
    await laneLooks(page, 1, 'passed');
  });

  test('in German and Chinese nothing is clipped', async () => {
    const { page, host } = opened();
    if (host !== 'browser') return;
    const words = {
      de: ['Dieser Bildschirm', 'Einstellungen', 'Sicherung', 'Rezepte', 'Neues Rezept', 'Sprache'],
      zh: ['本屏幕', '设置', '备份', '配方', '新配方', '语言'],
    } as const;
    await openPlace(page, 'This screen');
    await page.getByLabel('Language').selectOption('de');
    for (const language of ['de', 'zh'] as const) {
      const [display, settings, backup, recipes, fresh, label] = words[language];
      for (const [place, name] of [
        [settings, 'settings'],
        [backup, 'backup'],
        [recipes, 'recipes'],
      ] as const) {
        await page.getByRole('navigation').getByRole('button', { name: place, exact: true }).press('Enter');
        await page.getByRole('heading', { name: place, level: 1 }).waitFor();
        if (name === 'recipes') await press(page, fresh);
        await page.locator('section').nth(1).waitFor();
        await shootAll(page, `${name}-${language}`);
        expect(await stickingOut(page)).toEqual([]);
      }
      await page.getByRole('navigation').getByRole('button', { name: display, exact: true }).press('Enter');
      await page.getByLabel(label).selectOption(language === 'de' ? 'zh' : 'en');
    }
  });

  test('nothing was complained about', () => {
    // Chromium would rather have every PIN in a form; it is a hint.
    expect(opened().complaints.filter((one) => !one.startsWith('verbose:'))).toEqual([]);
  });
});
