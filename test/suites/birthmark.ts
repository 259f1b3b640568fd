import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { top } from '../rules/sources.ts';

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs `birthmark`, or another program of the product, as a person would; standard input is empty. */
export function birthmark(args: readonly string[], program = 'birthmark'): Promise<Ran> {
  const child = spawn(process.execPath, [join(top, 'build', `${program}.mjs`), ...args], { cwd: top });
  const ran = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (ran.out += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => (ran.err += String(bytes)));
  child.stdin.end();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...ran }));
  });
}
