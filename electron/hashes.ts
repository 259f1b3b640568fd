import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';

// The files of a packaged station lie outside the ASAR, since plain Node cannot read one (docs/desktop.md). The list of what
// they are lies inside it, and nothing of them is run or shown before it agrees.

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** The SHA-256 of every file of a station's folder, by its path with `/`. */
export const hashesSchema = z.record(z.string().check(z.maxLength(500)), sha256);
export type Hashes = z.output<typeof hashesSchema>;

/** A file that is not as it was delivered. */
export type Difference = { readonly file: string; readonly is: 'changed' | 'missing' | 'added' };

/** As many files at a time as there are threads that read them (libuv's pool). */
const atOnce = 4;

/** What the files below a folder are now. Throws what the file system throws. */
export async function hashFolder(folder: string): Promise<Hashes> {
  const waiting = await filesOf(folder, '');
  const found: [string, string][] = [];
  const next = async (): Promise<void> => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      found.push([file, await hashFile(join(folder, file))]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The first file that differs from what was delivered, by path; none when all are the same. Throws as `hashFolder`. */
export async function firstDifference(folder: string, delivered: Hashes): Promise<Difference | undefined> {
  const found = await hashFolder(folder);
  const files = [...new Set([...Object.keys(delivered), ...Object.keys(found)])].sort();
  for (const file of files) {
    const [was, now] = [hashIn(delivered, file), hashIn(found, file)];
    if (was !== now) return { file, is: now === undefined ? 'missing' : was === undefined ? 'added' : 'changed' };
  }
  return undefined;
}

/** A file may be called as what every object has. */
export const hashIn = (hashes: Hashes, file: string): string | undefined =>
  Object.hasOwn(hashes, file) ? hashes[file] : undefined;

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A link or a device is a file that nobody delivered: it is listed, and reading a link to a folder fails. */
async function filesOf(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const lists = entries.map((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? filesOf(folder, path) : [path];
  });
  return (await Promise.all(lists)).flat();
}

/** Read in pieces: the plain Node alone is over 100 MB. */
async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
