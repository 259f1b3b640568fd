import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../station-core/contract/parse.ts';
import { type Hashes, hashesSchema } from './hashes.ts';

/** Where the parts of the desktop program lie. */
export type Places = {
  /** The plain Node that runs the station. */
  readonly node: string;
  /** The station process's program. */
  readonly program: string;
  /** The screens. */
  readonly pages: string;
  /** In the packaged program: the station's folder, and what its files were when they were delivered. */
  readonly delivered?: Delivered;
};

export type Delivered = {
  readonly folder: string;
  readonly hashes: Hashes;
  /** The same of the screens alone, by their paths below the screens' folder. */
  readonly pages: Hashes;
};

/** Where the screens lie in a station's folder, packaged or not: beside `birthmark serve`, which shows the same ones. */
const screens = 'build/out/renderer';

/**
 * The parts of a packaged program, beside its ASAR; `here` is the folder in the ASAR. Throws `input.invalid` for a list of
 * files that is none.
 */
export function packagedPlaces(here: string, resources: string): Places {
  const folder = join(resources, 'station');
  const hashes = parse(hashesSchema, JSON.parse(readFileSync(join(here, 'hashes.json'), 'utf8')), 'hashes.json');
  return {
    node: join(folder, process.platform === 'win32' ? 'node.exe' : 'node'),
    program: join(folder, 'station-core', 'host.main.js'),
    pages: join(folder, screens),
    delivered: { folder, hashes, pages: below(hashes, `${screens}/`) },
  };
}

function below(hashes: Hashes, start: string): Hashes {
  const own = Object.entries(hashes).filter(([file]) => file.startsWith(start));
  return Object.fromEntries(own.map(([file, hash]) => [file.slice(start.length), hash]));
}

/** The parts in a copy of the repository, whose station runs as the TypeScript that it is. */
export function sourcePlaces(top: string): Places {
  return {
    node: join(top, 'node_modules', '.bin', 'node'),
    program: join(top, 'station-core', 'host.main.ts'),
    pages: join(top, screens),
  };
}
