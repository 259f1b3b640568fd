import type { ErrorData } from './errors.ts';
import type { Backlog, SyncState } from './record.ts';

// How it stands with the cloud, for the people who look after it.

/** A place that rows are sent to. */
export type TargetView = {
  readonly name: string;
  /** Whether this station has what it needs to send there. */
  readonly configured: boolean;
  /** The host that is called; none for files. */
  readonly host?: string;
  /** Operations that may go out in a minute, and those of the last minute. */
  readonly budget?: { readonly perMinute: number; readonly used: number };
  /** Why it is not called, and until when; without a time until a person asks. */
  readonly hold?: { readonly error: ErrorData; readonly until?: string };
  /** What has waited longest. */
  readonly oldest?: {
    readonly row: number;
    readonly registrationId: string;
    readonly action: string;
    readonly attempts: number;
    /** Not known of rows that an older version made. */
    readonly since?: string;
    /** Why the last try was none. */
    readonly reason?: ErrorData;
  };
};

/** What a target answered, as the audit trail has it. */
export type ReceiptView = {
  /** Its entry's number. */
  readonly entry: number;
  readonly at: string;
  readonly target: string;
  readonly registrationId: string;
  readonly action: string;
  /** The word that the station noted for the answer. */
  readonly answer: string;
};

export type SyncLook = {
  readonly sync: SyncState;
  readonly backlog: Backlog;
  readonly targets: readonly TargetView[];
  /** The newest twenty. */
  readonly receipts: readonly ReceiptView[];
  /** Operations that the service bills: of today by the station's calendar, of all days, and of the newest orders. */
  readonly operations: {
    readonly today: number;
    readonly total: number;
    readonly orders: readonly { readonly order: string; readonly operations: number }[];
  };
};

/** What is in the cloud under a parked row's ID, beside what was wanted. No key is among it. */
export type Comparison = {
  readonly row: number;
  readonly registrationId: string;
  /** Missing where nothing is there any more. */
  readonly etag?: string;
  /** Whether it still is the entry that the row was parked for: only then it may be replaced. */
  readonly unchanged: boolean;
  readonly members: readonly { readonly name: string; readonly ours: string; readonly theirs: string }[];
};
