import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const top = join(import.meta.dirname, '..', '..');

/** What is not the repository's own: packages, what builds and tests make, and git's folder. */
const made = /^(\.git|build\/out|test\/out|(.+\/)?node_modules)(\/|$)/;

/** The repository's files, also of a copy without git. */
export function files(): string[] {
  const within = (folder: string): string[] =>
    readdirSync(join(top, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (made.test(path)) return [];
      return entry.isDirectory() ? within(path) : [path];
    });
  return within('');
}

/** The product's own TypeScript. */
export const sources = (): string[] =>
  files().filter(
    (path) => /^(electron|renderer|station-core|drivers|build)\/.*\.tsx?$/.test(path) && !path.endsWith('.d.ts'),
  );
