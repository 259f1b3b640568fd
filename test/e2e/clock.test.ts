import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStation } from '../../station-core/open-station.ts';
import { ordersToScan, practiceConfig } from '../../station-core/practice.ts';
import { openStore } from '../../station-core/store/open.ts';
import { becomePerson, onBothHosts, openPlace } from './hosts.ts';
import { agree } from './keys-line.ts';
import { shootAll, stickingOut } from './screens.ts';

// A station whose newest record is of a time that has not come yet: its clock was wrong then, or is now.

const recipe = 'symmetric-individual';

async function prepare(folder: string): Promise<void> {
  mkdirSync(join(folder, 'practice'), { recursive: true });
  writeFileSync(join(folder, 'station.json'), JSON.stringify(practiceConfig(1, recipe)));
  const { station, close } = await openStation(folder, {}, 'a spec');
  await ordersToScan(station, recipe);
  await close();
  const db = openStore(folder, 'owner');
  db.prepare('UPDATE clock_mark SET latest_ms = ?').run(Date.now() + 3 * 3_600_000);
  db.close();
}

onBothHosts('a clock that cannot be right', { lanes: 1, recipe, prepare }, (opened) => {
  test('is shown as such where certificates are issued, and counts as right once two people have read their watches', async () => {
    const { page, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    await becomePerson(page, 'Sol Security');
    await openPlace(page, 'Issuers');
    const notice = page.getByRole('region', { name: 'The clock cannot be right' });
    await notice.waitFor();
    if (host === 'browser') await shootAll(page, 'clock');
    expect(await stickingOut(page)).toEqual([]);
    await notice.getByRole('button', { name: 'Confirm the clock' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Confirm the clock' });
    const confirm = dialog.getByRole('button', { name: 'Confirm the clock' });
    await dialog.getByLabel('The watch says').fill('27.11.2026 20:59 h');
    await dialog.getByText('A time such as').waitFor();
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel('The watch says').fill('2020-01-01 00:00');
    await confirm.press('Enter');
    await agree(page, 'Lee Lead');
    await dialog.getByText('ca.clock').waitFor();
    if (host === 'browser') await shootAll(page, 'clock-confirm');
    await dialog.getByLabel('The watch says').fill(new Date().toISOString().slice(0, 19).replace('T', ' '));
    await confirm.press('Enter');
    await agree(page, 'Lee Lead');
    await notice.waitFor({ state: 'detached' });
  });
});
