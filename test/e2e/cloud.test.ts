import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { becomePerson, labelsOf, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { putForeign, registrationOf, switchCloud } from './practice-cloud.ts';
import { shoot, shootAll, stickingOut } from './screens.ts';

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const standing = (page: Page) => page.locator('[data-standing]').getAttribute('data-standing');
const until = (page: Page, is: string) => page.locator(`[data-standing="${is}"]`).waitFor({ timeout: 60_000 });

/** Goes to the lanes, scans, and comes back once the lane has its verdict. */
async function makeUnit(page: Page, lane: number, label: string): Promise<void> {
  await openPlace(page, 'Lanes');
  await page.getByText('Scan a unit').or(page.getByText(label)).first().waitFor();
  await scan(page, label);
  await laneLooks(page, lane, 'passed');
  await openPlace(page, 'Cloud');
}

onBothHosts('the screen about the cloud', { lanes: 8, recipe: 'symmetric-individual' }, (opened) => {
  let labels: string[] = [];

  test('says that nothing waits, where entries go, and what came back', async () => {
    const { page, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    labels = await labelsOf(page);
    await becomePerson(page, 'Lee Lead');
    await makeUnit(page, 1, labels[0] ?? '');
    await until(page, 'idle');
    const receipts = panel(page, 'Last receipts');
    await receipts.getByText(registrationOf(opened().folder, labels[0] ?? '')).waitFor();
    await receipts.getByText('Created', { exact: true }).first().waitFor();
    expect(await panel(page, 'Azure DPS').textContent()).toMatch(/of 200/);
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'cloud');
  });

  test('says when the network is away, what waits and since when, and goes on by itself when it is back', async () => {
    const { page, host, folder } = opened();
    await switchCloud(folder, { offline: true });
    await makeUnit(page, 2, labels[1] ?? '');
    await until(page, 'offline');
    const id = registrationOf(folder, labels[1] ?? '');
    const target = panel(page, 'Azure DPS');
    await target.getByText(id).waitFor();
    // The row is there before its first try was answered.
    await target.getByText('cloud.unreachable').first().waitFor();
    if (host === 'browser') await shootAll(page, 'cloud-offline');
    await switchCloud(folder, { offline: false });
    await until(page, 'idle');
    await panel(page, 'Last receipts').getByText(id).waitFor();
  });

  test('a row that waits for a person is sent once more, and waits again while the other entry is there', async () => {
    const { page, host, folder } = opened();
    const id = registrationOf(folder, labels[3] ?? '');
    await putForeign(folder, id);
    await makeUnit(page, 3, labels[3] ?? '');
    const row = panel(page, 'Waiting for a person').getByRole('row', { name: new RegExp(id) });
    await row.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('row', { name: /Status.*enabled.*disabled/ }).waitFor();
    if (host === 'browser') await shootAll(page, 'cloud-parked');
    await dialog.getByRole('button', { name: 'Send once more' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await row.waitFor();
  });

  test('two people replace exactly what was there', async () => {
    const { page, host, folder } = opened();
    const id = registrationOf(folder, labels[3] ?? '');
    const row = panel(page, 'Waiting for a person').getByRole('row', { name: new RegExp(id) });
    await row.press('Enter');
    const dialog = page.getByRole('dialog', { name: new RegExp(id) });
    await dialog.getByRole('button', { name: 'Replace what is there' }).press('Enter');
    const second = page.getByRole('dialog', { name: 'A second person has to agree' });
    await second.getByText('etag').waitFor();
    if (host === 'browser') await shoot(page, 'cloud-second-person');
    await second.getByRole('button', { name: 'Sol Security' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await panel(page, 'Last receipts').getByText(id).waitFor();
    expect(await row.count()).toBe(0);
  });

  test('one that nobody wants is discarded, after it was said what that means', async () => {
    const { page, folder } = opened();
    const id = registrationOf(folder, labels[4] ?? '');
    await putForeign(folder, id);
    await makeUnit(page, 4, labels[4] ?? '');
    const row = panel(page, 'Waiting for a person').getByRole('row', { name: new RegExp(id) });
    await row.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).press('Enter');
    const sure = page.getByRole('dialog', { name: `Never send ${id}?` });
    await sure.getByText('This cannot be undone', { exact: false }).waitFor();
    await sure.getByRole('button', { name: 'Discard' }).press('Enter');
    await page.getByRole('dialog').first().waitFor({ state: 'detached' });
    await expect.poll(() => row.count()).toBe(0);
  });

  test('checks the connection and the rights, and compares the records', async () => {
    const { page, host } = opened();
    await page.getByRole('button', { name: 'Check and compare' }).press('Enter');
    await page.getByRole('button', { name: 'Check the connection' }).press('Enter');
    await page.getByText('The cloud can be reached, and uploads work.').waitFor({ timeout: 60_000 });
    await page.getByRole('grid', { name: 'What the station may do there' }).getByText('Read entries').waitFor();
    await page.getByRole('button', { name: 'Compare now' }).press('Enter');
    await panel(page, 'Records against the cloud')
      .getByText('Not of this station')
      .first()
      .waitFor({ timeout: 60_000 });
    if (host === 'browser') await shootAll(page, 'cloud-check');
  });

  test('in German and Chinese nothing is clipped', async () => {
    const { page, host } = opened();
    for (const [language, cloud, label] of [
      ['de', 'Cloud', 'Sprache'],
      ['zh', '云', '语言'],
    ] as const) {
      await openPlace(page, language === 'de' ? 'This screen' : 'Dieser Bildschirm');
      await page.locator('select').nth(1).selectOption(language);
      await page.getByLabel(label).waitFor();
      await openPlace(page, cloud);
      await until(page, 'idle');
      expect(await stickingOut(page)).toEqual([]);
      if (host === 'browser') await shootAll(page, `cloud-${language}`);
    }
    await page.keyboard.press('F9');
    await page.getByRole('dialog').getByRole('button').last().waitFor();
    await page.keyboard.press('Escape');
  });

  describe('in the end', () => {
    test('nothing was complained about', async () => {
      expect(opened().complaints).toEqual([]);
      expect(await standing(opened().page)).toBe('idle');
    });
  });
});
