import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { top } from '../rules/sources.ts';
import { launchChromium } from './chromium.ts';
import { asRoot, openDisplay, openProgram, runtime } from './desktop.ts';
import type { HostName } from './hosts.ts';

// A folder without a station, opened as people do: `birthmark serve` for a browser, and the desktop program.

export type NewStation = {
  readonly host: HostName;
  readonly page: Page;
  readonly folder: string;
  readonly complaints: string[];
};
type Closing = NewStation & { close(): Promise<void> };
type Environment = Readonly<Record<string, string>>;

const hosts = [
  { is: 'browser', missing: false, open: inBrowser },
  { is: 'desktop', missing: runtime === undefined, open: inWindow },
] as const;

/** Declares specs once for each host. `environment` answers what the station's processes need beside the test's own. */
export function onNewStation(
  about: string,
  environment: () => Promise<Environment>,
  specs: (opened: () => NewStation) => void,
): void {
  describe.each(hosts)(`${about}, on the host: $is`, { timeout: 180_000 }, ({ missing, open }) => {
    describe.skipIf(missing)(missing ? 'without a runtime (ELECTRON_OVERRIDE_DIST_PATH)' : 'as it is', () => {
      let now: Closing | undefined;
      beforeAll(async () => {
        execFileSync(process.execPath, [join(top, 'build', 'renderer.ts')], { stdio: ['ignore', 'ignore', 'inherit'] });
        now = await open(await environment());
      }, 180_000);
      afterAll(() => now?.close());
      specs(() => {
        if (!now) throw new TypeError('no station is open');
        return now;
      });
    });
  });
}

async function inBrowser(environment: Environment): Promise<Closing> {
  const above = mkdtempSync(join(tmpdir(), 'birthmark-new-'));
  const folder = join(above, 'line');
  const args = ['build/birthmark.mjs', 'serve', '--station', folder];
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { cwd: top, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('serve ended before it was ready')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Birthmark is at (http:\/\/\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });
  const chromium = await launchChromium();
  const page = await chromium.newPage({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const complaints = listenTo(page);
  await page.goto(address);
  const close = async () => {
    await chromium.close();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await ended;
    rmSync(above, { recursive: true, force: true });
  };
  return { host: 'browser', page, folder, complaints, close };
}

async function inWindow(environment: Environment): Promise<Closing> {
  const above = mkdtempSync(join(tmpdir(), 'birthmark-new-'));
  const folder = join(above, 'line');
  const display = await openDisplay();
  const args = [
    ...asRoot,
    join(top, 'build', 'out', 'electron', 'main.cjs'),
    ...[`--user-data-dir=${folder}-profile`, '--station', folder, '--node', process.execPath],
  ];
  const env = { ...(process.env as Record<string, string>), ...environment };
  const { app, page, complaints } = await openProgram(display.name, join(runtime ?? '', 'electron'), args, { env });
  const close = async () => {
    await app.close();
    display.close();
    rmSync(above, { recursive: true, force: true });
  };
  return { host: 'desktop', page, folder, complaints, close };
}

function listenTo(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  return complaints;
}
