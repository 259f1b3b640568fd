import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Language, speak } from '../../renderer/say.ts';
import { launchChromium } from './chromium.ts';
import { descendant, openDesktop, openDisplay, runtime, stationPid, unitsPid } from './desktop.ts';
import { startPracticeLine } from './practice.ts';

// The same specs on both hosts: a browser's page that the station serves, and the window of the desktop program.

/** A practice line with its screens, on one of the hosts. */
export type Opened = {
  readonly host: HostName;
  readonly page: Page;
  /** The station's folder. */
  readonly folder: string;
  /** What the page complained about: console messages, errors, violations of its policy. */
  readonly complaints: string[];
  /** Stops the units of the line where they are, until the next start of the station. */
  holdUnits(): void;
  /** Ends the station and its units as a power cut would, and has them again: the desktop program does that by itself. */
  cutPower(): Promise<void>;
};

export type HostName = 'browser' | 'desktop';

type Line = {
  readonly lanes: number;
  readonly recipe?: string;
  /** Makes of an empty folder what the line is to be, before it is opened. */
  readonly prepare?: (folder: string) => Promise<void>;
};

type Host = {
  readonly is: HostName;
  readonly missing: boolean;
  open(line: Line): Promise<Opened & { close(): Promise<void> }>;
};

const browser: Host = {
  is: 'browser',
  missing: false,
  open: async ({ lanes, recipe, prepare }) => {
    const prepared = prepare && mkdtempSync(join(tmpdir(), 'birthmark-e2e-'));
    if (prepared) await prepare(prepared);
    const [first, chromium] = await Promise.all([startPracticeLine(lanes, recipe, prepared), launchChromium()]);
    const page = await chromium.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    const complaints = listenTo(page);
    let line = first;
    await page.goto(line.address);
    const holdUnits = () => process.kill(descendant(line.pid, 'fixtures.main.ts'), 'SIGSTOP');
    const cutPower = async () => {
      await line.kill();
      await page.getByText('CONNECTION LOST').waitFor();
      line = await startPracticeLine(lanes, recipe, line.folder);
      await page.goto(line.address);
      await page.reload(); // behind the # alone is another address
    };
    const close = async () => {
      await chromium.close();
      await line.stop();
    };
    return { host: 'browser', page, folder: line.folder, complaints, holdUnits, cutPower, close };
  },
};

const desktop: Host = {
  is: 'desktop',
  missing: runtime === undefined,
  open: async ({ lanes, recipe, prepare }) => {
    const display = await openDisplay();
    const top = mkdtempSync(join(tmpdir(), 'birthmark-host-'));
    const folder = join(top, 'station');
    if (prepare) {
      mkdirSync(folder);
      await prepare(folder);
    }
    const { app, page } = await openDesktop(display.name, folder, lanes, recipe);
    const complaints = listenTo(page);
    const close = async () => {
      await app.close();
      display.close();
      rmSync(top, { recursive: true, force: true });
    };
    const holdUnits = () => process.kill(unitsPid(stationPid(app)), 'SIGSTOP');
    const cutPower = async () => {
      const station = stationPid(app);
      const units = unitsPid(station);
      process.kill(station, 'SIGKILL');
      process.kill(units, 'SIGKILL');
      await page.getByText('CONNECTION LOST').waitFor();
    };
    return { host: 'desktop', page, folder, complaints, holdUnits, cutPower, close };
  },
};

const hosts: readonly Host[] = [browser, desktop];

/** How long a page may take for anything, on a machine that runs other tests, too. */
const patienceMs = 90_000;

/** A real Electron on such a machine. */
export const slowStart = 240_000;

/** Declares the specs once for each host. `opened` answers the line that is open while they run. */
export function onBothHosts(about: string, line: Line, specs: (opened: () => Opened) => void): void {
  describe.each(hosts)(`${about}, on the host: $is`, { timeout: slowStart }, (host) => {
    describe.skipIf(host.missing)(host.missing ? 'without a runtime (ELECTRON_OVERRIDE_DIST_PATH)' : 'as it is', () => {
      let now: Awaited<ReturnType<Host['open']>> | undefined;
      beforeAll(async () => {
        now = await host.open(line);
        now.page.setDefaultTimeout(patienceMs);
      }, slowStart);
      afterAll(() => now?.close());
      specs(() => {
        if (!now) throw new TypeError('no line is open');
        return now;
      });
    });
  });
}

function listenTo(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  return complaints;
}

/** Opens a screen by the menu and its name on it, with keys alone. */
export async function openPlace(page: Page, name: string): Promise<void> {
  await page.keyboard.press('F9');
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Chooses a language on the screen about the screen, which is the last of the other screens; resolves once that speaks it. */
export async function speakOnScreen(page: Page, language: Language): Promise<void> {
  const { t } = await speak(language);
  await page.keyboard.press('F9');
  await page.getByRole('dialog').getByRole('navigation').getByRole('button').last().press('Enter');
  await page.locator('select').nth(1).selectOption(language);
  await page.getByRole('heading', { name: t('display.title'), level: 1 }).waitFor();
}

/** Signs out, and in again as one of the practice line's ready-made people. */
export async function becomePerson(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).press('Enter');
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).press('Enter');
  await page.getByText('Connected', { exact: true }).waitFor();
}

/** The labels that the practice line offers to scan, as its page shows them. */
export const labelsOf = (page: Page): Promise<string[]> =>
  page.getByRole('region', { name: 'Labels to scan' }).getByRole('button').allTextContents();

/** What a scanner that types would do. */
export async function scan(page: Page, code: string): Promise<void> {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

/** Resolves once a lane looks so. */
export const laneLooks = (page: Page, lane: number, look: string): Promise<void> =>
  page.locator(`[data-lane="${lane}"][data-look="${look}"]`).waitFor();
