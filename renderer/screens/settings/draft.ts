import type { Checksum } from '../../../station-core/contract/scanners.ts';
import type { Settings, SettingsView } from '../../../station-core/contract/settings.ts';
import type { LanePlace } from '../../../station-core/contract/station-file.ts';
import { type WrongLanes, wrongLanes } from '../../lanes-of.ts';
import { type ScannerDraft, scannerDraftOf, scannerOf, type WrongScanners, wrongScanners } from './scanner-draft.ts';

/** Settings as they are typed. */
export type Draft = {
  readonly line: string;
  readonly room: string;
  readonly lanes: readonly LanePlace[];
  readonly scanners: readonly ScannerDraft[];
  /** What scanners that type send before every code. */
  readonly prefix: string;
  readonly checksum: Checksum;
  readonly budget: string;
  readonly idle: string;
  readonly backupFolder: string;
};

/** Why a setting cannot stand: keys of `setup.wrong`. */
export type WrongSetting = {
  readonly lanes?: WrongLanes;
  readonly scanners?: WrongScanners;
  readonly prefix?: 'prefix';
  readonly budget?: 'budget';
  readonly idle?: 'idle';
};

export const draftOf = ({
  place,
  lanes,
  scanners,
  scanning,
  budgetPerMinute,
  idleMinutes,
  backupFolder,
}: SettingsView['settings']): Draft => ({
  line: place?.line ?? '',
  room: place?.room ?? '',
  lanes,
  scanners: scanners.map(scannerDraftOf),
  prefix: scanning.prefix ?? '',
  checksum: scanning.checksum,
  budget: String(budgetPerMinute),
  idle: String(idleMinutes),
  backupFolder: backupFolder ?? '',
});

/** Pure. */
export function wrongIn({ lanes, scanners, prefix, budget, idle }: Draft): WrongSetting {
  const [ofLanes, ofScanners] = [wrongLanes(lanes), wrongScanners(scanners, lanes)];
  return {
    ...(ofLanes ? { lanes: ofLanes } : {}),
    ...(ofScanners ? { scanners: ofScanners } : {}),
    ...(/^[!-~]{0,8}$/.test(prefix) ? {} : { prefix: 'prefix' }),
    ...(isWhole(budget, 100_000) ? {} : { budget: 'budget' }),
    ...(isWhole(idle, 480) ? {} : { idle: 'idle' }),
  };
}

const isWhole = (text: string, most: number): boolean =>
  /^\d{1,6}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most;

/** Pure. */
export function settingsOf(draft: Draft): Settings {
  const { line, room, lanes, scanners, prefix, checksum, budget, idle, backupFolder } = draft;
  const place = { ...(line.trim() ? { line: line.trim() } : {}), ...(room.trim() ? { room: room.trim() } : {}) };
  return {
    place: Object.keys(place).length === 0 ? null : place,
    lanes: lanes.map((lane) => (lane.kind === 'serial' ? { ...lane, path: lane.path.trim() } : lane)),
    scanners: scanners.map(scannerOf),
    scanning: { checksum, ...(prefix === '' ? {} : { prefix }) },
    budgetPerMinute: Number(budget),
    idleMinutes: Number(idle),
    backupFolder: backupFolder.trim() === '' ? null : backupFolder.trim(),
  };
}
