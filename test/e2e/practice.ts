import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const top = join(import.meta.dirname, '..', '..');

/** A practice line with its screens, as `npm start` runs it. */
export type PracticeLine = {
  readonly address: string;
  readonly folder: string;
  /** The process that was started; the station is it, or one of its children. */
  readonly pid: number;
  /** The first three labels, as the command prints them; the third sticks on a wrong unit. */
  readonly labels: readonly string[];
  /** Ends the station as a power cut would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a practice line in a folder of its own, or in that of one that was killed; resolves once it says where it is. */
export async function startPracticeLine(
  lanes: number,
  recipe = 'symmetric-group',
  folder = mkdtempSync(join(tmpdir(), 'birthmark-e2e-')),
): Promise<PracticeLine> {
  execFileSync(process.execPath, [join(top, 'build', 'renderer.ts')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const args = [
    'build/birthmark.mjs',
    'practice',
    '--window',
    '--lanes',
    String(lanes),
    '--recipe',
    recipe,
    '--station',
    folder,
  ];
  // A group of its own, so that a kill reaches the station behind the launcher.
  const child = spawn(process.execPath, args, { cwd: top, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const address = await addressOf(child, said).catch((thrown: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw thrown;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) signalGroup(child, signal);
    await ended;
  };
  const stop = async () => {
    await end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  return { address, folder, pid: child.pid ?? 0, labels: labelsIn(said), kill: () => end('SIGKILL'), stop };
}

function addressOf(child: ChildProcess, said: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the practice line ended before it was ready:\n${said.join('\n')}`)));
    if (!child.stdout) return reject(new TypeError('no standard output'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Birthmark is at (http:\/\/\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });
}

function labelsIn(said: readonly string[]): string[] {
  const line = said.find((one) => one.startsWith('Labels to scan:')) ?? '';
  return [...line.matchAll(/\bPT?\d+-\d+(-X)?/g)].map(([label]) => label);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal);
}
