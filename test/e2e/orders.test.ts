import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { becomePerson, labelsOf, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { addShift, countedIn, inDatabase, panel, row } from './order-pages.ts';
import { shootAll, stickingOut } from './screens.ts';

onBothHosts('the screen about orders', { lanes: 2 }, (opened) => {
  test('an order shows its units, its figures and why units failed, as the database has them', async () => {
    const { page, folder, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    const labels = await labelsOf(page);
    for (const [index, label] of labels.slice(0, 3).entries()) {
      await scan(page, label);
      await laneLooks(page, (index % 2) + 1, index === 2 ? 'failed' : 'passed');
    }
    addShift(folder);
    await becomePerson(page, 'Lee Lead');
    await openPlace(page, 'Orders');
    const order = inDatabase(folder, (db) => db.prepare<[], string>('SELECT name FROM work_order').pluck().get()) ?? '';
    await row(page, order).waitFor();
    if (host === 'browser') await shootAll(page, 'orders-list');
    await row(page, order).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: order, level: 1 }).waitFor();
    const { units, passed, firstPassed } = countedIn(folder);
    const shift = panel(page, 'The shift');
    await shift.getByText(`${firstPassed} of ${units} units passed in their first run`).waitFor();
    await shift.getByText(`${passed} of ${units} units that were run passed`).waitFor();
    await panel(page, 'Progress').getByText(`${passed} of 42`).first().waitFor();
    const causes = await panel(page, 'Why units did not pass').getByRole('listitem').allTextContents();
    expect(causes.map((cause) => /(?:FAIL|ERROR)([\w.-]+?\.[a-z-]+?)(\d+) run/.exec(cause)?.slice(1))).toEqual([
      ['unit.silent', '5'],
      ['hsm.down', '3'],
      ['unit.serial-mismatch', '1'],
    ]);
    if (host === 'browser') await shootAll(page, 'orders-order');
  });

  test('the charts draw what their table says, and keys read it', async () => {
    const { page, folder, host } = opened();
    const { runs, passed } = countedIn(folder);
    await page.getByText('Figures as a table').click();
    const cells = await panel(page, 'The shift')
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((one) => [...one.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
    const sum = (column: number) => cells.reduce((all, of) => all + Number(of[column]), 0);
    expect([sum(0), sum(1)]).toEqual([passed, runs - passed]);
    const bars = await page
      .locator('figure')
      .first()
      .locator('rect[data-value]')
      .evaluateAll((all) => all.map((bar) => Number(bar.getAttribute('data-value'))));
    expect(bars).toEqual([...cells.map((of) => Number(of[0])), ...cells.map((of) => Number(of[1]))]);
    const slider = page.getByRole('slider', { name: 'Quarter of an hour' });
    await slider.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    const read = await slider.getAttribute('aria-valuetext');
    expect(read).toMatch(/^\d\d:\d\d: \d+ finished, \d+ not passed\./);
    await page.getByText(read ?? '?', { exact: true }).waitFor();
    if (host === 'browser') await shootAll(page, 'orders-charts');
    expect(await stickingOut(page)).toEqual([]);
  });

  test('a unit in quarantine is shown with what to do', async () => {
    const { page, folder, host } = opened();
    // As if the station had died between the credential's first byte and the unit's answer.
    inDatabase(folder, (db) => {
      db.exec(`UPDATE run SET outcome = 'indeterminate' WHERE id = 3`);
      db.exec(`UPDATE unit SET state = 'quarantined' WHERE id = (SELECT unit FROM run WHERE id = 3)`);
    });
    const quarantine = panel(page, 'Quarantine');
    await quarantine.getByText('Scan it again: that is safe.').waitFor();
    await quarantine.scrollIntoViewIfNeeded();
    if (host === 'browser') await shootAll(page, 'orders-quarantine');
  });

  test('an order is closed and opened again, by a lead', async () => {
    const { page } = opened();
    await page.getByRole('button', { name: 'Close the order' }).press('Enter');
    await page
      .getByRole('dialog')
      .getByText(/units?|are left/)
      .first()
      .waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close the order' }).press('Enter');
    await page.getByText('This order is closed').waitFor();
    await page.getByRole('button', { name: 'Open it again' }).press('Enter');
    await page.getByText('This order is closed').waitFor({ state: 'detached' });
  });

  test('in German and Chinese nothing is clipped', async () => {
    const { page, host } = opened();
    for (const [language, place, name] of [
      ['de', 'Dieser Bildschirm', 'Aufträge'],
      ['zh', '本屏幕', '工单'],
      ['es', 'Esta pantalla', 'Órdenes'],
      ['en', 'This screen', 'Orders'],
    ] as const) {
      await page.getByRole('navigation').getByRole('button').last().press('Enter');
      await page.locator('[data-screen="display"] select').nth(1).selectOption(language);
      await page.getByRole('heading', { name: place, level: 1 }).waitFor();
      await openPlace(page, name);
      await page.getByRole('row').filter({ hasText: '42' }).first().click();
      await page.locator('figure').first().waitFor();
      expect(await stickingOut(page)).toEqual([]);
      if (host === 'browser' && language !== 'en') await shootAll(page, `orders-${language}`);
    }
  });

  test('a report prints without what stands around it, as long as it is', async () => {
    const { page, host } = opened();
    if (host !== 'browser') return;
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const ink = page.getByRole('heading', { level: 1 });
    expect(await ink.evaluate((heading) => getComputedStyle(heading).color)).toBe('rgb(11, 15, 20)');
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: 'Print the report' }).isVisible()).toBe(false);
    expect(await panel(page, 'The shift').locator('tbody tr').first().isVisible()).toBe(true);
    const pdf = await page.pdf({
      path: join(import.meta.dirname, '..', 'out', 'screens', 'orders-report.pdf'),
      format: 'A4',
    });
    expect(pdf.length).toBeGreaterThan(10_000);
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  });

  describe('in the end', () => {
    test('nothing was complained about', () => {
      expect(opened().complaints).toEqual([]);
    });
  });
});
