import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openStation } from '../../station-core/open-station.ts';
import { actor, prepareFolder } from '../../station-core/practice.ts';
import { programmedBy } from '../suites/programmers.ts';
import { axeInBoth } from './axe.ts';
import { becomePerson, laneLooks, onBothHosts, openPlace, scan, speakOnScreen } from './hosts.ts';
import { shoot, shootAll, sizes, stickingOut } from './screens.ts';

// A unit that is programmed first: how far that is, on its tile.

const serials = ['SN-1', 'SN-2', 'SN-3'];

/** A line whose programmer says 42 % and goes on when there is a file `go` in the station's folder. */
async function prepare(folder: string, lanes: number): Promise<void> {
  prepareFolder(folder, lanes);
  const file = join(folder, 'station.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...config, programmers: { writer: { path: '/bin/sh' } } }));
  const waits = `while ! [ -e '${folder}/go' ]; do sleep 0.1; done`;
  const line = `printf '\\rWriting at 0x00001000... (42 %%)'; ${waits}; echo; case $0 in SN-2) echo 'Failed to connect: no sync reply'; exit 2;; esac`;
  const plan = { args: ['-c', line, '{serial}'], failed: [2], progress: '({percent} %)', deadlineSeconds: 600 };
  const opened = await openStation(folder, {}, 'a test');
  try {
    const order = { name: 'programmed', recipe: programmedBy('', plan), units: serials.map((serial) => ({ serial })) };
    await opened.station.call('orders.create', order, { actor: actor(opened.station, 'lead') });
  } finally {
    await opened.close();
  }
}

onBothHosts('a line that programs its units', { lanes: 4, prepare: (folder) => prepare(folder, 4) }, (opened) => {
  const tile = (lane: number) => opened().page.locator(`[data-lane="${lane}"]`);
  const programming = (lane: number) => tile(lane).locator('[data-step="program"][data-state="running"]');

  test('tells how far each of them is, and no verdict before the whole run has one', async () => {
    const { page, folder, complaints, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    for (const serial of serials) {
      await page.keyboard.type(serial);
      await page.keyboard.press('Enter');
    }
    for (const lane of [1, 2, 3]) await programming(lane).getByText('42 %').waitFor();
    expect(await page.locator('[data-look="passed"]').count()).toBe(0);
    await shootAll(page, `programming-${host}`);
    expect(await stickingOut(page)).toEqual([]);
    writeFileSync(join(folder, 'go'), '');
    for (const lane of [1, 3]) await page.locator(`[data-lane="${lane}"][data-look="passed"]`).waitFor();
    await page.locator('[data-lane="2"][data-look="failed"]').waitFor();
    const said = await tile(2).textContent();
    expect(said).toContain('Not programmed (writer, exit code 2): Failed to connect: no sync reply.');
    expect(await tile(1).textContent()).not.toContain('42 %');
    await shootAll(page, `programmed-${host}`);
    expect(await stickingOut(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

/** How many pixels of the headline's sentence are cut off. */
const unsaid = (page: Page) =>
  page.locator('[data-told="true"] > span').evaluate((told) => told.scrollHeight - told.clientHeight);

/** As `prepare`, and nothing holds the programmer up. */
async function prepareMany(folder: string): Promise<void> {
  await prepare(folder, 16);
  writeFileSync(join(folder, 'go'), '');
}

onBothHosts('sixteen lanes, one of which failed at programming', { lanes: 16, prepare: prepareMany }, (opened) => {
  const dialog = () => opened().page.getByRole('dialog');
  /** The first of the screens. */
  const toTheLanes = async () => {
    await opened().page.keyboard.press('F9');
    await dialog().getByRole('navigation').getByRole('button').first().press('Enter');
    await opened().page.locator('[data-lane="2"][data-look="failed"]').waitFor();
  };

  test('the unit is made once more by a button that is whole on its tile, in every language', async () => {
    const { page, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    await scan(page, 'SN-1');
    await laneLooks(page, 1, 'passed');
    await scan(page, 'SN-2');
    await laneLooks(page, 2, 'failed');
    await page.locator('[data-lane="2"]').getByRole('button', { name: 'Once more F10' }).waitFor();
    for (const language of ['de', 'zh', 'es', 'en'] as const) {
      await speakOnScreen(page, language);
      await toTheLanes();
      for (const size of sizes) {
        await page.setViewportSize(size);
        expect(await stickingOut(page)).toEqual([]);
        expect(await unsaid(page)).toBe(0);
        if (host === 'browser') await shoot(page, `once-more-${language}-${size.width}`);
      }
    }
    await page.locator('[data-lane="2"]').getByRole('button', { name: 'Once more F10' }).click();
    await page.getByText('1 passed, 2 failed').waitFor();
  });

  test('the entry of the run’s end shows what the programmer printed, and no other entry does', async () => {
    const { page, host } = opened();
    await becomePerson(page, 'Ada Auditor');
    await openPlace(page, 'Audit trail');
    const grid = page.getByRole('grid', { name: 'Entries, the newest first' });
    await page.getByLabel('Unit (serial)', { exact: true }).fill('SN-2');
    await page.getByLabel('Unit (serial)', { exact: true }).press('Enter');
    await grid.getByText('Sign-in').first().waitFor({ state: 'detached' });
    await grid.getByRole('row').filter({ hasText: 'Run ended' }).first().press('Enter');
    await dialog().getByRole('button', { name: 'What the programmer printed' }).press('Enter');
    await dialog().getByRole('region', { name: 'Its output' }).getByText('Failed to connect').waitFor();
    expect(await dialog().getByRole('alert').count()).toBe(0);
    expect(await axeInBoth(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'audit-printed');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await grid.getByRole('row').filter({ hasText: 'Run began' }).first().press('Enter');
    await dialog().locator('[data-proof]').waitFor();
    expect(await dialog().getByRole('button', { name: 'What the programmer printed' }).count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  test('nothing was complained about', () => {
    expect(opened().complaints).toEqual([]);
  });
});
