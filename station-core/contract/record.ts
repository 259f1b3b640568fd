import type { ErrorData } from './errors.ts';
import type { Run } from './run.ts';

// What the station shows of its records. Secrets have no field here.

export type Mode = 'practice' | 'production';

export const roles = ['technician', 'lead', 'security-officer', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** Whoever makes a call: a signed-in person, and in what role. */
export type Actor = { readonly operator: number; readonly name: string; readonly role: Role };

/**
 * Fields that name a unit or a person, each with the label of the clear value. In the journal, the outbox and the audit
 * they are references or commitments.
 */
export const personalFields: Readonly<Record<string, string>> = {
  serial: 'serial',
  foundSerial: 'serial',
  other: 'serial',
  scanned: 'scanned',
  mac: 'mac',
  foundMac: 'mac',
  registrationId: 'registrationId',
  deviceId: 'deviceId',
  deviceName: 'deviceName',
  who: 'person',
  endorsementKey: 'endorsementKey',
};

export type OrderState = 'open' | 'closed';

/** How it is known that the station's key is the cloud's: compared, accepted without proof by a lead, or not yet. */
export type Armed = 'no' | 'proven' | 'accepted';

export type Order = {
  readonly id: number;
  readonly name: string;
  readonly recipe: string;
  readonly recipeHash: string;
  readonly state: OrderState;
  readonly armed: Armed;
  readonly quantity: number;
  readonly finished: number;
  /** Of its open units, how many have no certificate in the store or list that its recipe names (F-70); elsewhere left out. */
  readonly uncertified?: number;
  /** Operations that the cloud billed for its units so far; a call with units of several orders counts for each by its part. */
  readonly operations?: number;
};

export type Backlog = {
  readonly queued: number;
  readonly leased: number;
  readonly parked: number;
  readonly done: number;
};

/** What the pump is doing, for a person. */
export type SyncState = {
  readonly state: 'idle' | 'sending' | 'waiting' | 'stopped';
  /** Why it waits or stopped. */
  readonly error?: ErrorData;
  /** When it goes on by itself, ISO 8601. */
  readonly until?: string;
  /** While it sends: rows that are left, rows sent in the last minute, and how long the rest takes at that pace. */
  readonly left?: number;
  readonly perMinute?: number;
  readonly secondsLeft?: number;
};

/** The state of the HSM, for people: what it is, whether it answers, how long it takes. */
export type HsmView = {
  readonly state: 'ready' | 'locked' | 'down';
  /** Why it is not ready and what to do; empty when it is. */
  readonly reason: string;
  readonly kind: 'pkcs11' | 'soft';
  readonly token: {
    readonly label: string;
    readonly serial: string;
    readonly model: string;
    readonly firmware: string;
  };
  /** The module's file, without the folder that it lies in, which is nobody's business; SHA-256 of its bytes in hex. */
  readonly module: { readonly name: string; readonly sha256: string };
  readonly simulated: boolean;
  /** Milliseconds of its last operations. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
};

/** The unit that a lane waits for: plugging it in starts its run, up to a time, ISO 8601. */
export type ArmedView = { readonly serial: string; readonly until: string };

/** What a lane waits for that all lanes share, and how many other lanes asked for it before. */
export type LaneWait = { readonly on: 'hsm'; readonly before: number };

export type LaneView = {
  readonly lane: number;
  readonly port: string;
  readonly simulated: boolean;
  /** Whether something is plugged in at the lane's port. */
  readonly attached: boolean;
  /** A fixture that takes both hands: scans arm the lane (`lane.arm`) instead of starting a run. */
  readonly start?: 'attach';
  readonly armed?: ArmedView;
  /** Left out of what is over in an instant. */
  readonly waits?: LaneWait;
  /** The last run of this lane, with its verdict until the next scan. */
  readonly run?: Run;
  /** Why this lane cannot say how its last run ended (its record could not be written); gone with the next scan. */
  readonly fault?: ErrorData;
};

export type ParkedRow = {
  readonly id: number;
  readonly registrationId: string;
  readonly action: string;
  readonly reason: ErrorData;
};

export type AuditReport = {
  readonly entries: number;
  readonly ok: boolean;
  /** How many of them the newest signed head covers; 0 before the first. */
  readonly sealed: number;
  /** The head of the hash chain, base64. */
  readonly head: string;
  readonly problem?: { readonly seq: number; readonly reason: string };
};
