import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { externalProgrammer } from '../../drivers/programmers/external.ts';
import type { Programmer } from '../../drivers/programmers/programmer.ts';
import type { ProgrammerPlan } from '../../station-core/contract/programmer.ts';
import type { Recipe } from '../../station-core/contract/recipe.ts';

// Programs that tests make to stand where esptool and its kind stand: real ones, run as those are.

/** An executable file with this script; answers its path. */
export function script(folder: string, name: string, text: string, interpreter = '/bin/sh'): string {
  const path = join(folder, name);
  writeFileSync(path, `#!${interpreter}\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** What the stations of tests name `writer`: sh, which is told by its arguments what to do. */
export const shell: Readonly<Record<string, Programmer>> = { writer: externalProgrammer({ path: '/bin/sh' }) };

/** A recipe whose programmer does what a line for sh says. */
export function programmedBy(line: string, more: Partial<ProgrammerPlan> = {}): Recipe {
  return {
    schema: 1,
    name: 'programmed',
    version: 1,
    protocol: 'uart-v1',
    registrationId: '{serial}',
    delivery: 'clear',
    lock: false,
    target: 'dps',
    attestation: { type: 'symmetricKey', scope: 'individual' },
    programmer: { name: 'writer', args: ['-c', line], deadlineSeconds: 20, ...more },
  };
}

/** Whether a process is there and runs: one that ended and that nobody has looked at yet does not (proc(5), state Z). Linux. */
export function runs(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !/\) [ZX] /.test(stat);
}

/** The process whose number a program wrote into a file. */
export const pidIn = (folder: string, name: string): number => Number(readFileSync(join(folder, name), 'utf8'));
