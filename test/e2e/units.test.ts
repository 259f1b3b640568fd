import { expect, test } from 'vitest';
import { becomePerson, labelsOf, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { inDatabase, row } from './order-pages.ts';
import { shootAll, stickingOut } from './screens.ts';

onBothHosts('the screen about units', { lanes: 2 }, (opened) => {
  let labels: string[] = [];

  test('a technician packs a unit with a scan, and is offered nothing else', async () => {
    const { page, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    labels = await labelsOf(page);
    for (const [index, label] of labels.slice(0, 2).entries()) {
      await scan(page, label);
      await laneLooks(page, index + 1, 'passed');
    }
    await openPlace(page, 'Units');
    const [serial = '', other = ''] = labels;
    await row(page, other).waitFor();
    await scan(page, 'BM-C-NOTHING');
    await page.getByText('This label names no unit.').waitFor();
    await page.getByLabel('Scan or type a label').fill('');
    await scan(page, serial);
    const unit = page.getByRole('region', { name: new RegExp(`^${serial} ·`) });
    await unit.getByText('finished').waitFor();
    expect(await unit.getByRole('button').allTextContents()).toEqual(['Ship']);
    if (host === 'browser') await shootAll(page, 'units-finished');
    expect(await stickingOut(page)).toEqual([]);
    await unit.getByRole('button', { name: 'Ship' }).press('Enter');
    await unit.getByText('shipped').first().waitFor();
    expect(await unit.getByRole('button').count()).toBe(0);
    await row(page, serial).waitFor({ state: 'detached' });
  });

  test('a lead has a unit made once more, and scraps it with its serial typed and a second person', async () => {
    const { page, host, folder } = opened();
    const [, serial = ''] = labels;
    await becomePerson(page, 'Lee Lead');
    await openPlace(page, 'Units');
    await row(page, serial).focus();
    await page.keyboard.press('Enter');
    const unit = page.getByRole('region', { name: new RegExp(`^${serial} ·`) });
    await unit.getByRole('button', { name: 'Make once more' }).press('Enter');
    const asking = page.getByRole('dialog');
    await asking.getByText('gets the same credential').waitFor();
    await asking.getByRole('button', { name: 'Make once more' }).press('Enter');
    await unit.getByText('to make').waitFor();
    await unit.getByRole('button', { name: 'Scrap' }).press('Enter');
    const scrap = asking.getByRole('button', { name: 'Scrap' });
    expect(await scrap.isDisabled()).toBe(true);
    await asking.getByLabel('Type the serial to confirm').fill(serial);
    if (host === 'browser') await shootAll(page, 'units-scrap');
    await scrap.press('Enter');
    const second = page.getByRole('dialog', { name: 'A second person has to agree' });
    await second.getByRole('button', { name: 'Sol Security' }).press('Enter');
    await unit.getByText('scrapped').first().waitFor();
    await page.getByText('Every credential came to its end.').waitFor();
    const ends = inDatabase(folder, (db) => db.prepare('SELECT ended FROM credential ORDER BY id').pluck().all());
    expect(ends).toEqual(['shipped', 'void']);
  });

  test('a lead approves the first unit of a recipe that wants it', async () => {
    const { page, host, folder } = opened();
    // As if the recipe of the order had wanted it.
    inDatabase(folder, (db) =>
      db.exec(
        `INSERT INTO first_article (recipe, unit, passed_at)
         SELECT recipe, 1, '2026-11-27T10:00:00.000Z' FROM work_order WHERE id = (SELECT work_order FROM unit WHERE id = 1)`,
      ),
    );
    const [serial = ''] = labels;
    await openPlace(page, 'Recipes');
    await row(page, `${serial} waits for a lead`).focus();
    await page.keyboard.press('Enter');
    await page.getByText('No other one is made before.').waitFor();
    if (host === 'browser') await shootAll(page, 'units-first-article');
    await page.getByRole('button', { name: 'Approve the first unit' }).press('Enter');
    await page.getByText(`${serial}, approved`).waitFor();
  });

  test('in every language nothing is clipped', async () => {
    const { page, host } = opened();
    const [serial = ''] = labels;
    for (const [language, place, name] of [
      ['de', 'Dieser Bildschirm', 'Einheiten'],
      ['zh', '本屏幕', '产品'],
      ['es', 'Esta pantalla', 'Unidades'],
      ['en', 'This screen', 'Units'],
    ] as const) {
      await page.getByRole('navigation').getByRole('button').last().press('Enter');
      await page.locator('[data-screen="display"] select').nth(1).selectOption(language);
      await page.getByRole('heading', { name: place, level: 1 }).waitFor();
      await openPlace(page, name);
      await scan(page, serial);
      await page.getByRole('region', { name: new RegExp(`^${serial} ·`) }).waitFor();
      expect(await stickingOut(page)).toEqual([]);
      if (host === 'browser' && language !== 'en') await shootAll(page, `units-${language}`);
    }
  });

  test('nothing was complained about', () => {
    expect(opened().complaints).toEqual([]);
  });
});
