import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { electronProgram, packageDesktop } from '../../build/package.ts';
import { fuses, readFuses, setFuses } from '../../build/package-fuses.ts';
import { long } from '../suites/seed.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { asRoot, type Desktop, openDisplay, openProgram, practiceArgs, runtime, stationOf } from './desktop.ts';
import { laneLooks, scan } from './hosts.ts';

// The packaged program, made here and started from elsewhere, with no Node of ours in its surroundings. What is shipped lets
// nobody look inside; the specs drive a copy of it with one fuse open, the one for Node's debugging.

let display: Awaited<ReturnType<typeof openDisplay>>;
let shipped: string;
const scratch = mkdtempSync(join(tmpdir(), 'birthmark-packaged-'));
const env = { PATH: '/usr/bin:/bin', HOME: scratch };

/** A copy of the folder with files of its own only where they are replaced. */
function copyOf(folder: string, name: string): string {
  const copy = join(scratch, name);
  spawnSync('cp', ['-al', folder, copy]);
  return copy;
}

/** Another file in its place, not other bytes in the file that copies share. */
function replace(path: string, text: string): void {
  rmSync(path);
  writeFileSync(path, text);
}

let copies = 0;
/** A copy that Playwright can drive. */
async function drivable(): Promise<string> {
  copies += 1;
  const folder = copyOf(shipped, `copy-${copies}`);
  const program = electronProgram(folder);
  rmSync(program);
  spawnSync('cp', [electronProgram(shipped), program]);
  await setFuses(program, { ...fuses, EnableNodeCliInspectArguments: true });
  return folder;
}

const open = (folder: string): Promise<Desktop> =>
  openProgram(display.name, electronProgram(folder), [...asRoot, ...practiceArgs(`${folder}-line`, 2)], {
    cwd: '/',
    env,
  });

const refusal = (page: Page, file: string) =>
  page.getByText(`The program is not as it was delivered (${file}), so it makes no units.`).waitFor();

/** Starts the shipped program until it said something; gives all that it said. */
async function shippedSays(what: RegExp, args: readonly string[], more: Record<string, string> = {}): Promise<string> {
  const profile = mkdtempSync(join(scratch, 'profile-'));
  const program = spawn(electronProgram(shipped), [...asRoot, ...practiceArgs(join(profile, 'line'), 1), ...args], {
    cwd: '/',
    env: { ...env, ...more, DISPLAY: display.name },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  program.stdout.on('data', (bytes: Buffer) => {
    said += String(bytes);
  });
  for await (const bytes of program.stderr) {
    said += String(bytes);
    if (what.test(said)) program.kill('SIGTERM');
  }
  return said;
}

describe.skipIf(!long || runtime === undefined)(
  'the packaged program (BIRTHMARK_LONG, ELECTRON_OVERRIDE_DIST_PATH)',
  { timeout: 180_000 },
  () => {
    beforeAll(async () => {
      display = await openDisplay();
      shipped = await packageDesktop(join(scratch, 'out'));
    }, 300_000);
    afterAll(() => {
      display?.close();
      rmSync(scratch, { recursive: true, force: true });
    });

    test('has its fuses set, and nothing in its folder but the program', async () => {
      const found = await readFuses(electronProgram(shipped));
      expect(Object.keys(found).length).toBeGreaterThan(7);
      expect(fuses).toMatchObject(found);
      const resources = spawnSync('ls', [join(shipped, 'resources')], { encoding: 'utf8' }).stdout.trim();
      expect(resources.split('\n')).toEqual(['app.asar', 'station']);
    });

    test('is no Node, loads nothing that its surroundings name, and opens no debugging', async () => {
      const evil = join(scratch, 'evil.cjs');
      writeFileSync(evil, `require('node:fs').writeFileSync(${JSON.stringify(join(scratch, 'pwned'))}, '')`);
      const said = await shippedSays(/files are as delivered/, ['--inspect=0', '--remote-debugging-port=0'], {
        NODE_OPTIONS: `--require=${evil}`,
        ELECTRON_RUN_AS_NODE: '1',
      });
      expect(said).toContain('--remote-debugging-port is not for the packaged program');
      expect(said).not.toMatch(/Debugger listening|DevTools listening/);
      expect(existsSync(join(scratch, 'pwned'))).toBe(false);
    });

    test('makes units on the practice line, and again after its station was killed', async () => {
      const desktop = await open(await drivable());
      try {
        await desktop.page.getByText('Scan a unit').waitFor();
        await scan(desktop.page, 'P1-0001');
        await laneLooks(desktop.page, 1, 'passed');
        const { pid, program } = stationOf(desktop.app, 'host.main.js');
        expect(program).toMatch(/resources\/station\/node .*resources\/station\/station-core\/host\.main\.js/);
        process.kill(pid, 'SIGKILL');
        await desktop.page
          .getByText(/CONNECTION/)
          .first()
          .waitFor();
        await desktop.page.getByText('Connected', { exact: true }).waitFor();
        await laneLooks(desktop.page, 1, 'passed');
        await scan(desktop.page, 'P1-0002');
        await laneLooks(desktop.page, 2, 'passed');
        const tools = await desktop.app.evaluate(({ app, BrowserWindow }) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents;
          contents?.openDevTools();
          return [app.isPackaged, contents?.isDevToolsOpened()];
        });
        expect(tools).toEqual([true, false]);
        expect(desktop.complaints).toEqual([]);
      } finally {
        await desktop.app.close();
      }
    });

    test('asks what the station is to be, where its folder has none yet', async () => {
      const folder = await drivable();
      const home = join(scratch, 'home');
      const args = [...asRoot, `--user-data-dir=${join(home, 'profile')}`];
      const desktop = await openProgram(display.name, electronProgram(folder), args, {
        cwd: '/',
        env: { ...env, HOME: home },
      });
      try {
        await desktop.page.getByRole('heading', { name: 'Practice or production', level: 2 }).waitFor();
      } finally {
        await desktop.app.close();
      }
    });

    test('starts no station whose files are not as they were delivered, names the file, and starts it once they are', async () => {
      const folder = await drivable();
      const at = (path: string) => join(folder, 'resources', 'station', path);
      const main = 'station-core/host.main.js';
      const code = readFileSync(at(main), 'utf8');
      replace(at(main), `${code} `);
      const desktop = await open(folder);
      try {
        await refusal(desktop.page, main);
        await desktop.page.screenshot({
          path: join(import.meta.dirname, '..', 'out', 'screens', 'desktop-altered.png'),
        });
        replace(at(main), code);
        renameSync(at('station-core/store/open.js'), join(scratch, 'open.js'));
        await desktop.page.reload();
        await refusal(desktop.page, 'station-core/store/open.js');
        renameSync(join(scratch, 'open.js'), at('station-core/store/open.js'));
        mkdirSync(at('node_modules/ws'));
        writeFileSync(at('node_modules/ws/index.js'), '');
        await desktop.page.reload();
        await refusal(desktop.page, 'node_modules/ws/index.js');
        rmSync(at('node_modules/ws'), { recursive: true });
        await desktop.page.reload();
        await desktop.page.getByText('Scan a unit').waitFor();
      } finally {
        await desktop.app.close();
      }
    });

    test('shows no screen that is not as it was delivered', async () => {
      const folder = copyOf(shipped, 'screens');
      const index = join(folder, 'resources', 'station', 'build', 'out', 'renderer', 'index.html');
      replace(index, `${readFileSync(index, 'utf8')} `);
      const args = [...asRoot, ...practiceArgs(join(scratch, 'screens-line'), 1)];
      const program = spawn(electronProgram(folder), args, {
        cwd: '/',
        env: { ...env, DISPLAY: display.name },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      for await (const bytes of program.stderr) {
        said += String(bytes);
        if (/cannot open: .*\(index\.html\).* \[station\.altered\]/.test(said)) break;
      }
      program.kill('SIGKILL');
      expect(said).toMatch(/cannot open: .*\(index\.html\)/);
    });

    describe('its command line', () => {
      let token: SoftHsmToken;
      beforeAll(async () => {
        token = await makeSoftHsm();
      });
      afterAll(() => token?.dispose());
      const run = (name: string, args: readonly string[], input = '') => {
        const link = join(scratch, name);
        if (!existsSync(link)) symlinkSync(join(shipped, 'bin', name), link);
        return spawnSync(link, args, { cwd: '/', env: { ...env, ...token.environment }, encoding: 'utf8', input });
      };

      test('runs from a link elsewhere, and loads an HSM', () => {
        expect(run('birthmark', ['--version']).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
        expect(run('birthmark-verify', ['--help']).stdout).toMatch(/birthmark-verify/);
        const station = join(scratch, 'hsm-line');
        const module = ['--hsm-module', token.module, '--hsm-token', token.tokenLabel];
        const pin = `${token.pin()}\n`;
        const made = run(
          'birthmark',
          ['init', '--station', station, '--mode', 'practice', '--name', 'x', ...module, '--no-input'],
          pin,
        );
        expect(made).toMatchObject({ status: 0 });
        const seen = run('birthmark', ['hsm', 'inspect', '--station', station, '--json'], pin);
        expect(seen).toMatchObject({ status: 0, stdout: expect.stringContaining(token.tokenLabel) as string });
      });
    });
  },
);
