import type { Settings, SettingsView } from '../../../station-core/contract/settings.ts';
import type { LanePlace } from '../../../station-core/contract/station-file.ts';
import { type WrongLanes, wrongLanes } from '../../lanes-of.ts';

/** Settings as they are typed. */
export type Draft = {
  readonly line: string;
  readonly room: string;
  readonly lanes: readonly LanePlace[];
  readonly budget: string;
  readonly backupFolder: string;
};

/** Why a setting cannot stand: keys of `setup.wrong`. */
export type WrongSetting = {
  readonly lanes?: WrongLanes;
  readonly budget?: 'budget';
};

export const draftOf = ({ place, lanes, budgetPerMinute, backupFolder }: SettingsView['settings']): Draft => ({
  line: place?.line ?? '',
  room: place?.room ?? '',
  lanes,
  budget: String(budgetPerMinute),
  backupFolder: backupFolder ?? '',
});

/** Pure. */
export function wrongIn({ lanes, budget }: Draft): WrongSetting {
  const whole = /^\d{1,6}$/.test(budget.trim()) && Number(budget) >= 1 && Number(budget) <= 100_000;
  const ofLanes = wrongLanes(lanes);
  return { ...(ofLanes ? { lanes: ofLanes } : {}), ...(whole ? {} : { budget: 'budget' }) };
}

/** Pure. */
export function settingsOf({ line, room, lanes, budget, backupFolder }: Draft): Settings {
  const place = { ...(line.trim() ? { line: line.trim() } : {}), ...(room.trim() ? { room: room.trim() } : {}) };
  return {
    place: Object.keys(place).length === 0 ? null : place,
    lanes: lanes.map((lane) => (lane.kind === 'serial' ? { ...lane, path: lane.path.trim() } : lane)),
    budgetPerMinute: Number(budget),
    backupFolder: backupFolder.trim() === '' ? null : backupFolder.trim(),
  };
}
