import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Config, refuseStandIns } from '../config.ts';
import { StationError } from '../contract/errors.ts';
import type { Mode, Role } from '../contract/record.ts';
import { openStation, type Secrets } from '../open-station.ts';
import type { Station } from '../station.ts';
import { isHeld } from '../store/lock.ts';

/** What a new station is to be. In practice the ready-made people come by themselves. */
export type Founding = {
  readonly mode: Mode;
  readonly name: string;
  readonly config: Config;
  readonly people: readonly { readonly name: string; readonly role: Role }[];
};

export type FoundingHelp = {
  /** Who makes it, as a second one that wants the folder is told. */
  readonly holder: string;
  /** The secrets for its one opening, which belong to the station from then on. */
  readonly secrets: () => Promise<Secrets>;
  /** Adds one of its first people. */
  readonly welcome: (station: Station, person: Founding['people'][number]) => Promise<void>;
};

/**
 * Makes a station folder, whole or not at all: everything is made in a folder beside it, which gets its name at the end. The HSM is
 * opened, so that what cannot work is told now. Throws `input.invalid` for a place where something is, `station.mode`, `hsm.*`.
 */
export async function foundStation(place: string, founding: Founding, help: FoundingHelp): Promise<void> {
  const folder = resolve(place);
  requireEmpty(folder);
  if (founding.mode === 'production') refuseStandIns(founding.config);
  mkdirSync(dirname(folder), { recursive: true });
  removeHalfMade(folder);
  const made = mkdtempSync(`${folder}${half}`);
  try {
    writeFileSync(`${made}/station.json`, `${JSON.stringify(founding.config, null, 2)}\n`);
    await openOnce(made, founding, help);
    requireEmpty(folder);
    renameSync(made, folder);
  } catch (thrown) {
    rmSync(made, { recursive: true, force: true });
    throw thrown;
  }
}

/** What follows the folder's name while it is made. */
const half = '.new-';

/** A making that was killed left its folder, which nobody holds any more. */
function removeHalfMade(folder: string): void {
  const above = dirname(folder);
  for (const name of readdirSync(above).filter((one) => one.startsWith(`${basename(folder)}${half}`))) {
    if (!isHeld(join(above, name))) rmSync(join(above, name), { recursive: true, force: true });
  }
}

/** Whether a station could be made at a place: nothing is there, or an empty folder. */
export function isNew(place: string): boolean {
  try {
    return readdirSync(place).length === 0;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw thrown;
  }
}

/** Refuses a place where something is; an empty folder is taken away, so that the new one can have its name. */
export function requireEmpty(place: string): void {
  try {
    if (readdirSync(place).length === 0) {
      rmdirSync(place);
      return;
    }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new StationError(
      'input.invalid',
      { place, expected: 'an empty or new folder', found: 'something else' },
      { cause: thrown },
    );
  }
  throw new StationError('input.invalid', { place, expected: 'an empty or new folder', found: 'one with files' });
}

/** The station's identity, its keys in the HSM, its first people. */
async function openOnce(folder: string, founding: Founding, { holder, secrets, welcome }: FoundingHelp): Promise<void> {
  const { mode, name, people } = founding;
  const { station, close } = await openStation(folder, await secrets(), holder, { mode, station: name });
  try {
    for (const person of people) await welcome(station, person);
  } finally {
    await close();
  }
}
