import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StationError } from '../contract/errors.ts';
import { ledgerFile } from '../privacy/ledger.ts';
import { isHeld } from '../store/lock.ts';
import { openStore } from '../store/open.ts';
import { type BackupNeed, requireSound, syncPath } from './make.ts';
import { type Manifest, readManifest, requireWhole } from './manifest.ts';

export type RestoreNeed = {
  readonly backup: string;
  readonly folder: string;
  /** The folder may hold a station: it is kept aside. */
  readonly replace: boolean;
  /** Put back although it expired. */
  readonly expired: boolean;
  readonly now: () => number;
  readonly progress: BackupNeed['progress'];
};

export type Restored = {
  readonly manifest: Manifest;
  /** Where the station that was there is now. */
  readonly aside?: string;
  /** Whether the ledger of erasures is in the folder: without it, what was erased after the backup is back. */
  readonly ledger: boolean;
};

/** What belongs to the backup alone; everything else of a folder that is replaced is carried over. */
const ofBackup = /^(station\.db(-wal|-shm|-journal)?|station\.json|tpm-roots|lock\.(db.*|holder)|door\.sock)$/;

/**
 * Puts a backup back, checked before and after it is copied. Throws `backup.damaged`, `backup.expired`, `backup.not-empty`,
 * `station.held`.
 */
export async function restore(need: RestoreNeed): Promise<Restored> {
  const { backup, folder, now, progress } = need;
  const manifest = readManifest(backup);
  const { expires } = manifest;
  if (expires !== undefined && Date.parse(expires) <= now() && !need.expired) {
    throw new StationError('backup.expired', { at: expires });
  }
  const total = Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  await requireWhole(backup, manifest, (bytes) => {
    done += bytes;
    progress('reading the backup', done, total);
  });
  const aside = makeRoom(need);
  for (const name of inOrder(Object.keys(manifest.files))) put(join(backup, name), join(folder, name));
  // A backup of an older version becomes one of this: a check knows one schema.
  openStore(folder, 'owner').close();
  await requireSound(folder, progress);
  return { manifest, ...(aside === undefined ? {} : { aside }), ledger: existsSync(join(folder, ledgerFile)) };
}

/** The configuration last: a folder without it is no station, so that one whose restore was cut short does not start. */
const inOrder = (names: readonly string[]): string[] => [
  ...names.filter((name) => name !== configFile),
  ...names.filter((name) => name === configFile),
];
const configFile = 'station.json';

/** Whole at its name or not there. */
function put(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const part = `${to}.part`;
  copyFileSync(from, part);
  chmodSync(part, 0o600);
  syncPath(part);
  renameSync(part, to);
  syncPath(dirname(to));
}

/** An empty folder, or one with the ledger of erasures alone; with `replace`, the station that is there steps aside. */
function makeRoom({ folder, replace, now }: RestoreNeed): string | undefined {
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => name !== ledgerFile) : [];
  if (there.length === 0) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return undefined;
  }
  if (!replace) throw new StationError('backup.not-empty', { folder });
  if (isHeld(folder)) throw new StationError('station.held', { holder: 'it runs' });
  const aside = `${resolve(folder)}.replaced-${new Date(now()).toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(folder, aside);
  mkdirSync(folder, { mode: 0o700 });
  for (const name of readdirSync(aside)) {
    if (!ofBackup.test(name))
      cpSync(join(aside, name), join(folder, name), { recursive: true, preserveTimestamps: true });
  }
  return aside;
}

/** Backups below a folder whose time is over: removed. Answers their names; what is no backup is not touched. */
export function prune(folder: string, now: number): string[] {
  const over = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && expiredBy(join(folder, entry.name), now))
    .map(({ name }) => name);
  for (const name of over) rmSync(join(folder, name), { recursive: true });
  return over;
}

function expiredBy(backup: string, now: number): boolean {
  try {
    const { expires } = readManifest(backup);
    return expires !== undefined && Date.parse(expires) <= now;
  } catch (thrown) {
    // Another folder than a backup's, or one whose manifest cannot be read: it is for a person to look at.
    if (thrown instanceof StationError) return false;
    throw thrown;
  }
}
