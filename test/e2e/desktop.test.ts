import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repeatMs } from '../../renderer/scanner.ts';
import { holdFolder } from '../../station-core/store/lock.ts';
import { type Desktop, openDesktop, openDisplay, runtime, stationPid, unitsPid } from './desktop.ts';
import { shoot } from './screens.ts';

// The desktop window in a real Electron, on the practice line. Each test goes on where the one before it ended. Keys only.

let display: Awaited<ReturnType<typeof openDisplay>>;
let desktop: Desktop;
const folder = mkdtempSync(join(tmpdir(), 'birthmark-desktop-'));

const until = (lane: number, look: string) =>
  desktop.page.locator(`[data-lane="${lane}"][data-look="${look}"]`).waitFor();
const scan = async (code: string) => {
  await desktop.page.keyboard.type(code);
  await desktop.page.keyboard.press('Enter');
};
const runsOf = (lane: number) => desktop.page.locator(`[data-lane="${lane}"]`).textContent();

describe.skipIf(runtime === undefined)(
  'the desktop window, in a real Electron (ELECTRON_OVERRIDE_DIST_PATH)',
  { timeout: 90_000 },
  () => {
    beforeAll(async () => {
      display = await openDisplay();
      desktop = await openDesktop(display.name, join(folder, 'station'), 4);
    }, 240_000);
    afterAll(async () => {
      await desktop?.app.close();
      display?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test('opens on the practice line, and a unit passes there', async () => {
      await desktop.page.getByText('Scan a unit').waitFor();
      await scan('P1-0001');
      await until(1, 'passed');
      expect(await runsOf(1)).toContain('P1-0001');
      await scan('P1-0003-X');
      await until(2, 'failed');
      await shoot(desktop.page, 'desktop-units');
    });

    test('comes back by itself when the station is killed under it, with every verdict, and makes units again', async () => {
      process.kill(stationPid(desktop.app), 'SIGKILL');
      await desktop.page
        .getByText(/CONNECTION/)
        .first()
        .waitFor();
      await shoot(desktop.page, 'desktop-lost');
      await desktop.page.getByText('Connected', { exact: true }).waitFor();
      await until(1, 'passed');
      await until(2, 'failed');
      await scan('P1-0002');
      await until(3, 'passed');
    });

    test('closes a run that the kill interrupted, and the same unit can be made', async () => {
      const station = stationPid(desktop.app);
      const units = unitsPid(station);
      // The units stand still, so that the run stands in its first step until the station dies.
      process.kill(units, 'SIGSTOP');
      await scan('P1-0004');
      await until(4, 'busy');
      process.kill(station, 'SIGKILL');
      process.kill(units, 'SIGKILL');
      await until(4, 'errored');
      await desktop.page.getByText('Connected', { exact: true }).waitFor();
      // The station is back so soon that the same label would still count as the same scan.
      await desktop.page.waitForTimeout(repeatMs);
      await desktop.page.keyboard.press('F4');
      await scan('P1-0004');
      await until(4, 'passed');
    });

    test('nothing was complained about: no console message, no error of the page', () => {
      expect(desktop.complaints).toEqual([]);
    });

    test('a page that crashes comes back with its verdicts, and is signed in', async () => {
      const loaded = desktop.app.evaluate(
        ({ BrowserWindow }) =>
          new Promise<void>((resolve) => {
            const contents = BrowserWindow.getAllWindows()[0]?.webContents;
            contents?.once('did-finish-load', () => resolve());
            contents?.forcefullyCrashRenderer();
          }),
      );
      await loaded;
      // Playwright's page died with the process; what the new one shows is asked of Electron.
      const shown = () =>
        desktop.app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
            `[...document.querySelectorAll('[data-lane]')].map((tile) => tile.dataset.look).join()`,
          ),
        );
      await expect.poll(shown, { timeout: 30_000 }).toBe('passed,failed,passed,passed');
    });

    test('says in words who holds its folder, when it cannot start, and starts when its page is loaded anew', async () => {
      const taken = join(folder, 'taken');
      mkdirSync(taken);
      // Held before the program starts, so that nobody races for it.
      const hold = holdFolder(taken, 'the spec');
      const other = await openDesktop(display.name, taken, 1);
      try {
        await other.page.getByText('The station could not be opened. Ctrl+R tries again.').waitFor();
        await other.page.getByText(/Another station process \(the spec.*\) already holds this folder/).waitFor();
        await shoot(other.page, 'desktop-not-opened');
        hold.release();
        await other.page.reload();
        await other.page.getByText('Connected', { exact: true }).waitFor();
      } finally {
        await other.app.close();
      }
    });
  },
);
