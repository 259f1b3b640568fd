import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStation } from '../../station-core/open-station.ts';
import { makeOrder, practiceConfig, recipeOf } from '../../station-core/practice.ts';
import { LabelPrinter } from '../suites/label-printer.ts';
import { axeInBoth } from './axe.ts';
import { labelsOf, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

// A line that prints labels: what people see while a printer is open, how one label is asked for once more, and a test label.

let printer: LabelPrinter;
beforeAll(async () => {
  printer = await LabelPrinter.start();
});
afterAll(() => printer.stop());

const template = {
  width: 60,
  height: 30,
  elements: [
    { kind: 'text', x: 2, y: 2, height: 3, value: '{order} {date}' },
    { kind: 'code-128', x: 3, y: 7, module: 0.25, height: 8, value: '{serial}' },
  ],
};

async function prepare(folder: string): Promise<void> {
  printer.becomeNew();
  mkdirSync(join(folder, 'practice'), { recursive: true });
  const labels = {
    templates: { 'type-plate': template },
    printers: {
      'line-2': { kind: 'tcp', host: '127.0.0.1', port: printer.port },
      archive: { kind: 'folder', path: join(folder, 'practice'), lanes: [] },
    },
  };
  writeFileSync(join(folder, 'station.json'), JSON.stringify({ ...practiceConfig(2), labels }));
  const { station, close } = await openStation(folder, {}, 'a spec');
  const recipe = await recipeOf(station, 'symmetric-individual');
  await makeOrder(station, { ...recipe, label: { template: 'type-plate', when: 'passed' } }, 12);
  await close();
}

const foot = (page: Page) => page.locator('footer');

onBothHosts('labels', { lanes: 2, recipe: 'symmetric-individual', prepare }, (opened) => {
  test('a unit that passed gets its label, and a printer that is open is a line at the foot and no verdict', async () => {
    const { page, host } = opened();
    await page.getByRole('region', { name: 'Labels to scan' }).getByRole('button').first().waitFor();
    page.setDefaultTimeout(15_000);
    const [first = '', second = ''] = await labelsOf(page);
    await scan(page, first);
    await laneLooks(page, 1, 'passed');
    await printer.told(1);
    printer.mood.headOpen = true;
    await scan(page, second);
    await laneLooks(page, 2, 'passed');
    await foot(page).getByText('printer.head-open').waitFor();
    expect(await foot(page).getByText('1 waits').count()).toBe(1);
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'labels-foot');
  });

  test('the label that waits is seen, and comes out once somebody asks for it when the printer is closed', async () => {
    const { page, host } = opened();
    await openPlace(page, 'Labels');
    await page.getByRole('row').filter({ hasText: 'waits for its printer' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'printer.head-open' }).waitFor();
    await page.getByText('The printer line-2 is open.').waitFor();
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'labels-waiting');
    printer.mood.headOpen = false;
    await page.getByRole('button', { name: 'Print the label' }).press('Enter');
    // The printer's next turn may have come by itself a moment before.
    await page.getByText(/copy [12] came out of line-2/).waitFor();
    await page.getByText('No label waits.').waitFor();
  });

  test('from the lanes two keys print the last label once more', async () => {
    const { page, host } = opened();
    const before = printer.formats.length;
    await openPlace(page, 'Lanes');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('heading', { name: 'Labels', exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(/copy [23] came out of line-2/).waitFor();
    expect(printer.formats).toHaveLength(before + 1);
    expect(await axeInBoth(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'labels');
  });

  test('a unit that nobody knows is refused in words, and a test label is nobody’s', async () => {
    const { page, complaints } = opened();
    await page.getByLabel('Serial number').fill('NOBODY');
    await page.keyboard.press('Enter');
    await page.getByText('unit.unknown').waitFor();
    await page.getByRole('button', { name: 'Print a test label' }).press('Enter');
    await page.getByText('The test label came out of line-2.').waitFor();
    expect(printer.formats.at(-1)?.toString('latin1')).toContain('TEST-0001');
    expect(complaints).toEqual([]);
  });

  test('in every language the screen holds what it says, and the line at the foot of the lanes too', async () => {
    const { page, host } = opened();
    printer.mood.paperOut = true;
    await openPlace(page, 'Lanes');
    const [next = ''] = await labelsOf(page);
    await scan(page, next);
    await foot(page).getByText('printer.paper-out').waitFor();
    const words = [
      ['de', 'This screen', 'Etiketten', 'Plätze'],
      ['zh', 'Dieser Bildschirm', '标签', '工位'],
      ['es', '本屏幕', 'Etiquetas', 'Puestos'],
    ] as const;
    for (const [language, display, labels, lanes] of words) {
      await openPlace(page, display);
      await page.locator('select').nth(1).selectOption(language);
      await page.locator(`html[lang="${language}"]`).waitFor();
      await openPlace(page, lanes);
      await foot(page).getByText('printer.paper-out').waitFor();
      expect(await stickingOut(page)).toEqual([]);
      if (host === 'browser') await shootAll(page, `labels-foot-${language}`);
      await openPlace(page, labels);
      await page.getByRole('row').filter({ hasText: 'line-2' }).first().waitFor();
      expect(await stickingOut(page)).toEqual([]);
      if (host === 'browser') await shootAll(page, `labels-${language}`);
    }
  });
});
