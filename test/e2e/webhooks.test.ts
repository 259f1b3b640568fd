import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openStation } from '../../station-core/open-station.ts';
import { actor, makeOrder, practiceConfig, recipeOf } from '../../station-core/practice.ts';
import type { Station } from '../../station-core/station.ts';
import { axeInBoth } from './axe.ts';
import { becomePerson, onBothHosts, openPlace } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

const name = 'mes';

/** Two units whose results a receiver refused to the end; it is not there any more, so that what goes out once more waits. */
async function prepare(folder: string): Promise<void> {
  mkdirSync(join(folder, 'practice'), { recursive: true });
  const webhooks = [{ name, url: 'http://127.0.0.1:1/', secret: 'mes-webhook' }];
  writeFileSync(join(folder, 'station.json'), JSON.stringify({ ...practiceConfig(1), webhooks }));
  const { station, close } = await openStation(folder, {}, 'a spec');
  const { labels } = await makeOrder(station, await recipeOf(station, 'symmetric-group'), 2);
  for (const serial of labels) {
    await station.call('run.start', { lane: 1, serial }, { actor: actor(station, 'technician') });
    await station.lanes.ended(1);
  }
  await refuse(station, labels.length);
  await close();
}

/** As the telling does after the sixteenth refusal. */
async function refuse({ records, tellings, audit }: Station, count: number): Promise<void> {
  const { webhooks, commits } = records;
  while (webhooks.waiting(name).queued < count) {
    for (const telling of tellings) await telling.idle();
    await setImmediate();
  }
  const code = 'webhook.failed';
  await commits.commit(() => {
    for (const message of webhooks.due(name, Number.MAX_SAFE_INTEGER, count)) {
      webhooks.park(message.id, { code, details: { name, status: 422 } });
      const details = { webhook: name, message: message.id, result: message.result };
      audit.append({ action: 'webhook.parked', result: 'failed', reason: code, details });
    }
  });
}

const grid = (page: Page, label: string) => page.getByRole('grid', { name: label, exact: true });
const refused = (page: Page) =>
  grid(page, 'Results that a receiver refused').getByRole('row').filter({ hasText: '422' });

onBothHosts('webhooks on the screen about the cloud', { lanes: 1, prepare }, (opened) => {
  test('results that a receiver refused are seen, and a technician is not asked about them', async () => {
    const { page, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    await openPlace(page, 'Cloud');
    await page.getByRole('region', { name: 'Last receipts' }).waitFor();
    expect(await grid(page, 'Webhooks').count()).toBe(0);
    await becomePerson(page, 'Lee Lead');
    await openPlace(page, 'Cloud');
    await refused(page).nth(1).waitFor();
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') {
      await shootAll(page, 'cloud-webhooks');
      expect(await axeInBoth(page)).toEqual([]);
    }
  });

  test('one is given up, after it was said what that means', async () => {
    const { page, host } = opened();
    await refused(page).first().press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Result 1 for mes waits for a person' });
    await dialog.getByText('webhook.failed').waitFor();
    if (host === 'browser') await shootAll(page, 'cloud-webhook-message');
    await dialog.getByRole('button', { name: 'Give up' }).press('Enter');
    const sure = page.getByRole('dialog', { name: 'Never tell mes of result 1?' });
    await sure.getByText('This cannot be undone', { exact: false }).waitFor();
    await sure.getByRole('button', { name: 'Give up' }).press('Enter');
    await page.getByRole('dialog').first().waitFor({ state: 'detached' });
    await expect.poll(() => refused(page).count()).toBe(1);
  });

  test('all that waits for a webhook goes out once more, and why it does not arrive is said', async () => {
    const { page, host } = opened();
    const row = grid(page, 'Webhooks').getByRole('row', { name: /^mes/ });
    await row.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Webhook mes' });
    await dialog.getByRole('button', { name: 'Send everything once more' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await refused(page).first().waitFor({ state: 'detached' });
    await row.getByText('Goes on by itself', { exact: false }).waitFor();
    if (host === 'browser') await shootAll(page, 'cloud-webhooks-held');
  });

  test('in every language nothing is clipped', async () => {
    const { page, host } = opened();
    for (const [language, from, cloud, label] of [
      ['de', 'This screen', 'Cloud', 'Sprache'],
      ['es', 'Dieser Bildschirm', 'Nube', 'Idioma'],
      ['zh', 'Esta pantalla', '云', '语言'],
    ] as const) {
      await openPlace(page, from);
      await page.locator('select').nth(1).selectOption(language);
      await page.getByLabel(label).waitFor();
      await openPlace(page, cloud);
      await grid(page, language === 'zh' ? 'Webhook' : 'Webhooks').waitFor();
      expect(await stickingOut(page)).toEqual([]);
      if (host === 'browser') await shootAll(page, `cloud-webhooks-${language}`);
    }
    expect(opened().complaints).toEqual([]);
  });
});
