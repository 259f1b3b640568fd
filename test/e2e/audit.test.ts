import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openStation } from '../../station-core/open-station.ts';
import { actor, ordersToScan, prepareFolder } from '../../station-core/practice.ts';
import { birthmark } from '../suites/birthmark.ts';
import { becomePerson, labelsOf, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

const found = (page: Page) => page.getByRole('grid', { name: 'Entries, the newest first' });
const section = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Audit trail' }).getByRole('button', { name, exact: true }).press('Enter');

async function search(page: Page, field: string, value: string): Promise<void> {
  await page.getByRole('button', { name: 'Clear', exact: true }).press('Enter');
  await page.getByLabel(field, { exact: true }).fill(value);
  await page.getByLabel(field, { exact: true }).press('Enter');
}

/** Somebody with the disk and without the key changes a letter of an entry. */
function tamper(folder: string, which: string): number {
  const db = new Database(join(folder, 'station.db'), { timeout: 10_000 });
  try {
    const seq = db.prepare<[], number>(`SELECT ${which} FROM audit_entry`).pluck().get() ?? 0;
    const trigger = `SELECT sql FROM sqlite_schema WHERE name = 'audit_is_append_only_u'`;
    const sql = db.prepare<[], string>(trigger).pluck().get() ?? '';
    db.transaction(() => {
      db.exec('DROP TRIGGER audit_is_append_only_u');
      db.prepare(`UPDATE audit_entry SET bytes = replace(bytes, '"ok"', '"no"') WHERE seq = ?`).run(seq);
      db.exec(sql);
    }).immediate();
    return seq;
  } finally {
    db.close();
  }
}

/** A station whose records are held, because of a claim. */
async function prepare(folder: string): Promise<void> {
  prepareFolder(folder, 4);
  const { station, close } = await openStation(folder, {}, 'a spec');
  await ordersToScan(station, 'symmetric-group');
  const operation = { method: 'privacy.hold', params: { scope: 'all', reason: 'the claim of 12 November' } } as const;
  const { approval } = await station.call('approvals.approve', operation, { actor: actor(station, 'lead') });
  await station.call(operation.method, operation.params, { actor: actor(station, 'security-officer'), approval });
  await close();
}

onBothHosts('the screen about the audit trail', { lanes: 4, prepare }, (opened) => {
  let labels: string[] = [];
  let code = '';

  test('finds what happened to a unit, and by whom for those who may know', async () => {
    const { page, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    labels = await labelsOf(page);
    await scan(page, labels[0] ?? '');
    await laneLooks(page, 1, 'passed');
    await scan(page, labels[2] ?? '');
    await laneLooks(page, 2, 'failed');
    await becomePerson(page, 'Ada Auditor');
    await openPlace(page, 'Audit trail');
    await found(page).getByText('Sign-in').first().waitFor();
    if (host === 'browser') await shootAll(page, 'audit-search');
    await search(page, 'Unit (serial)', labels[0] ?? '');
    await found(page).getByText('Sign-in').first().waitFor({ state: 'detached' });
    await found(page).getByText('Run ended').waitFor();
    await expect.poll(() => found(page).getByRole('row').count(), { timeout: 10_000 }).toBe(4);
    expect(await found(page).getByRole('row').filter({ hasText: 'Run ended' }).textContent()).toContain(labels[0]);
    if (host === 'browser') await shootAll(page, 'audit-found');
    await search(page, 'Person (name)', 'Tess Technician');
    await found(page).getByText('Sign-in').first().waitFor();
    expect(await found(page).getByText('Tess Technician').count()).toBeGreaterThan(2);
    await search(page, 'Unit (serial)', 'no such unit');
    await page.getByText('privacy.unknown').waitFor();
    if (host === 'browser') await shootAll(page, 'audit-unknown');
    expect(await stickingOut(page)).toEqual([]);
  });

  test('an entry is not sealed until a head is signed, and then the page proves it by itself', async () => {
    const { page, host } = opened();
    await search(page, 'Unit (serial)', labels[0] ?? '');
    await found(page).getByRole('row').filter({ hasText: 'Run ended' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.locator('[data-proof="unsealed"]').waitFor();
    await dialog.getByRole('button', { name: 'Sign a head now' }).press('Enter');
    await dialog.locator('[data-proof="verified"]').waitFor();
    expect(await dialog.textContent()).toMatch(/VERIFIED by this page.*followed [4-9] steps/);
    expect(await dialog.getByRole('img').count()).toBe(1);
    if (host === 'browser') await shootAll(page, 'audit-entry');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('one unit tells its whole life', async () => {
    const { page, host } = opened();
    await section(page, 'One unit');
    await page.getByLabel('Serial', { exact: true }).fill(labels[2] ?? '');
    await page.getByLabel('Serial', { exact: true }).press('Enter');
    await page.getByRole('grid', { name: 'Runs' }).getByText('Failed', { exact: true }).waitFor();
    expect(await page.getByRole('grid', { name: 'Runs' }).textContent()).toContain('The label says');
    if (host === 'browser') await shootAll(page, 'audit-unit');
  });

  test('the trail is checked, a shift ends with a code, and the code is this log’s', async () => {
    const { page, host } = opened();
    await section(page, 'The trail');
    await page.getByRole('button', { name: 'Check the whole trail' }).press('Enter');
    await page.locator('[data-holds="true"]').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'End the shift' }).press('Enter');
    code = (await page.locator('[data-code]').getAttribute('data-code')) ?? '';
    expect(code).toMatch(/^\d+-/);
    await page.getByLabel('Code or checkpoint').fill(code);
    await page.getByRole('button', { name: 'Compare', exact: true }).press('Enter');
    await page.getByText('It is this log’s', { exact: false }).waitFor();
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'audit-trail');
  });

  test('an export is verified by the program that shares nothing with the station', async () => {
    const { page, host, folder } = opened();
    await section(page, 'Exports');
    await page.getByRole('button', { name: 'Export', exact: true }).press('Enter');
    await page.locator('[data-folder$="-jsonl"]').waitFor({ timeout: 60_000 });
    await page.getByLabel('As', { exact: true }).selectOption('csv');
    await page.getByLabel('With the clear names', { exact: false }).check();
    await page.getByRole('button', { name: 'Export', exact: true }).press('Enter');
    await page
      .getByRole('dialog', { name: 'A second person has to agree' })
      .getByRole('button', { name: 'Sol Security' })
      .press('Enter');
    await page.locator('[data-folder$="-csv"]').waitFor({ timeout: 60_000 });
    const named = (await page.locator('[data-folder]').getAttribute('data-folder')) ?? '';
    const { code: ended, out } = await birthmark(['--json', join(folder, 'exports', named)], 'birthmark-verify');
    expect([ended, JSON.parse(out)]).toMatchObject([0, { ok: true, kind: 'csv', seal: true }]);
    if (host === 'browser') await shootAll(page, 'audit-export');
    await section(page, 'Legal holds');
    await page.getByRole('grid', { name: 'Legal holds' }).getByText('the claim of 12 November').waitFor();
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'audit-holds');
  });

  test('in German and Chinese nothing is clipped', async () => {
    const { page, host } = opened();
    const languages = [
      ['de', 'This screen', 'Prüfprotokoll'],
      ['zh', 'Dieser Bildschirm', '审计日志'],
      ['en', '本屏幕', 'Audit trail'],
    ] as const;
    for (const [language, display, audit] of languages) {
      await openPlace(page, display);
      await page.locator('select').nth(1).selectOption(language);
      await openPlace(page, audit);
      await page.getByRole('grid').getByText('Tess Technician').first().waitFor();
      expect(await stickingOut(page)).toEqual([]);
      if (host === 'browser' && language !== 'en') await shootAll(page, `audit-${language}`);
    }
  });

  test('an entry that somebody changed is found, by its proof and by the check', async () => {
    const { page, host, folder } = opened();
    const seq = tamper(folder, '5');
    await section(page, 'Search');
    await page.getByRole('button', { name: 'Clear', exact: true }).press('Enter');
    await found(page).getByText('Sign-in').first().waitFor();
    await found(page).focus();
    await page.keyboard.press('End');
    await found(page)
      .getByRole('row', { name: new RegExp(`^${seq}\\b`) })
      .press('Enter');
    await page.getByRole('dialog').locator('[data-proof="broken"]').waitFor();
    if (host === 'browser') await shootAll(page, 'audit-broken');
    await page.keyboard.press('Escape');
    await section(page, 'The trail');
    await page.getByRole('button', { name: 'Check the whole trail' }).press('Enter');
    await page.locator('[data-holds="false"]').waitFor({ timeout: 60_000 });
    expect(await page.locator('[data-holds]').textContent()).toContain(`from entry ${seq}`);
  });

  test('a log that is damaged after its newest head is stopped, which is the largest thing on the screen', async () => {
    const { page, host, folder } = opened();
    // An entry that no head covers yet: that a code was compared.
    await page.getByLabel('Code or checkpoint').fill(code);
    await page.getByRole('button', { name: 'Compare', exact: true }).press('Enter');
    await page.getByText('It is this log’s', { exact: false }).waitFor();
    tamper(folder, 'max(seq)');
    await page.getByRole('button', { name: 'Sign a head now' }).press('Enter');
    await page.getByText('STOPPED', { exact: true }).waitFor();
    expect(await page.getByRole('alert').first().textContent()).toContain('No unit is made');
    if (host === 'browser') await shootAll(page, 'audit-stopped');
    await openPlace(page, 'Lanes');
    await openPlace(page, 'Audit trail');
    await page.getByText('audit.damaged').first().waitFor();
  });

  describe('in the end', () => {
    test('nothing was complained about', () => {
      expect(opened().complaints).toEqual([]);
    });
  });
});
