import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { syncFile, syncFolder } from '../audit/export/folder.ts';
import { StationError } from '../contract/errors.ts';
import { codeOf } from './ca-files.ts';

// Where a finished export goes: a folder that is not there, or is empty. Nobody ever sees half of it under that name.

/** Throws `input.invalid` when an export cannot go there. */
export function refuseTaken(out: string): void {
  if (!existsSync(out)) return;
  const isEmpty = statSync(out).isDirectory() && readdirSync(out).length === 0;
  if (isEmpty) return;
  const expected = 'a folder that is not there yet, or is empty';
  throw new StationError('input.invalid', { place: '--out', expected, found: out });
}

/** Moves a finished export; to another disk it is copied, and removed here once the copy is durable. */
export async function moveExport(from: string, out: string): Promise<void> {
  const to = resolve(out);
  try {
    mkdirSync(dirname(to), { recursive: true });
    if (existsSync(to)) rmdirSync(to);
    await renameOrCopy(from, to);
    syncFolder(dirname(to));
  } catch (cause) {
    throw new StationError('audit.not-written', { folder: to, reason: codeOf(cause) }, { cause });
  }
}

async function renameOrCopy(from: string, to: string): Promise<void> {
  try {
    renameSync(from, to);
  } catch (thrown) {
    if (codeOf(thrown) !== 'EXDEV') throw thrown;
    const half = join(dirname(to), `.part-${basename(to)}`);
    try {
      await copyFolder(from, half);
      renameSync(half, to);
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
    rmSync(from, { recursive: true });
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, copy);
    else {
      copyFileSync(source, copy);
      await syncFile(copy);
    }
  }
  syncFolder(to);
}
