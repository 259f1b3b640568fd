import type { BackupStage } from './backup.ts';
import type { PrintingView } from './label.ts';
import type { LightView } from './lights.ts';
import type { SessionEnd } from './people.ts';
import type { Backlog, HsmView, LaneView, SyncState } from './record.ts';
import type { RunEvent } from './run.ts';
import type { ScannerView, SerialScan } from './scanners.ts';

/** A committed event. `n` grows by one with each; a client that reconnects asks for what came since its last one. */
export type StationEvent = { readonly n: number } & (
  | { readonly run: number; readonly event: RunEvent }
  | { readonly event: SyncEvent }
);

/** What uploading changed: the backlog as it stands after the commit. */
export type SyncEvent = { readonly type: 'backlog'; readonly at: string; readonly backlog: Backlog };

/** Goes out at once, unnumbered, and never carries facts, counts or verdicts. */
export type Progress =
  | { readonly type: 'step'; readonly run: number; readonly lane: number; readonly step: string; readonly at: string }
  /** How far the step is that began at `at`, as an external program says: no fact. */
  | {
      readonly type: 'percent';
      readonly run: number;
      readonly lane: number;
      readonly step: string;
      readonly at: string;
      readonly percent: number;
    }
  | { readonly type: 'sync'; readonly sync: SyncState }
  /** How many entries of the cloud a comparison has read. */
  | { readonly type: 'reconciling'; readonly read: number }
  /** How many entries of the audit trail an export or a check has read. */
  | { readonly type: 'reading'; readonly done: number; readonly total: number }
  /** How far the making of a backup is; a total of 0 says that it is not known. */
  | { readonly type: 'backup'; readonly stage: BackupStage; readonly done: number; readonly total: number }
  | { readonly type: 'hsm'; readonly hsm: HsmView }
  /** To the one who follows, alone: their session is over, and nothing more is told on this port. */
  | { readonly type: 'session'; readonly ended: SessionEnd }
  /** Goes to one page alone (`scanners.take`). */
  | ({ readonly type: 'scan' } & SerialScan)
  | { readonly type: 'scanner'; readonly scanner: ScannerView }
  | { readonly type: 'light'; readonly light: LightView }
  | { readonly type: 'printing'; readonly printing: PrintingView }
  | ({ readonly type: 'lane'; readonly lane: number } & Pick<LaneView, 'attached' | 'fault' | 'armed' | 'waits'>);

export const isRunEvent = (event: StationEvent): event is StationEvent & { run: number; event: RunEvent } =>
  'run' in event;
