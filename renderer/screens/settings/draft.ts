import type { Settings, SettingsView } from '../../../station-core/contract/settings.ts';
import type { LanePlace } from '../../../station-core/contract/station-file.ts';
import { type WrongLanes, wrongLanes } from '../../lanes-of.ts';

/** Settings as they are typed. */
export type Draft = {
  readonly line: string;
  readonly room: string;
  readonly lanes: readonly LanePlace[];
  readonly budget: string;
  readonly idle: string;
  readonly backupFolder: string;
};

/** Why a setting cannot stand: keys of `setup.wrong`. */
export type WrongSetting = {
  readonly lanes?: WrongLanes;
  readonly budget?: 'budget';
  readonly idle?: 'idle';
};

export const draftOf = ({
  place,
  lanes,
  budgetPerMinute,
  idleMinutes,
  backupFolder,
}: SettingsView['settings']): Draft => ({
  line: place?.line ?? '',
  room: place?.room ?? '',
  lanes,
  budget: String(budgetPerMinute),
  idle: String(idleMinutes),
  backupFolder: backupFolder ?? '',
});

/** Pure. */
export function wrongIn({ lanes, budget, idle }: Draft): WrongSetting {
  const ofLanes = wrongLanes(lanes);
  return {
    ...(ofLanes ? { lanes: ofLanes } : {}),
    ...(isWhole(budget, 100_000) ? {} : { budget: 'budget' }),
    ...(isWhole(idle, 480) ? {} : { idle: 'idle' }),
  };
}

const isWhole = (text: string, most: number): boolean =>
  /^\d{1,6}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most;

/** Pure. */
export function settingsOf({ line, room, lanes, budget, idle, backupFolder }: Draft): Settings {
  const place = { ...(line.trim() ? { line: line.trim() } : {}), ...(room.trim() ? { room: room.trim() } : {}) };
  return {
    place: Object.keys(place).length === 0 ? null : place,
    lanes: lanes.map((lane) => (lane.kind === 'serial' ? { ...lane, path: lane.path.trim() } : lane)),
    budgetPerMinute: Number(budget),
    idleMinutes: Number(idle),
    backupFolder: backupFolder.trim() === '' ? null : backupFolder.trim(),
  };
}
