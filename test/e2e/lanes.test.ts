import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { cutConnection, holdAfter, letGo, makeHoldable } from './hold.ts';
import { type PracticeLine, startPracticeLine } from './practice.ts';
import { shoot, shootAll, stickingOut } from './screens.ts';

// One page from the first scan to the power cut; each test goes on where the one before it ended. Keys only.

let line: PracticeLine;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [line, browser] = await Promise.all([startPracticeLine(4), launchChromium()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  await page.exposeFunction('complain', (what: string) => complaints.push(what));
  await page.addInitScript(() => {
    const { complain } = window as unknown as { complain: (what: string) => void };
    document.addEventListener('securitypolicyviolation', (event) => complain(`policy: ${event.violatedDirective}`));
    window.addEventListener('pointerdown', () => complain('the mouse was used'));
  });
  await makeHoldable(page);
  await page.goto(line.address);
});

afterAll(async () => {
  await browser?.close();
  await line?.stop();
});

const lane = (number: number) => page.locator(`[data-lane="${number}"]`);
const looks = () =>
  page.locator('[data-lane]').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-look')));
const step = (number: number, name: string) => lane(number).locator(`[data-step="${name}"]`);
const label = (index: number): string => line.labels[index] ?? '';

async function scan(code: string): Promise<void> {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

const until = (number: number, look: string) => page.locator(`[data-lane="${number}"][data-look="${look}"]`).waitFor();

describe('the first screen', () => {
  test('signs the ready-made technician in, says where the next scan goes, and shows no verdict', async () => {
    await page.getByText('Scan a unit').waitFor();
    expect(await looks()).toEqual(['ready', 'ready', 'ready', 'ready']);
    expect(await page.locator('header').first().textContent()).toMatch(/PRACTICE.*Tess Technician.*Connected/);
    expect(await lane(1).getAttribute('data-aim')).toBe('next');
    expect(await page.locator('[data-look="passed"], [data-shape="passed"]').count()).toBe(0);
    await shootAll(page, 'idle');
  });

  test('shows the steps of a run as they happen, and no verdict before its commit', async () => {
    await holdAfter(page, '"lane":1,"step":"release"');
    await scan(label(0));
    await step(1, 'release').and(page.locator('[data-state="running"]')).waitFor();
    expect(await lane(1).getAttribute('data-look')).toBe('busy');
    expect(await step(1, 'greet').getAttribute('data-state')).toBe('ended');
    expect(await step(1, 'prove').getAttribute('data-state')).toBe('waiting');
    await shootAll(page, 'running');
    expect(await stickingOut(page)).toEqual([]);
    await letGo(page);
    await until(1, 'passed');
    expect(await step(1, 'prove').textContent()).toMatch(/Prove(< )?\d+ m?s/);
  });

  test('ends the second unit with PASS, and the one with another unit’s label with FAIL and what to do now', async () => {
    await scan(label(1));
    await scan(label(2));
    await until(2, 'passed');
    await until(3, 'failed');
    const said = await lane(3).textContent();
    expect(said).toContain('FAIL');
    expect(said).toContain(`The label says ${label(2)}, the unit says`);
    expect(said).toContain('Set the unit aside');
    expect(said).toContain('Cause: the unit');
    expect(said).toContain('unit.serial-mismatch');
    expect(await page.getByRole('status').textContent()).toMatch(/FAIL.*Lane 3/);
    expect(await looks()).toEqual(['passed', 'passed', 'failed', 'ready']);
  });

  test('counts the order and the session, and says when everything is sent', async () => {
    const foot = page.locator('footer');
    await foot.getByText('all sent').waitFor();
    await expect
      .poll(() => foot.textContent(), { timeout: 10_000 })
      .toMatch(/practice-1.*2 of 42.*66 %.*2 passed, 1 failed/);
    await shootAll(page, 'done');
    expect(await stickingOut(page)).toEqual([]);
  });
});

describe('what was done stays', () => {
  test('over a reload: lanes, verdicts, and the count of the session', async () => {
    await page.reload();
    await until(3, 'failed');
    expect(await looks()).toEqual(['passed', 'passed', 'failed', 'ready']);
    await page.locator('footer', { hasText: /2 of 42.*2 passed, 1 failed/ }).waitFor();
  });

  test('over a connection that is cut while a unit is made, which ends with the verdict of the station', async () => {
    const next = await page.getByRole('region', { name: 'Labels to scan' }).getByRole('button').nth(1).textContent();
    await holdAfter(page, '"lane":4,"step":"greet"');
    await scan(next ?? '');
    await step(4, 'greet').and(page.locator('[data-state="running"]')).waitFor();
    await cutConnection(page);
    await until(4, 'passed');
    // The view has the verdict at once; the session counts by the events that are repeated after it.
    await page.locator('footer', { hasText: /3 of 42.*3 passed, 1 failed/ }).waitFor();
  });
});

describe('the scanner', () => {
  test('is told that a finished unit is not made again, until the next scan', async () => {
    await scan(label(0));
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(
      new RegExp(`${label(0)} was already finished at \\d\\d:\\d\\d:\\d\\d .*\\. unit.finished`),
    );
    await shoot(page, 'refused');
    expect(await looks()).toEqual(['passed', 'passed', 'failed', 'passed']);
  });

  test('shows what is typed in large letters, and Escape clears it', async () => {
    await page.keyboard.type('P1-77');
    await page.getByText('Enter sends it, Escape clears it').waitFor();
    expect(await page.locator('[data-kind="gathering"]').textContent()).toContain('P1-77');
    await shoot(page, 'typing');
    await page.keyboard.press('Escape');
    await page.locator('[data-kind="gathering"]').waitFor({ state: 'detached' });
  });

  test('is aimed at a lane by its function key, or by Tab and Enter', async () => {
    await page.keyboard.press('F2');
    expect(await lane(2).getAttribute('data-aim')).toBe('selected');
    // Past the menu and what else stands in the strip.
    const reached = () => lane(1).locator('button:focus').count();
    for (let tabs = 0; tabs < 8 && (await reached()) === 0; tabs++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await lane(1).getAttribute('data-aim')).toBe('selected');
    await shoot(page, 'selected');
    // A scan's own Enter does not press the control that has the focus.
    await scan(label(1));
    await page.getByRole('alert').waitFor();
    expect(await lane(1).getAttribute('data-aim')).toBe('selected');
    await page.keyboard.press('Escape');
    expect(await lane(1).getAttribute('data-aim')).toBe('next');
  });

  test('is said not to listen while another window has the keyboard', async () => {
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await page.getByText('SCANNER NOT LISTENING').waitFor();
    await shoot(page, 'not-listening');
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await page.getByText('SCANNER NOT LISTENING').waitFor({ state: 'detached' });
  });
});

test('nothing was complained about: no console message, no policy violation, no mouse', () => {
  expect(complaints).toEqual([]);
});

test('a station that is killed leaves its verdicts standing, says that it is gone, and takes no scan', async () => {
  await holdAfter(page, '"lane":1,"step":"greet"');
  await scan(label(2));
  await step(1, 'greet').and(page.locator('[data-state="running"]')).waitFor();
  await line.kill();
  await page.getByText('CONNECTION LOST').waitFor();
  await until(1, 'unknown');
  expect(await looks()).toEqual(['unknown', 'passed', 'failed', 'passed']);
  await shootAll(page, 'lost');
  await scan('P1-0042');
  await page.getByText('there is no connection to the station').waitFor();
});
