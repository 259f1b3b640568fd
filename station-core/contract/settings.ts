import * as z from 'zod/mini';
import type { Mode } from './record.ts';
import type { Scanning } from './scanners.ts';
import {
  budgetSchema,
  idleMinutesSchema,
  type LanePlace,
  lanesSchema,
  type Place,
  path,
  placeSchema,
  type ScannerSetting,
  scannersSchema,
  scanningSchema,
} from './station-file.ts';

// What of `station.json` people change on a screen. It takes effect when the station starts again.

export const settingsSchema = z.strictObject({
  place: z.nullable(placeSchema),
  lanes: lanesSchema,
  scanners: scannersSchema,
  /** What scanners that type send, and the rule that serials keep. */
  scanning: scanningSchema,
  budgetPerMinute: budgetSchema,
  /** After how many minutes that nobody uses a screen its person is signed out. */
  idleMinutes: idleMinutesSchema,
  /** The folder that backups go to; null for the one in the station's own folder. */
  backupFolder: z.nullable(path),
});
export type Settings = z.output<typeof settingsSchema>;

export type SettingsView = {
  readonly station: string;
  readonly mode: Mode;
  readonly settings: {
    readonly place: Place | null;
    readonly lanes: readonly LanePlace[];
    readonly scanners: readonly ScannerSetting[];
    readonly scanning: Scanning;
    readonly budgetPerMinute: number;
    readonly idleMinutes: number;
    readonly backupFolder: string | null;
  };
  /** The file says something else than the station runs with: it takes effect at the next start. */
  readonly waiting: boolean;
  /** Whether the station can be started again from here; else whoever started it does. */
  readonly restarts: boolean;
};
