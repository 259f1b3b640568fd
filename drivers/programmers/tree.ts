import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { markName } from './environment.ts';

const execute = promisify(execFile);

/** Windows has no process groups to send to: there it is the program alone. */
const groupOf = (pid: number): number => (process.platform === 'win32' ? pid : -pid);

/** Asks a program and whatever is in its process group to end. */
export const askToEnd = (pid: number): void => sendTo(groupOf(pid), 'SIGTERM');

/** Ends them at once. */
export const endGroup = (pid: number): void => sendTo(groupOf(pid), 'SIGKILL');

/**
 * Ends a program and whatever it started: its process group, and on Linux what left that, by the mark in its environment. What runs as another
 * user cannot be ended.
 */
export async function endTree(pid: number, mark: string): Promise<void> {
  if (process.platform === 'win32') {
    // /T: the tree; /F: at once. It fails where nothing is left.
    await execute('taskkill', ['/pid', String(pid), '/T', '/F']).catch(() => undefined);
    return;
  }
  endGroup(pid);
  if (process.platform === 'linux') await endMarked(mark);
}

/** As often as new ones may be found: each round ends all that are there, and what they started meanwhile is found in the next. */
const rounds = 20;

async function endMarked(mark: string): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const found = await marked(mark);
    if (found.length === 0) return;
    for (const pid of found) sendTo(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Processes that have the mark in their environment; one that ended and waits to be seen has none. */
async function marked(mark: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const wanted = Buffer.from(`${markName}=${mark}`);
  const have = await Promise.all(pids.map(async (pid) => ((await environmentOf(pid)).includes(wanted) ? [+pid] : [])));
  return have.flat();
}

/** Processes end while they are looked at, and others' are hidden: neither is ours to end. */
const environmentOf = (pid: string): Promise<Buffer> => readFile(`/proc/${pid}/environ`).catch(() => Buffer.alloc(0));

function sendTo(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    // It is gone, or what is left of it runs as another user.
    const { code } = thrown as { readonly code?: unknown };
    if (code !== 'ESRCH' && code !== 'EPERM') throw thrown;
  }
}
