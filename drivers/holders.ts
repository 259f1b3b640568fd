import { readdir, readlink, realpath } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * The programs that hold a device open, by name and process, as far as this account may see them; Linux only, an empty
 * list elsewhere. For a person who must close one of them.
 */
export async function holders(path: string): Promise<{ readonly name: string; readonly pid: number }[]> {
  const device = await unlessHidden(realpath(path));
  const processes = ((await unlessHidden(readdir('/proc'))) ?? []).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    processes.map(async (pid) => ((await holds(pid, device ?? path)) ? [{ name: await nameOf(pid), pid: +pid }] : [])),
  );
  return found.flat();
}

async function holds(pid: string, device: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const open = (await unlessHidden(readdir(folder))) ?? [];
  const targets = await Promise.all(open.map((fd) => unlessHidden(readlink(`${folder}/${fd}`))));
  return targets.includes(device);
}

async function nameOf(pid: string): Promise<string> {
  const program = await unlessHidden(readlink(`/proc/${pid}/exe`));
  // It ends up on a screen.
  return program === undefined
    ? 'a program'
    : basename(program)
        .replaceAll(/[^\x20-\x7e]/g, '?')
        .slice(0, 40);
}

/** Processes end while they are looked at, and others' are hidden: both only mean that there is nothing to tell. */
async function unlessHidden<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch {
    return undefined;
  }
}
