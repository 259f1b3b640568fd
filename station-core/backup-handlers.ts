import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeBeside } from './backup/making.ts';
import { type Manifest, readManifest } from './backup/manifest.ts';
import { toldOf, viewOf } from './backup/told.ts';
import { isoTime } from './clock.ts';
import { readConfig } from './config.ts';
import type { Method } from './contract/api.ts';
import type { Backups, BackupView } from './contract/backup.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import { folderOf } from './store/open.ts';
import { version } from './version.ts';

type BackupMethod = Extract<Method, 'backup.make' | 'backup.list'>;

/** More are not listed: whoever keeps that many looks into the folder. */
const mostListed = 100;

/** Backups made from a screen: `birthmark backup` does the same for whoever names another folder. */
export function backupHandlers(station: Station): Pick<Handlers, BackupMethod> {
  let making = false;
  return {
    'backup.make': async (_, by) => {
      if (making) throw new StationError('backup.busy');
      making = true;
      try {
        return await make(station, by);
      } finally {
        making = false;
      }
    },
    'backup.list': async () => list(station),
  };
}

/** The entry follows the backup, which has no place for what came after it. */
async function make(station: Station, by: By): Promise<BackupView> {
  const { records, audit, operators, parts } = station;
  const folder = folderOf(records.db);
  const { backupFolder, retention } = readConfig(folder);
  const into = backupFolder ?? join(folder, 'backups');
  const name = `backup-${isoTime(parts.clock).slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  makeFolder(into);
  const asked = { folder, out: join(into, name), days: retention?.backupDays, software: version };
  const tell = (stage: Parameters<Parameters<typeof makeBeside>[1]>[0], done: number, total: number) =>
    station.tell({ type: 'backup', stage, done, total });
  const manifest = await makeBeside(asked, tell, station.stopping);
  await records.commits.commit(() =>
    audit.append({ action: 'backup.made', result: 'ok', ...people(operators, by), details: toldOf(manifest) }),
  );
  return viewOf(name, manifest);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = String((cause as NodeJS.ErrnoException).code);
    throw new StationError('backup.failed', { folder, reason }, { cause });
  }
}

function list({ records }: Station): Backups {
  const station = folderOf(records.db);
  const { backupFolder = null } = readConfig(station);
  const folder = backupFolder ?? join(station, 'backups');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  const newest = names.sort().reverse().slice(0, mostListed);
  const read = newest.map((name) => ({ name, manifest: manifestIn(join(folder, name)) }));
  return {
    folder: backupFolder,
    backups: read.flatMap(({ name, manifest }) => (manifest ? [viewOf(name, manifest)] : [])),
    unread: read.flatMap(({ name, manifest }) => (manifest ? [] : [name])),
  };
}

/** The manifest in a folder; none where there is none that holds, which the list says. */
function manifestIn(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch (thrown) {
    if (thrown instanceof StationError && thrown.code === 'backup.damaged') return undefined;
    throw thrown;
  }
}
