import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pluggedPorts, samePort } from '../drivers/plugged.ts';
import { syncPath } from './backup/make.ts';
import { type Config, configFile, configHash, configSchema, readConfig, refuseStandIns } from './config.ts';
import type { Method } from './contract/api.ts';
import { canonical } from './contract/canonical.ts';
import { StationError } from './contract/errors.ts';
import { parse } from './contract/parse.ts';
import type { Scanning } from './contract/scanners.ts';
import type { Settings, SettingsView } from './contract/settings.ts';
import { usualIdleMinutes } from './contract/station-file.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import { folderOf } from './store/open.ts';

type SettingsMethod = Extract<Method, `settings.${string}` | `setup.${string}` | 'ports.list'>;

/** What of the station's own file people change on a screen; and set-up, which a station has behind it. */
export function settingsHandlers(station: Station): Pick<Handlers, SettingsMethod> {
  const done = async (): Promise<never> => {
    throw new StationError('setup.done');
  };
  return {
    'setup.look': done,
    'setup.useToken': done,
    'setup.checkCloud': done,
    'setup.create': done,
    'ports.list': () => pluggedPorts(),
    'settings.show': async () => view(station, readConfig(folderOf(station.records.db))),
    'settings.change': (settings, by) => change(station, settings, by),
    'settings.restart': (_, by) => restart(station, by),
  };
}

function view({ row, parts }: Station, config: Config): SettingsView {
  const { place = null, lanes, scanners = [], scanning = usualScanning } = config;
  const { budgetPerMinute, idleMinutes = usualIdleMinutes, backupFolder = null } = config;
  return {
    station: row.station,
    mode: row.mode,
    settings: { place, lanes, scanners, scanning, budgetPerMinute, idleMinutes, backupFolder },
    waiting: configHash(config) !== parts.configHash,
    restarts: parts.restart !== undefined,
  };
}

/** Of a configuration that says nothing of it. */
const usualScanning: Scanning = { checksum: 'none' };

/** The entry comes first: the file never says what the trail does not tell of. Throws `station.mode`, `settings.same-port`, `settings.failed`. */
async function change(station: Station, settings: Settings, by: By): Promise<SettingsView> {
  const { records, audit, operators, row } = station;
  const folder = folderOf(records.db);
  const before = readConfig(folder);
  const after = changed(before, settings);
  if (row.mode === 'production') refuseStandIns(after);
  const what = namesChanged(before, after);
  if (what.length === 0) return view(station, before);
  refuseSharedPorts(after);
  const details = { before: configHash(before), after: configHash(after), what: what.join(' ') };
  await records.commits.commit(() =>
    audit.append({ action: 'settings.changed', result: 'ok', ...people(operators, by), details }),
  );
  writeConfig(folder, after);
  return view(station, after);
}

/** The configuration with other settings; what nobody changes on a screen stays. Pure. */
export function changed(before: Config, settings: Settings): Config {
  const { place, lanes, scanners, scanning, budgetPerMinute, idleMinutes, backupFolder } = settings;
  const { place: _, backupFolder: __, scanners: ___, scanning: ____, ...rest } = before;
  return parse(
    configSchema,
    {
      ...rest,
      lanes,
      budgetPerMinute,
      // What is left out stays left out, so that a configuration without it keeps its hash.
      ...(scanners.length === 0 ? {} : { scanners }),
      ...(canonical(scanning) === canonical(usualScanning) ? {} : { scanning }),
      ...(idleMinutes === (before.idleMinutes ?? usualIdleMinutes) ? {} : { idleMinutes }),
      ...(place === null || Object.keys(place).length === 0 ? {} : { place }),
      ...(backupFolder === null ? {} : { backupFolder }),
    },
    'settings',
  );
}

const names = [
  'place',
  'lanes',
  'scanners',
  'scanning',
  'budgetPerMinute',
  'idleMinutes',
  'backupFolder',
] as const satisfies readonly (keyof Config)[];

function namesChanged(before: Config, after: Config): string[] {
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** Two lanes on one port would write on each other's units, also where the port has two names. Throws `settings.same-port`. */
export function refuseSharedPorts({ lanes, scanners = [] }: Pick<Config, 'lanes' | 'scanners'>): void {
  const serial = lanes.flatMap((lane) => (lane.kind === 'serial' ? [lane.path] : []));
  const same = samePort([...serial, ...scanners.map(({ path }) => path)]);
  if (same) throw new StationError('settings.same-port', { one: basename(same[0]), other: basename(same[1]) });
}

/** Whole or not at all, and on the disk: a station without a configuration that can be read does not start. */
function writeConfig(folder: string, config: Config): void {
  const part = join(folder, `.${randomBytes(6).toString('hex')}.part`);
  try {
    const descriptor = openSync(part, 'wx', 0o600);
    try {
      writeSync(descriptor, `${JSON.stringify(config, null, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(part, join(folder, configFile));
    syncPath(folder);
  } catch (cause) {
    rmSync(part, { force: true });
    const reason = String((cause as NodeJS.ErrnoException).code ?? 'unknown');
    throw new StationError('settings.failed', { reason }, { cause });
  }
}

/** Only while no lane works; whoever watches over the station starts it again. Throws `settings.units`, `settings.no-restart`. */
async function restart({ parts, lanes, records, audit, operators }: Station, by: By): Promise<null> {
  if (!parts.restart) throw new StationError('settings.no-restart');
  const working = lanes.view().find(({ run }) => run !== undefined && run.outcome === undefined);
  if (working) throw new StationError('settings.units', { lane: working.lane });
  await records.commits.commit(() =>
    audit.append({ action: 'settings.restart-asked', result: 'ok', ...people(operators, by) }),
  );
  parts.restart();
  return null;
}
