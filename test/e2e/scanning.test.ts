import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { de } from '../../renderer/messages/de.ts';
import { es } from '../../renderer/messages/es.ts';
import { zh } from '../../renderer/messages/zh.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { gs } from '../../station-core/contract/gs1.ts';
import { badgeText } from '../../station-core/contract/people.ts';
import { testLabel } from '../../station-core/contract/test-label.ts';
import { hostOf, type Loopback, serveLoopback } from '../../station-core/loopback.ts';
import { TestStation } from '../suites/station.ts';
import { launchChromium } from './chromium.ts';
import { laneLooks, openPlace, scan } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

// Every kind of label and scanner, on fixtures that take both hands: scans arm a lane, plugging the unit in starts it.

vi.setConfig({ testTimeout: 120_000 });
const patience = { timeout: 30_000 };
const top = join(import.meta.dirname, '..', '..');
let line: TestStation;
let labels: readonly string[];
let served: Loopback;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  execFileSync(process.execPath, [join(top, 'build', 'renderer.ts')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const parts = { scanning: { prefix: '~', checksum: 'none' } } as const;
  [line, browser] = await Promise.all([TestStation.open({ lanes: 4, start: 'attach', parts }), launchChromium()]);
  ({ labels } = await line.order('symmetric-group', 12));
  served = await serveLoopback(hostOf(line.station), join(top, 'build', 'out', 'renderer'), 0);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(60_000);
  await page.goto(served.address);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
  await line?.close();
});

const label = (index: number) => labels[index] ?? '';
const tile = (lane: number) => page.locator(`[data-lane="${lane}"]`);
const band = () => page.locator('[data-kind]').first();
/** What a serial scanner reads. */
const read = (code: string) => line.station.scans.scanned(1, { code });
function replug(lane: number): void {
  line.station.plugged(lane, false);
  line.station.plugged(lane, true);
}
/** Whether the band's sentence has room for all its lines. */
const isWhole = () => band().evaluate((box) => [...box.children].every((one) => one.scrollHeight <= box.clientHeight));
const opened = () =>
  line.entries().flatMap(({ action, details }) => (action === 'run.opened' ? [(details as { how: string }).how] : []));

test('a person signs in, and from then on serial scans come to this page', async () => {
  const { operator } = line.station.operators.byName('Tess Technician') ?? {};
  const badge = badgeText(operator ?? 0);
  await page.getByLabel(/^PIN/).first().waitFor();
  await expect
    .poll(() => {
      read(badge);
      return page.locator('input[name="name"]').inputValue();
    }, patience)
    .toBe(badge);
  read('P1-0001');
  await page.keyboard.type('1111');
  await page.keyboard.press('Enter');
  // The band may tell of the unit that no page took before the sign-in.
  await laneLooks(page, 1, 'ready');
  await expect
    .poll(() => {
      read('BM-F-3');
      return tile(3).getAttribute('data-aim');
    }, patience)
    .toBe('selected');
  await page.keyboard.press('Escape');
});

test('a GS1 label from a serial scanner arms the next lane with its serial, and plugging in makes the unit', async () => {
  read(`]C10109501101020917${`10BATCH${gs}`}21${label(0)}`);
  await laneLooks(page, 1, 'armed');
  expect(await tile(1).textContent()).toMatch(
    new RegExp(`${label(0)}.*ARMED.*Plug the unit in: its run starts by itself`),
  );
  expect(await band().textContent()).toContain('lane 1 waits: plug the unit in');
  read(label(1));
  await laneLooks(page, 2, 'armed');
  await shootAll(page, 'armed');
  expect(await stickingOut(page)).toEqual([]);
  replug(1);
  await laneLooks(page, 1, 'passed');
  expect(await tile(2).getAttribute('data-look')).toBe('armed');
  expect(opened()).toEqual(['attached']);
});

const turned = (text: string) => text.replace(/[a-z]/gi, (one) => (one < 'a' ? one.toLowerCase() : one.toUpperCase()));
const qwertz = testLabel.replace(/[yz]/gi, (one) => ({ y: 'z', z: 'y', Y: 'Z', Z: 'Y' })[one] ?? one);

test.each([
  ['de', de, qwertz],
  ['zh', zh, turned(qwertz)],
  ['es', es, testLabel.replaceAll('-', "'")],
] as const)(
  'an armed lane and a keyboard that does not fit are said whole in %s',
  async (language, { messages }, arrived) => {
    await openPlace(page, 'This screen');
    await page.getByLabel('Language').selectOption(language);
    await openPlace(page, messages.frame.places.lanes);
    await scan(page, arrived);
    await page.getByRole('alert').waitFor();
    await shootAll(page, `armed-${language}`);
    expect(await isWhole()).toBe(true);
    expect(await stickingOut(page)).toEqual([]);
    await openPlace(page, messages.frame.places.display);
    await page.getByLabel(messages.display.language).selectOption('en');
    await openPlace(page, 'Lanes');
  },
);

test('a unit that waits on one lane is refused on another, and says where it waits', async () => {
  await page.keyboard.press('F3');
  await scan(page, label(1));
  expect(await page.getByRole('alert').textContent()).toContain(`The unit ${label(1)} is waited for on lane 2`);
  replug(2);
  await laneLooks(page, 2, 'passed');
});

test('the test barcode says that the keyboards agree, and finds Caps Lock', async () => {
  await scan(page, testLabel);
  await page.getByText('The scanner and this computer agree.').waitFor();
  await scan(
    page,
    testLabel.replace(/[a-z]/gi, (one) => (one < 'a' ? one.toLowerCase() : one.toUpperCase())),
  );
  await page.getByText('Caps Lock is on').waitFor();
  await shootAll(page, 'test-barcode');
  expect(await isWhole()).toBe(true);
  expect(await stickingOut(page)).toEqual([]);
});

test('a misread, a badge, and a command with nothing to do are refused with what to do', async () => {
  read('A\u0007B');
  await page.getByText('What came from the scanner is no label').waitFor();
  await scan(page, 'BM-P-7-3');
  await page.getByText('This is a badge').waitFor();
  await scan(page, 'BM-C-RETRY');
  await page.getByText('There is no unit that may be made once more').waitFor();
  expect(await isWhole()).toBe(true);
});

test('a serial scanner that is unplugged is said in the place where scans are', async () => {
  line.station.scans.is(1, new StationError('scanner.gone', { scanner: 1 }));
  await page.getByText('Scanner 1 is not there. Plug it in').waitFor();
  await shootAll(page, 'scanner-gone');
  line.station.scans.is(1, undefined);
  await page.getByText('Scanner 1 is not there').waitFor({ state: 'detached' });
});

test('a code with the scanner’s prefix is taken out of a field, and starts nothing while another screen is open', async () => {
  await openPlace(page, 'This screen');
  const field = page.getByLabel('Diagonal of the screen, inches');
  await field.focus();
  const before = await field.inputValue();
  await page.keyboard.type('~P1-9999');
  await page.keyboard.press('Enter');
  expect(await field.inputValue()).toBe(before);
  await page.keyboard.type('4', { delay: 80 });
  expect(await field.inputValue()).toBe(`${before}4`);
  await openPlace(page, 'Lanes');
  await page.getByText('Not taken: units are scanned on the lanes screen').waitFor();
  expect(opened()).toHaveLength(2);
});

test('scans that no page took are told to the page that comes back, and are not made', async () => {
  await page.goto('about:blank');
  await expect
    .poll(() => {
      read(label(5));
      return line.station.scans.recall().missed;
    }, patience)
    .toBeGreaterThan(0);
  read(label(6));
  await page.goto(served.address);
  await page.getByText('1 scan was not taken').waitFor();
  expect(opened()).toHaveLength(2);
});

test('nothing happened that nobody foresaw', () => {
  expect(line.log.incidents).toEqual([]);
});
