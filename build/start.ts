// `npm start`: opens the practice line in the desktop window when an Electron runtime and a display are there, else in the
// browser. `npm start -- --browser` asks for the browser; everything else goes to the practice line.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const top = join(import.meta.dirname, '..');

export type Surroundings = {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a file is there. */
  readonly has: (path: string) => boolean;
  readonly isRoot: boolean;
};

export type Start =
  | { readonly in: 'window'; readonly electron: string; readonly args: readonly string[] }
  | { readonly in: 'browser'; readonly why: string; readonly args: readonly string[] };

/** Decides where the practice line opens, and with which arguments. Pure. */
export function decide(asked: readonly string[], around: Surroundings): Start {
  const args = asked.filter((one) => one !== '--browser');
  const browser = (why: string): Start => ({ in: 'browser', why, args });
  if (args.length < asked.length) return browser('as asked');
  if (!isForWindow(args)) return browser('the window has no such options');
  const { DISPLAY, WAYLAND_DISPLAY } = around.env;
  if (around.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return browser('there is no display');
  const electron = runtime(around);
  if (!electron) return browser('there is no Electron runtime');
  // Chromium's sandbox refuses to run as root on Linux.
  const sandbox = around.platform === 'linux' && around.isRoot ? ['--no-sandbox'] : [];
  return {
    in: 'window',
    electron,
    args: [...sandbox, join(top, 'build', 'out', 'electron', 'main.cjs'), '--practice', ...args],
  };
}

/** Whether the window knows these options; what is wrong with others the practice line's command says better. */
function isForWindow(args: readonly string[]): boolean {
  const value = { type: 'string' } as const;
  try {
    parseArgs({ args: [...args], options: { lanes: value, recipe: value, station: value } });
    return true;
  } catch {
    return false;
  }
}

/** Electron's own program: where ELECTRON_OVERRIDE_DIST_PATH says, else where the npm package keeps what it downloaded. */
function runtime({ platform, env, has }: Surroundings): string | undefined {
  const names: Partial<Record<NodeJS.Platform, string>> = {
    win32: 'electron.exe',
    darwin: 'Electron.app/Contents/MacOS/Electron',
  };
  const name = names[platform] ?? 'electron';
  const folders = [env.ELECTRON_OVERRIDE_DIST_PATH, join(top, 'node_modules', 'electron', 'dist')];
  return folders.flatMap((folder) => (folder ? [join(folder, name)] : [])).find(has);
}

async function start(): Promise<number> {
  const { platform, env } = process;
  const decided = decide(process.argv.slice(2), { platform, env, has: existsSync, isRoot: process.getuid?.() === 0 });
  if (decided.in === 'browser') {
    process.stderr.write(`birthmark: opening in the browser, ${decided.why}\n`);
    return run(process.execPath, [join(top, 'station-core', 'cli.main.ts'), 'practice', '--window', ...decided.args]);
  }
  await import('./electron.ts');
  if (decided.args[0] === '--no-sandbox') process.stderr.write("birthmark: as root, Chromium's sandbox is off\n");
  return run(decided.electron, [...decided.args, '--node', process.execPath]);
}

/** Runs the program in this terminal to its end; Ctrl-C reaches it by itself, SIGTERM is passed on. */
function run(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', (signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await start();
