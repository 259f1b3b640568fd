import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Certificate } from '../drivers/asn1/certificate.ts';
import { byPathFolder, Discovery } from '../drivers/discover.ts';
import type { Hsm } from '../drivers/hsm/hsm.ts';
import { hsms } from '../drivers/hsm/registry.ts';
import { externalProgrammer } from '../drivers/programmers/external.ts';
import type { Programmer } from '../drivers/programmers/programmer.ts';
import { links } from '../drivers/registry.ts';
import type { SimulatedLine } from '../drivers/simulated/line.ts';
import type { Config } from './config.ts';
import { StationError } from './contract/errors.ts';
import { readVendorRoots } from './genuine/roots.ts';
import type { PracticeTpmMaker } from './practice-tpm.ts';
import type { PracticeVendor } from './practice-vendor.ts';
import type { Lane } from './run/lanes.ts';

/** The practice line's parts, where the configuration asks for them. */
export type StandIns = {
  readonly line: SimulatedLine;
  readonly unitOf: (label: string) => Promise<Parameters<SimulatedLine['place']>[1]>;
  readonly emulator: EmulatorReady;
  readonly vendor: PracticeVendor;
  readonly tpmMaker: PracticeTpmMaker;
  /** The IoT hub, where the configuration asks for one. */
  readonly hub?: HubReady;
};

/** What the stand-in of an IoT hub says of itself when it is ready. */
export type HubReady = {
  readonly port: number;
  readonly host: string;
  readonly caFile: string;
  readonly connectionStringFile: string;
};

/** What the emulator says of itself when it is ready. */
export type EmulatorReady = {
  readonly port: number;
  readonly caFile: string;
  readonly connectionStringFile: string;
  readonly deviceHost: string;
  readonly idScope: string;
  readonly serviceHost: string;
  readonly adminTokenFile: string;
  /** Where its CA certificates are managed. */
  readonly certificatesPath: string;
};

export function openHsm(config: Config, folder: string, pin: Buffer | undefined): Promise<Hsm> {
  if (config.hsm.kind === 'soft') return hsms.soft({ folder: join(folder, 'practice', 'hsm') });
  const { module, tokenLabel } = config.hsm;
  // Without a PIN the HSM opens locked: the station still recovers, closes runs and shows.
  return hsms.pkcs11({ module, tokenLabel, ...(pin ? { pin } : {}) });
}

/** The token with the audit log's keys, where the configuration names one of its own. */
export async function openAuditHsm(config: Config, pin: Buffer | undefined): Promise<Hsm | undefined> {
  if (config.hsm.kind === 'soft' || config.hsm.auditTokenLabel === undefined) return undefined;
  const { module, auditTokenLabel: tokenLabel } = config.hsm;
  return hsms.pkcs11({ module, tokenLabel, ...(pin ? { pin } : {}) });
}

/** Where a station keeps the certificates of TPM makers: roots and what stands between them and endorsement keys. */
export const vendorRootsFolder = 'tpm-roots';

/**
 * The certificates of TPM makers in the station's folder, and the practice line's own. Throws `input.invalid`, which names the
 * file, for one that is no certificate.
 */
export function openVendorRoots(folder: string, standIns: StandIns | undefined): readonly Certificate[] {
  const home = join(folder, vendorRootsFolder);
  const names = existsSync(home) ? readdirSync(home).filter((name) => !name.startsWith('.')) : [];
  const files = names
    .sort()
    .map((name) => ({ name: `${vendorRootsFolder}/${name}`, bytes: readFileSync(join(home, name)) }));
  const own = standIns
    ? [{ name: 'the practice TPM maker', bytes: Buffer.from(standIns.tpmMaker.root, 'latin1') }]
    : [];
  return readVendorRoots([...files, ...own]);
}

/** The lanes of the configuration, real ports and simulated ones in any mix. */
export function openLanes(config: Config, standIns: StandIns | undefined): Lane[] {
  return config.lanes.map((lane): Lane => {
    if (lane.kind === 'serial') {
      const { path, baud, start } = lane;
      const open: Lane['open'] = (_, signal) => links.serial({ path, baud, lane: lane.lane }, signal);
      return {
        lane: lane.lane,
        port: path,
        simulated: false,
        attached: existsSync(path),
        ...(start === 'attach' ? { start } : {}),
        open,
        device: path,
      };
    }
    if (!standIns) throw new StationError('station.mode', { what: 'A simulated lane', mode: 'production' });
    const { line, unitOf } = standIns;
    const open: Lane['open'] = async (label, signal) => {
      await line.place(lane.lane, await unitOf(label));
      return line.link(lane.lane, signal);
    };
    return { lane: lane.lane, port: 'practice line', simulated: true, attached: true, open };
  });
}

/** The programs that recipes may name, as the configuration has them. */
export function programmersOf({ programmers = {} }: Config): Record<string, Programmer> {
  return Object.fromEntries(Object.entries(programmers).map(([name, place]) => [name, externalProgrammer(place)]));
}

/** What units are told of DPS. */
export function dpsOf(config: Config, standIns: StandIns | undefined): { idScope: string; endpoint: string } {
  if (config.dps.kind === 'azure') return { idScope: config.dps.idScope, endpoint: config.dps.deviceEndpoint };
  if (!standIns) throw new StationError('station.mode', { what: 'The DPS emulator', mode: 'production' });
  return { idScope: standIns.emulator.idScope, endpoint: standIns.emulator.deviceHost };
}

/**
 * Watches the plugs of the lanes that are bound by place (/dev/serial/by-path) and tells when one comes or goes. A port
 * that is named by another path is not watched. Answers how to stop.
 */
export function watchPorts(
  config: Config,
  plugged: (lane: number, attached: boolean) => void,
  failed: (error: unknown) => void,
): () => void {
  const byPath = config.lanes.flatMap((lane) =>
    lane.kind === 'serial' && dirname(lane.path) === byPathFolder ? [lane] : [],
  );
  if (byPath.length === 0) return () => undefined;
  const discovery = new Discovery({
    plugged: ({ byPath: place, type }) => {
      for (const { lane, path } of byPath) if (path === place) plugged(lane, type === 'attached');
    },
    failed,
  });
  return () => discovery.close();
}
