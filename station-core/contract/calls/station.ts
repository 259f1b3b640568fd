import * as z from 'zod/mini';
import type { StationDescription, StationView } from '../api.ts';
import type { Backups, BackupView } from '../backup.ts';
import type { ClockView } from '../clock.ts';
import { madeBackupSchema } from '../privacy.ts';
import type { HsmView } from '../record.ts';
import type { MissedScans } from '../scanners.ts';
import { type SettingsView, settingsSchema } from '../settings.ts';
import {
  createSchema,
  lookSchema,
  type PortFound,
  type Reach,
  reachSchema,
  type SetUp,
  type SetupLook,
  tokenSchema,
} from '../setup.ts';
import { isTime } from '../time.ts';
import { secretName } from '../tpm.ts';
import { call, none } from './call.ts';

/** Calls about the station itself: how it stands, its set-up, settings, clock, backups and secrets. */
export const stationCalls = {
  'station.describe': call<StationDescription>()(none),
  'station.view': call<StationView>()(none),
  'events.follow': call<{ next: number }>()(z.strictObject({ since: z.int().check(z.gte(0)) })),
  /** A backup was made and checked: the audit trail tells of it. */
  'backup.note': call<null>()(madeBackupSchema),
  /** Makes a backup in the station's folder for them, checks it, and tells the audit trail. */
  'backup.make': call<BackupView>()(none),
  'backup.list': call<Backups>()(none),
  /** Two people read the time from a watch that they trust: the clock is right now, although a later time was written before. */
  'clock.confirm': call<{ at: string; before: string }>()(
    z.strictObject({
      at: z
        .string()
        .check(
          z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/, 'a time like 2026-11-20T21:59Z'),
          z.refine(isTime, 'a time that there is'),
        ),
    }),
  ),
  /** What the clock says, and why nothing is issued where it cannot be right. */
  'clock.show': call<ClockView>()(none),
  /** A secret that recipes name; its bytes come beside the call, from a caller in the station's process. */
  'secret.set': call<{ name: string }>()(z.strictObject({ name: secretName })),
  'secret.list': call<readonly { readonly name: string; readonly setAt: string }[]>()(none),
  /** Set-up, while the folder has no station: tokens, and what is known of this machine. */
  'setup.look': call<SetupLook>()(lookSchema),
  /** Chooses the token that `hsm.unlock` then logs in to. */
  'setup.useToken': call<HsmView>()(tokenSchema),
  'setup.checkCloud': call<Reach>()(reachSchema),
  /** Makes the station, whole or not at all, and opens it: from then on every call is the station's. */
  'setup.create': call<SetUp>()(createSchema),
  /** Serial ports that are plugged in right now. */
  'ports.list': call<readonly PortFound[]>()(none),
  'settings.show': call<SettingsView>()(none),
  'settings.change': call<SettingsView>()(settingsSchema),
  /** Ends the station in order, so that whoever watches over it starts it again. */
  'settings.restart': call<null>()(none),
  /** From now on what serial scanners read goes to whoever asks, and to nobody else. */
  'scanners.take': call<MissedScans>()(none),
} as const;
