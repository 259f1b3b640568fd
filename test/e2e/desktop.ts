import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Desktop as Bridge } from '../../station-core/contract/desktop.ts';
import { top } from '../rules/sources.ts';

declare global {
  interface Window {
    /** What the desktop window gives its page. */
    readonly birthmark?: Bridge;
  }
}

/** Where a real Electron is; the desktop's specs are skipped without one. */
export const runtime: string | undefined = process.env.ELECTRON_OVERRIDE_DIST_PATH;

/** A display of its own, so that windows of other tests do not take the keyboard. */
export async function openDisplay(): Promise<{ readonly name: string; close(): void }> {
  const xvfb: ChildProcess = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = xvfb.stdio[3] as NodeJS.ReadableStream;
  const [number] = (await once(pipe, 'data')) as [Buffer];
  return { name: `:${String(number).trim()}`, close: () => void xvfb.kill() };
}

export type Desktop = { readonly app: ElectronApplication; readonly page: Page; readonly complaints: string[] };

/** Root has no sandbox on Linux (build/start.ts). */
export const asRoot: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Starts the desktop program on a station folder of the practice line. */
export function openDesktop(
  display: string,
  station: string,
  lanes: number,
  recipe = 'symmetric-group',
  more: readonly string[] = [],
): Promise<Desktop> {
  const main = join(top, 'build', 'out', 'electron', 'main.cjs');
  const node = ['--node', process.execPath];
  // The first that is no switch is the program for Electron to run.
  const args = [...asRoot, main, ...practiceArgs(station, lanes), '--recipe', recipe, ...node, ...more];
  return openProgram(display, join(runtime ?? '', 'electron'), args);
}

/** What the desktop program is told to practise in a folder, with a profile of its own: one user has one desktop program. */
export const practiceArgs = (station: string, lanes: number): string[] => [
  `--user-data-dir=${station}-profile`,
  ...['--practice', '--station', station, '--lanes', String(lanes)],
];

type Surroundings = { readonly cwd?: string; readonly env?: Record<string, string> };

/** Longer than a start ever took, on a machine with twenty times more to do than it has cores for. */
const attachMs = 40_000;

/**
 * Starts a desktop program, which may be the packaged one, and gives its page the keyboard. On a busy machine Playwright
 * (1.65.1) now and then attaches so early that it never hears of the program or of its page, and waits for ever; then it is started anew.
 */
export async function openProgram(
  display: string,
  program: string,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Desktop> {
  for (let tries = 1; ; tries++) {
    const app = await launch(display, program, args, surroundings).catch((thrown: Error) => {
      if (thrown.name !== 'TimeoutError' || tries === 3) throw thrown;
    });
    if (!app) continue; // Playwright ended it
    const desktop = await Promise.race([attach(app).catch(nothingYet), after(attachMs, undefined, { ref: false })]);
    if (desktop) return desktop;
    await killWhole(app);
    if (tries === 3) throw new Error(`the desktop program was started ${tries} times, and its page never answered`);
  }
}

/** A page that was not there in time, or whose program was killed since, is none. */
function nothingYet(thrown: Error): undefined {
  if (thrown.name !== 'TimeoutError' && !/has been closed/.test(thrown.message)) throw thrown;
}

function launch(display: string, program: string, args: readonly string[], { cwd, env }: Surroundings) {
  return _electron.launch({
    executablePath: program,
    args: [...args],
    timeout: attachMs,
    // Playwright would take it away.
    chromiumSandbox: true,
    env: { ...(env ?? (process.env as Record<string, string>)), DISPLAY: display },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

async function attach(app: ElectronApplication): Promise<Desktop> {
  const page = await app.firstWindow();
  // No window manager runs on the test's display, so nobody gives the window the keyboard.
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  // A page that looked before that is told now.
  await page.waitForLoadState();
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return { app, page, complaints };
}

/** Ends a desktop program and waits for its station, which holds the folder until it has ended. */
async function killWhole(app: ElectronApplication): Promise<void> {
  const parent = app.process();
  const { stdout } = spawnSync('ps', ['--ppid', String(parent.pid), '-o', 'pid='], { encoding: 'utf8' });
  const children = stdout
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
  const ended = once(parent, 'exit');
  parent.kill('SIGKILL');
  await ended;
  while (children.some(isRunning)) await after(100);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Resolves once a desktop program has said something on standard error. */
export function hasSaid(app: ElectronApplication, what: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    app.process().stderr?.on('data', (bytes: Buffer) => {
      said += String(bytes);
      const found = what.exec(said);
      if (found) resolve(found[0]);
    });
  });
}

/** The process id of the station that a desktop program runs. */
export const stationPid = (app: ElectronApplication): number => stationOf(app).pid;

/** The station's process, and the command line that it was started with. */
export const stationOf = (app: ElectronApplication, program = 'host.main.ts'): Child =>
  childOf(app.process().pid ?? 0, program);

/** The process id of the units on a station's practice line. */
export const unitsPid = (station: number): number => childOf(station, 'fixtures.main.ts').pid;

/** The process id of a program that one process started, or one of its children did, and so on. */
export function descendant(ancestor: number, program: string): number {
  const { stdout } = spawnSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const all = stdout.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []);
  const below = new Set([ancestor]);
  for (let before = 0; before < below.size; ) {
    before = below.size;
    for (const [, pid, parent] of all) if (below.has(Number(parent))) below.add(Number(pid));
  }
  const found = all.find(([, pid, , args]) => below.has(Number(pid)) && args?.includes(program));
  if (!found) throw new Error(`process ${ancestor} runs no ${program}`);
  return Number(found[1]);
}

type Child = { readonly pid: number; readonly program: string };

function childOf(parent: number, program: string): Child {
  const { stdout } = spawnSync('ps', ['--ppid', String(parent), '-o', 'pid=,args='], { encoding: 'utf8' });
  const line = stdout.split('\n').find((one) => one.includes(program));
  if (line === undefined) throw new Error(`process ${parent} runs no ${program}`);
  return { pid: Number.parseInt(line, 10), program: line };
}
