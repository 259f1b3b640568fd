import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { becomePerson, onBothHosts, openPlace } from './hosts.ts';
import { inDatabase, panel, row } from './order-pages.ts';
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

onBothHosts('importing orders', { lanes: 1 }, (opened) => {
  test('a file with mistakes creates nothing; mended on the screen it becomes an order', async () => {
    const { page, folder, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    await becomePerson(page, 'Lee Lead');
    await openPlace(page, 'Orders');
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
    expect(await stickingOut(page)).toEqual([]);
    const mended = text
      .replace('12:34', '02:00:00:00:00:02')
      .replace('B-1,02:00:00:00:00:03', 'B-3,')
      .replace('B/4', 'B-4');
    await page.getByLabel('Text of the file').fill(mended);
    await page.getByText('4 units with gateway, version 3. Nothing is wrong.').waitFor();
    expect(await page.getByLabel('Name of the order').inputValue()).toBe('batch-7');
    if (host === 'browser') await shootAll(page, 'orders-import-right');
    await page.getByRole('button', { name: 'Create the order' }).press('Enter');
    await page.getByRole('heading', { name: 'batch-7', level: 1 }).waitFor();
    await panel(page, 'Progress').getByText('0 of 4').first().waitFor();
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
    await page.getByRole('combobox', { name: 'Recipe' }).selectOption({ label: 'gateway, version 3' });
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
      await page.getByRole('combobox', { name: 'Recipe' }).selectOption({ label: 'symmetric-group, version 1' });
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
    await page.getByRole('combobox', { name: 'Recipe' }).selectOption({ label: 'gateway, version 3' });
    await page.getByText('100,000 units with gateway').waitFor({ timeout: 60_000 });
    await page.getByLabel('Name of the order').fill('large');
    await page.getByRole('button', { name: 'Create the order' }).press('Enter');
    await page.getByRole('heading', { name: 'large', level: 1 }).waitFor({ timeout: 240_000 });
    const list = page.getByRole('grid', { name: 'Units of large' });
    await list.getByText('D-000000', { exact: true }).waitFor();
    const drawn = () => list.getByRole('row').count();
    expect(await drawn()).toBeLessThan(60);
    // Scrolled to the end again and again: each page is fetched as its end is near. The last unit that is drawn, as a number.
    const toTheEnd = async () => {
      await list.evaluate((element) => {
        element.scrollTop = element.scrollHeight;
      });
      const serials = await list.getByText(/^D-\d{6}$/).allTextContents();
      return Math.max(...serials.map((serial) => Number(serial.slice(2))));
    };
    await expect.poll(toTheEnd, { timeout: 180_000 }).toBeGreaterThanOrEqual(799);
    expect(await drawn()).toBeLessThan(60);
    await page.getByLabel('Find by the beginning of the serial').fill('D-09999');
    await page.getByText('10 units begin so.').waitFor();
    await list.getByText('D-099999', { exact: true }).waitFor();
    if (host === 'browser') {
      await list.scrollIntoViewIfNeeded();
      await shootAll(page, 'orders-units');
    }
  });

  test('a technician sees orders and cannot change them', async () => {
    const { page } = opened();
    await becomePerson(page, 'Tess Technician');
    await openPlace(page, 'Orders');
    await row(page, 'batch-7').waitFor();
    expect(await page.getByRole('button', { name: 'Import an order' }).count()).toBe(0);
    await row(page, 'batch-7').click();
    await panel(page, 'Progress').waitFor();
    expect(await page.getByRole('button', { name: 'Close the order' }).count()).toBe(0);
  });

  describe('in the end', () => {
    test('nothing was complained about', () => {
      expect(opened().complaints).toEqual([]);
    });
  });
});
