import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const top = join(import.meta.dirname, '..');

/** The newest change below a path. Folders count too, since a file that was removed changes only its folder. */
function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether a file that was built is missing, or older than one of the files and folders that it was built from. */
export function isStale(built: string, sources: readonly string[]): boolean {
  return !existsSync(built) || Math.max(...sources.map((one) => newest(join(top, one)))) > statSync(built).mtimeMs;
}
