import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { top } from '../rules/sources.ts';
import { openDisplay, openProgram, runtime } from './desktop.ts';

// Chromium's own sandbox, as an ordinary user has it: root has none (Electron's security list, 4). Tests that run as root
// start the program as nobody, on a copy of what it needs to read.

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const becomeNobody = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];

/** Chromium makes its sandbox of user namespaces; some containers have none. */
const namespaces = spawnSync(
  isRoot ? 'setpriv' : 'unshare',
  isRoot ? [...becomeNobody, 'unshare', '-Ur', 'true'] : ['-Ur', 'true'],
);
const without =
  runtime === undefined ? 'ELECTRON_OVERRIDE_DIST_PATH' : namespaces.status !== 0 ? 'user namespaces' : undefined;

/** The built window and Electron where everybody may read them, and a program that starts it as an ordinary user. */
function readableCopy(): { readonly folder: string; readonly program: string } {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  cpSync(join(top, 'build', 'out'), join(folder, 'build', 'out'), {
    recursive: true,
    filter: (from) => !from.includes(join('out', 'package')),
  });
  spawnSync('cp', ['-a', '--reflink=auto', runtime ?? '', join(folder, 'runtime')]);
  spawnSync('chmod', ['-R', 'a+rX', folder]);
  const electron = join(folder, 'runtime', 'electron');
  if (!isRoot) return { folder, program: electron };
  const home = join(folder, 'home');
  mkdirSync(home);
  chownSync(home, nobody, nobody);
  const program = join(folder, 'as-nobody');
  writeFileSync(program, `#!/bin/sh\nexec setpriv ${becomeNobody.join(' ')} ${electron} "$@"\n`, { mode: 0o755 });
  return { folder, program };
}

test.skipIf(without !== undefined)(
  `an ordinary user's page runs in Chromium's sandbox${without === undefined ? '' : ` (without ${without})`}`,
  { timeout: 90_000 },
  async () => {
    const display = await openDisplay();
    onTestFinished(() => display.close());
    const { folder, program } = readableCopy();
    const home = isRoot ? join(folder, 'home') : folder;
    const args = [`--user-data-dir=${join(home, 'profile')}`, join(folder, 'build', 'out', 'electron', 'main.cjs')];
    // No station is needed for this, and none may be made in somebody's home: there is no such Node.
    const { app } = await openProgram(display.name, program, [...args, '--node', join(folder, 'none')], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', HOME: home },
    });
    onTestFinished(() => app.close());
    const seen = await app.evaluate(({ app: electron, BrowserWindow }) => ({
      user: process.getuid?.(),
      isOff: electron.commandLine.hasSwitch('no-sandbox'),
      page: BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    }));
    expect(seen).toMatchObject({ user: isRoot ? nobody : process.getuid?.(), isOff: false });
    const status = readFileSync(`/proc/${seen.page}/status`, 'utf8');
    const line = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.trim();
    // Filters on its system calls, no way to get rights back, none left, and a process table of its own.
    expect([line('Seccomp'), line('NoNewPrivs'), line('CapEff')]).toEqual(['2', '1', '0000000000000000']);
    expect(line('NSpid')?.split(/\s+/).length).toBeGreaterThan(1);
  },
);
