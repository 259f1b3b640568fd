import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { addRuns, type PastRun } from '../suites/order-history.ts';
import { axeInBoth, becomePerson, labelsOf, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

const recipe = {
  schema: 1,
  name: 'gateway',
  version: 3,
  protocol: 'uart-v1',
  registrationId: 'gw-{serial}',
  attestation: { type: 'symmetricKey', scope: 'individual' },
  delivery: 'clear',
  lock: false,
  target: 'dps',
};

/** What the database of the running station says, read beside it. */
function inDatabase<T>(folder: string, read: (db: Database.Database) => T): T {
  const db = new Database(join(folder, 'station.db'), { timeout: 10_000 });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** The shift until now, written as its runs would have been: most units of the order pass, some of them not at once. */
function addShift(folder: string): void {
  inDatabase(folder, (db) => {
    const began = Date.now() - 7 * 3_600_000;
    const runs = Array.from({ length: 33 }, (_, index): PastRun[] => {
      const opened = began + index * 720_000 + (index % 5) * 61_000;
      const run = { order: 1, unit: index + 4, opened, closed: opened + 9_000 + index * 100 };
      const again = { ...run, opened: opened + 30_000, closed: opened + 41_000, outcome: 'passed' } as const;
      if (index % 6 === 4) return [{ ...run, outcome: 'failed', code: 'unit.silent' }, again];
      if (index % 11 === 7) return [{ ...run, outcome: 'errored', code: 'hsm.down' }, again];
      return [{ ...run, outcome: 'passed' }];
    });
    addRuns(db, runs.flat());
    db.exec(`UPDATE work_order SET finished = (SELECT count(*) FROM unit WHERE state = 'finished')`);
  });
}

type Counted = { readonly runs: number; readonly units: number; readonly passed: number; readonly firstPassed: number };

/** The figures of all runs, counted by the database alone. */
const countedIn = (folder: string): Counted =>
  inDatabase(folder, (db) => {
    const counted = db.prepare<[], Counted>(
      `SELECT count(*) AS runs, count(DISTINCT unit) AS units, sum(outcome = 'passed') AS passed,
         sum(outcome = 'passed' AND id IN (SELECT min(id) FROM run GROUP BY unit)) AS firstPassed FROM run`,
    );
    return counted.get() ?? { runs: 0, units: 0, passed: 0, firstPassed: 0 };
  });

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

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
    expect(await axeInBoth(page)).toEqual([]);
    await row(page, order).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: order, level: 1 }).waitFor();
    const { units, passed, firstPassed } = countedIn(folder);
    const shift = panel(page, 'The shift');
    await shift.getByText(`${firstPassed} of ${units} units passed in their first run`).waitFor();
    await shift.getByText(`${passed} of ${units} units that were run passed`).waitFor();
    expect(await panel(page, 'Progress').textContent()).toContain(`${passed} of 42`);
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
    expect(await axeInBoth(page)).toEqual([]);
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
    expect(await axeInBoth(page)).toEqual([]);
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

  test('a file with mistakes creates nothing; mended on the screen it becomes an order', async () => {
    const { page, folder, host } = opened();
    await page.getByRole('button', { name: 'All orders' }).press('Enter');
    await page.getByRole('button', { name: 'Import an order' }).press('Enter');
    const files = page.locator('input[type="file"]');
    writeFileSync(join(folder, 'gateway.json'), JSON.stringify(recipe));
    const text = 'serial,mac\nB-1,02:00:00:00:00:01\nB-2,12:34\nB-1,02:00:00:00:00:03\nB/4,\n';
    writeFileSync(join(folder, 'batch-7.csv'), text);
    await files.nth(0).setInputFiles(join(folder, 'batch-7.csv'));
    await files.nth(1).setInputFiles(join(folder, 'gateway.json'));
    await page.getByText('3 problems. Nothing can be created before all are mended.').waitFor();
    const problems = await panel(page, 'What is wrong').locator('tbody tr').allTextContents();
    expect(problems).toEqual([
      '3macThis is no MAC like A1:B2:C3:D4:E5:F6.',
      '4serialLine 2 gives the same registration ID.',
      expect.stringMatching(/^5serialThe registration ID that the recipe makes/) as string,
    ]);
    expect(await page.getByRole('button', { name: 'Create the order' }).count()).toBe(0);
    if (host === 'browser') await shootAll(page, 'orders-import-wrong');
    expect(await axeInBoth(page)).toEqual([]);
    expect(await stickingOut(page)).toEqual([]);
    const mended = text
      .replace('12:34', '02:00:00:00:00:02')
      .replace('B-1,02:00:00:00:00:03', 'B-3,')
      .replace('B/4', 'B-4');
    await page.getByLabel('Text of the file').fill(mended);
    await page.getByText('4 units with gateway, version 3. Nothing is wrong.').waitFor();
    expect(await page.getByLabel('Name of the order').inputValue()).toBe('batch-7');
    if (host === 'browser') await shootAll(page, 'orders-import-right');
    expect(await axeInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create the order' }).press('Enter');
    await page.getByRole('heading', { name: 'batch-7', level: 1 }).waitFor();
    expect(await panel(page, 'Progress').textContent()).toContain('0 of 4');
  });

  test('a dropped file is taken like a chosen one; an import that is cancelled leaves nothing', async () => {
    const { page, folder } = opened();
    await page.getByRole('button', { name: 'All orders' }).press('Enter');
    await page.getByRole('button', { name: 'Import an order' }).press('Enter');
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['serial\nC-1\n'], 'dropped.csv', { type: 'text/csv' }));
      return transfer;
    });
    await page.getByLabel('Text of the file').dispatchEvent('drop', { dataTransfer: dropped });
    await page.getByText('dropped.csv').waitFor();
    await page.getByRole('combobox', { name: 'Recipe' }).selectOption({ label: 'gateway' });
    await page.getByText('1 unit with gateway, version 3. Nothing is wrong.').waitFor();
    await page.getByRole('button', { name: 'Cancel: create nothing' }).press('Enter');
    await page.getByRole('grid', { name: 'Orders of this station' }).waitFor();
    const names = inDatabase(folder, (db) => db.prepare<[], string>('SELECT name FROM work_order').pluck().all());
    expect(names).not.toContain('dropped');
  });

  test('an order whose key nobody compared is armed by comparing it, or without proof, which stays on the screen', async () => {
    const { page, host } = opened();
    for (const [name, serial] of [
      ['compared', 'E-1'],
      ['accepted', 'E-2'],
    ] as const) {
      await page.getByRole('button', { name: 'Import an order' }).press('Enter');
      await page.getByLabel('Text of the file').fill(`serial,mac\n${serial},02:00:00:00:0E:0${serial.at(-1)}\n`);
      await page.getByRole('combobox', { name: 'Recipe' }).selectOption({ label: 'symmetric-group' });
      await page.getByLabel('Name of the order').fill(name);
      await page.getByRole('button', { name: 'Create the order' }).press('Enter');
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await page.getByText('No unit of this order may be made yet').waitFor();
      const progress = panel(page, 'Progress');
      if (name === 'compared') {
        await page.getByRole('button', { name: 'Compare with the cloud' }).press('Enter');
        await progress.getByText('armed', { exact: true }).waitFor();
      } else {
        await page.getByRole('button', { name: 'Arm without proof' }).press('Enter');
        if (host === 'browser') await shootAll(page, 'orders-accept');
        expect(await axeInBoth(page)).toEqual([]);
        await page.getByRole('dialog').getByRole('button', { name: 'Arm without proof' }).press('Enter');
        await progress.getByText('armed without proof', { exact: true }).waitFor();
        await progress.getByText('Nobody compared the key of this order').waitFor();
      }
      await page.getByRole('button', { name: 'All orders' }).press('Enter');
    }
    await row(page, 'accepted').getByText('armed without proof').waitFor();
  });

  test('what is no text is refused with what to do', async () => {
    const { page } = opened();
    await page.getByRole('button', { name: 'Import an order' }).press('Enter');
    const buffer = Buffer.from([0x73, 0xff, 0xfe]);
    await page.locator('input[type="file"]').nth(0).setInputFiles({ name: 'sheet.xlsx', mimeType: 'text/csv', buffer });
    await page.getByText('order.file-unreadable').waitFor();
    await page.getByRole('button', { name: 'Cancel: create nothing' }).press('Enter');
  });

  test('an order of 100,000 units is listed page by page, drawn only where it is seen, and searched', {
    timeout: 400_000,
  }, async () => {
    const { page, host } = opened();
    await page.getByRole('button', { name: 'Import an order' }).press('Enter');
    await page.getByLabel('Text of the file').fill('first,last\nD-000000,D-099999\n');
    await page.getByRole('combobox', { name: 'Recipe' }).selectOption({ label: 'gateway' });
    await page.getByText('100,000 units with gateway').waitFor({ timeout: 60_000 });
    await page.getByLabel('Name of the order').fill('large');
    await page.getByRole('button', { name: 'Create the order' }).press('Enter');
    await page.getByRole('heading', { name: 'large', level: 1 }).waitFor({ timeout: 240_000 });
    const list = page.getByRole('grid', { name: 'Units of large' });
    await list.getByText('D-000000', { exact: true }).waitFor();
    const drawn = () => list.getByRole('row').count();
    expect(await drawn()).toBeLessThan(60);
    // Scrolled to the end again and again: each page is fetched as its end is near.
    const toTheEnd = async () => {
      await list.evaluate((element) => {
        element.scrollTop = element.scrollHeight;
      });
      return list.getByText('D-000799', { exact: true }).count();
    };
    await expect.poll(toTheEnd, { timeout: 60_000 }).toBe(1);
    expect(await drawn()).toBeLessThan(60);
    await page.getByLabel('Find by the beginning of the serial').fill('D-09999');
    await page.getByText('10 units begin so.').waitFor();
    await list.getByText('D-099999', { exact: true }).waitFor();
    if (host === 'browser') {
      await list.scrollIntoViewIfNeeded();
      await shootAll(page, 'orders-units');
    }
    expect(await axeInBoth(page)).toEqual([]);
  });

  test('a technician and an auditor see orders and cannot change them', async () => {
    const { page } = opened();
    await becomePerson(page, 'Tess Technician');
    await openPlace(page, 'Orders');
    await row(page, 'batch-7').waitFor();
    expect(await page.getByRole('button', { name: 'Import an order' }).count()).toBe(0);
    await row(page, 'batch-7').click();
    await panel(page, 'Progress').waitFor();
    expect(await page.getByRole('button', { name: 'Close the order' }).count()).toBe(0);
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
