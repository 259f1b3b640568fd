import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { birthmark, pointAt, said } from '../suites/air-gap.ts';
import { launchChromium } from './chromium.ts';
import { becomePerson, labelsOf, laneLooks, openPlace, scan } from './hosts.ts';
import { type PracticeLine, startPracticeLine } from './practice.ts';
import { reach, registrationOf, switchCloud } from './practice-cloud.ts';
import { shootAll } from './screens.ts';

// The air gap by screens: a bundle that the browser saves, carried to an applier, and receipts that a person chooses. In the desktop
// window the system's own dialogs ask where to, which nobody can answer here.

const timeout = 240_000;
let line: PracticeLine;
let browser: Browser;
let page: Page;
let away: string;

beforeAll(async () => {
  away = mkdtempSync(join(tmpdir(), 'birthmark-carried-'));
  [line, browser] = await Promise.all([startPracticeLine(2, 'symmetric-individual'), launchChromium()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  await page.goto(line.address);
}, timeout);

afterAll(async () => {
  await browser?.close();
  await line?.stop();
  rmSync(away, { recursive: true, force: true });
});

/** The machine with a network; answers its fingerprint, which is told by another way than its file. */
async function makeApplier(phrase: string): Promise<string> {
  const init = ['applier', 'init', 'office', '--name', 'office', '--mode', 'practice', '--json'];
  const { fingerprint } = said(await birthmark(away, init, { input: phrase }));
  const { port } = await reach(line.folder);
  pointAt(join(away, 'office'), { port, caFile: join(line.folder, 'practice', 'dps', 'ca.pem') });
  return String(fingerprint);
}

/** What a press lets the browser save. */
async function savedBy(press: () => Promise<void>, as: string): Promise<string> {
  const saved = page.waitForEvent('download');
  await press();
  await (await saved).saveAs(join(away, as));
  return (await saved).suggestedFilename();
}

/** Two people pin the applier; one that was mistyped is refused. The applier trusts the station. */
async function pinEachOther(phrase: string): Promise<void> {
  const fingerprint = await makeApplier(phrase);
  const panel = page.getByRole('region', { name: 'Applier', exact: true });
  await panel.locator('input[type="file"]').setInputFiles(join(away, 'office', 'public.json'));
  await panel.getByLabel('Fingerprint of office').fill('AAAA-BBBB');
  await panel.getByRole('button', { name: 'Make bundles for it' }).press('Enter');
  await panel.getByText('bundle.fingerprint').waitFor();
  await panel.getByLabel('Fingerprint of office').fill(fingerprint.toLowerCase());
  await panel.getByRole('button', { name: 'Make bundles for it' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Lee Lead' }).press('Enter');
  await panel.getByText('Bundles are made for office from now on.').waitFor();
  await savedBy(() => panel.getByRole('button', { name: 'Save this station' }).press('Enter'), 'line.json');
  const own =
    (await panel
      .getByRole('status')
      .getByText(/^[A-Z2-7]{4}-/)
      .textContent()) ?? '';
  const trust = ['applier', 'trust', 'line.json', '--applier', 'office', '--fingerprint', own];
  expect(await birthmark(away, trust, { input: phrase })).toMatchObject({ code: 0 });
}

test('a unit made without a network is enrolled by a bundle that is saved and receipts that are chosen', {
  timeout,
}, async () => {
  await page.getByText('Scan a unit').waitFor();
  const [label = ''] = await labelsOf(page);
  await switchCloud(line.folder, { offline: true });
  await scan(page, label);
  await laneLooks(page, 1, 'passed');
  await becomePerson(page, 'Sol Security');
  await openPlace(page, 'Cloud');
  await page.getByRole('button', { name: 'Air gap' }).press('Enter');
  await page.getByRole('button', { name: 'Make a bundle' }).press('Enter');
  await page.getByText('bundle.no-applier').waitFor();

  const phrase = 'a pass phrase\n';
  await pinEachOther(phrase);
  const make = () => page.getByRole('button', { name: 'Make a bundle' }).press('Enter');
  expect(await savedBy(make, 'line.bundle')).toBe('birthmark-1.bundle');
  expect(readFileSync(join(away, 'line.bundle'), 'latin1')).not.toContain(registrationOf(line.folder, label));
  const row = page.getByRole('grid', { name: 'Bundles so far' }).getByRole('row').filter({ hasText: 'on its way' });
  await row.waitFor();
  await shootAll(page, 'cloud-gap');

  await savedBy(() => row.press('Enter'), 'again.bundle');
  expect(readFileSync(join(away, 'again.bundle'))).toEqual(readFileSync(join(away, 'line.bundle')));

  await switchCloud(line.folder, { offline: false });
  const connection = readFileSync(join(line.folder, 'practice', 'dps', 'connection-string.txt'), 'utf8').trim();
  const apply = ['sync', 'apply', 'line.bundle', '--applier', 'office', '--out', 'line.receipts', '--json'];
  expect(said(await birthmark(away, apply, { input: `${phrase}${connection}\n` }))).toMatchObject({ done: 1 });
  const receipts = page.getByRole('region', { name: 'Receipts that came back' });
  await receipts.locator('input[type="file"]').setInputFiles(join(away, 'line.bundle'));
  await receipts.getByRole('alert').waitFor();
  await receipts.locator('input[type="file"]').setInputFiles(join(away, 'line.receipts'));
  await receipts.getByText('Receipts for bundle 1: 1 done', { exact: false }).waitFor();
  await page.getByRole('grid', { name: 'Bundles so far' }).getByText('1 done', { exact: false }).waitFor();
});
