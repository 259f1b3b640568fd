import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { protocols } from '../drivers/protocols/registry.ts';
import { systemClock } from './clock.ts';
import { askForTrust } from './clock-trust.ts';
import { type Config, configHash, readConfig, refuseStandIns } from './config.ts';
import { StationError } from './contract/errors.ts';
import type { Mode } from './contract/record.ts';
import { openDoor } from './door.ts';
import { openPress } from './label-handlers.ts';
import { openLights } from './lights.ts';
import { openLog } from './log.ts';
import { openClient } from './open-client.ts';
import { openHub } from './open-hub.ts';
import { dpsOf, openAuditHsm, openHsm, openLanes, openVendorRoots, programmersOf, watchPorts } from './open-parts.ts';
import { addPeople, people } from './practice.ts';
import { portalOf, uploadBy } from './practice-ca.ts';
import { type PracticeStandIns, startStandIns } from './practice-stand-ins.ts';
import { openScanners } from './scans.ts';
import { openSecret } from './secret-handlers.ts';
import { Station } from './station.ts';
import { isDiskRefusal } from './store/commit.ts';
import { holdFolder } from './store/lock.ts';
import { openStore, stationRow } from './store/open.ts';

/** Secrets that a person gave for this start, `connection` for the cloud; zeroed by whoever uses them last. */
export type Secrets = { readonly pin?: Buffer; readonly auditPin?: Buffer; readonly connection?: Buffer };

/** `standIns`: what was started in place of real parts, if something was. */
export type OpenStation = { readonly station: Station; readonly standIns?: PracticeStandIns; close(): Promise<void> };

/** Who a new folder becomes. */
type Found = { readonly mode: Mode; readonly station: string };

/** Which mode a folder is in, from its database; none for a folder that is new. */
export function modeOf(folder: string): Mode | undefined {
  if (!existsSync(join(folder, 'station.db'))) return undefined;
  const db = openStore(folder, 'reader');
  try {
    return stationRow(db)?.mode;
  } finally {
    db.close();
  }
}

/**
 * Opens the station of a folder as its owner, with the parts that its configuration names and the stand-ins that
 * practice needs. What was opened is closed again when a later part fails. `restart` ends the process where somebody starts it again.
 */
export async function openStation(
  given: string,
  secrets: Secrets,
  holder: string,
  found: Found = { mode: 'practice', station: 'practice' },
  restart?: () => void,
): Promise<OpenStation> {
  // Stand-ins are processes of their own: a relative path means nothing once the folder of this one is gone.
  const folder = resolve(given);
  const config = readConfig(folder);
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const hold = holdFolder(folder, holder);
    closers.push(() => hold.release());
    const mode = modeOf(folder) ?? found.mode;
    if (mode === 'production') refuseStandIns(config);
    const standIns = needsStandIns(config) ? await startStandIns(folder, config) : undefined;
    if (standIns) closers.push(() => standIns.stop());
    const station = await compose(folder, config, { ...found, mode }, secrets, { standIns, restart }, closers);
    return { station, close, ...(standIns ? { standIns } : {}) };
  } catch (thrown) {
    await close();
    const { code } = thrown as { readonly code?: unknown };
    throw isDiskRefusal(code) ? new StationError('store.failed', { reason: String(code) }, { cause: thrown }) : thrown;
  }
}

const needsStandIns = (config: Config): boolean =>
  config.dps.kind === 'emulator' ||
  config.hub?.kind === 'emulator' ||
  config.lanes.some((lane) => lane.kind === 'simulated');

async function compose(
  folder: string,
  config: Config,
  found: Found,
  { pin, auditPin, connection }: Secrets,
  { standIns, restart }: { standIns: PracticeStandIns | undefined; restart: (() => void) | undefined },
  closers: (() => unknown)[],
): Promise<Station> {
  const log = await openLog(folder);
  closers.push(() => log.close());
  const hsm = await openHsm(config, folder, pin);
  closers.push(() => hsm.close());
  const auditHsm = await openAuditHsm(config, auditPin);
  closers.push(() => auditHsm?.close());
  const client = openClient({ config, folder, mode: found.mode }, standIns, connection);
  closers.push(() => client?.close());
  const hub = openHub(config, found.mode, standIns, (name) => openSecret(station, name));
  closers.push(() => hub?.close());
  const asked = await askForTrust(systemClock);
  closers.push(asked.stop);
  const db = openStore(folder, 'owner');
  closers.push(() => db.close());
  const practice = { people, labels: () => labels(station) };
  const station: Station = await Station.open({
    db,
    hsm,
    ...(auditHsm ? { auditHsm } : {}),
    lanes: openLanes(config, standIns),
    protocols,
    programmers: programmersOf(config),
    dps: dpsOf(config, standIns),
    ...(client ? { client } : {}),
    handOver: join(folder, 'enrollments'),
    ...(hub ? { hub } : {}),
    centralFolder: join(folder, 'central'),
    anchorFolders: [join(folder, 'anchors'), ...(config.audit?.anchorFolders ?? [])],
    ...(config.retention ? { retention: config.retention } : {}),
    ...(config.idleMinutes === undefined ? {} : { idleMinutes: config.idleMinutes }),
    ...(config.mes ? { mes: config.mes } : {}),
    ...(config.webhooks ? { webhooks: config.webhooks } : {}),
    clock: systemClock,
    log,
    configHash: configHash(config),
    ...(config.place ? { place: config.place } : {}),
    ...(config.scanning ? { scanning: config.scanning } : {}),
    ...(config.labels ? { press: openPress(config.labels) } : {}),
    clockTrust: asked.trust,
    found,
    ...(restart ? { restart } : {}),
    ...(found.mode === 'practice' ? { practice } : {}),
    vendorRoots: openVendorRoots(folder, standIns),
    ...(standIns
      ? { uploadCa: uploadBy(portalOf(standIns.emulator)), vendor: standIns.vendor, tpmMaker: standIns.tpmMaker }
      : {}),
  });
  closers.push(() => station.close());
  closers.push(openScanners(config, station));
  closers.push(openLights(config, station));
  closers.push(watchPorts(config, (lane, attached) => station.plugged(lane, attached), log.incident));
  if (found.mode === 'practice') await addPeople(station);
  closers.push(await openDoor(station, folder));
  return station;
}

/** Labels to scan on the practice line: the next units of the newest open order. */
function labels({ records }: Station): string[] {
  const open = records.units.orders().find((order) => order.state === 'open');
  return open ? records.units.next(open.id, 12) : [];
}
