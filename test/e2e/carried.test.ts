import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { birthmark, pointAt, said } from '../suites/air-gap.ts';
import { launchChromium } from './chromium.ts';
import { axeInBoth, becomePerson, labelsOf, laneLooks, openPlace, scan } from './hosts.ts';
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

/** The machine with a network, which trusts this station and is pinned by it. */
async function makeApplier(phrase: string): Promise<void> {
  const applier = said(
    await birthmark(away, ['applier', 'init', 'office', '--name', 'office', '--mode', 'practice', '--json'], {
      input: phrase,
    }),
  );
  const { port } = await reach(line.folder);
  pointAt(join(away, 'office'), { port, caFile: join(line.folder, 'practice', 'dps', 'ca.pem') });
  const at = ['--station', line.folder, '--json'];
  const print = String(applier.fingerprint);
  said(await birthmark(away, ['sync', 'pin-applier', 'office/public.json', '--fingerprint', print, ...at]));
  const identity = said(await birthmark(away, ['sync', 'identity', '--out', 'line.json', ...at]));
  const trust = ['applier', 'trust', 'line.json', '--applier', 'office', '--fingerprint', String(identity.fingerprint)];
  const { code } = await birthmark(away, trust, { input: phrase });
  expect(code).toBe(0);
}

test('a unit made without a network is enrolled by a bundle that is saved and receipts that are chosen', {
  timeout,
}, async () => {
  await page.getByText('Scan a unit').waitFor();
  const [label = ''] = await labelsOf(page);
  await switchCloud(line.folder, { offline: true });
  await scan(page, label);
  await laneLooks(page, 1, 'passed');
  await becomePerson(page, 'Lee Lead');
  await openPlace(page, 'Cloud');
  await page.getByRole('button', { name: 'Air gap' }).press('Enter');
  await page.getByRole('button', { name: 'Make a bundle' }).press('Enter');
  await page.getByText('bundle.no-applier').waitFor();

  const phrase = 'a pass phrase\n';
  await makeApplier(phrase);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Make a bundle' }).press('Enter');
  await (await saved).saveAs(join(away, 'line.bundle'));
  expect((await saved).suggestedFilename()).toBe('birthmark-1.bundle');
  expect(readFileSync(join(away, 'line.bundle'), 'latin1')).not.toContain(registrationOf(line.folder, label));
  const row = page.getByRole('grid', { name: 'Bundles so far' }).getByRole('row').filter({ hasText: 'on its way' });
  await row.waitFor();
  expect(await axeInBoth(page)).toEqual([]);
  await shootAll(page, 'cloud-gap');

  const again = page.waitForEvent('download');
  await row.press('Enter');
  await (await again).saveAs(join(away, 'again.bundle'));
  expect(readFileSync(join(away, 'again.bundle'))).toEqual(readFileSync(join(away, 'line.bundle')));

  await switchCloud(line.folder, { offline: false });
  const connection = readFileSync(join(line.folder, 'practice', 'dps', 'connection-string.txt'), 'utf8').trim();
  const apply = ['sync', 'apply', 'line.bundle', '--applier', 'office', '--out', 'line.receipts', '--json'];
  expect(said(await birthmark(away, apply, { input: `${phrase}${connection}\n` }))).toMatchObject({ done: 1 });
  const receipts = page.getByRole('region', { name: 'Receipts that came back' });
  await receipts.getByLabel('File with receipts').setInputFiles(join(away, 'line.bundle'));
  await receipts.getByRole('alert').waitFor();
  await receipts.getByLabel('File with receipts').setInputFiles(join(away, 'line.receipts'));
  await receipts.getByText('Receipts for bundle 1: 1 done', { exact: false }).waitFor();
  await page.getByRole('grid', { name: 'Bundles so far' }).getByText('1 done', { exact: false }).waitFor();
});
