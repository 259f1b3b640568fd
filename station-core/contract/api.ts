import type * as z from 'zod/mini';
import type { AuditView } from './audit-anchors.ts';
import { auditCalls } from './calls/audit.ts';
import type { Call } from './calls/call.ts';
import { certificatesCalls } from './calls/certificates.ts';
import { cloudCalls } from './calls/cloud.ts';
import { hsmCalls } from './calls/hsm.ts';
import { lanesCalls } from './calls/lanes.ts';
import { type orderSchema, ordersCalls, type unitSchema } from './calls/orders.ts';
import { type operationSchema, peopleCalls } from './calls/people.ts';
import { stationCalls } from './calls/station.ts';
import { unitsCalls } from './calls/units.ts';
import type { PrintingView } from './label.ts';
import type { LightView } from './lights.ts';
import type { Language } from './people.ts';
import type { Backlog, HsmView, LaneView, Mode, Order, Role, SyncState } from './record.ts';
import type { ScannerView, Scanning } from './scanners.ts';

// Every call of the station: its name, the schema of its parameters, the type of its result. Who may make it stands in
// contract/roles.ts, and the compiler asks for a row there, a handler in station.ts, and nothing else.

export const api = {
  ...peopleCalls,
  ...stationCalls,
  ...ordersCalls,
  ...lanesCalls,
  ...unitsCalls,
  ...cloudCalls,
  ...auditCalls,
  ...hsmCalls,
  ...certificatesCalls,
} as const;

export type Method = keyof typeof api;
export type Params<M extends Method> = z.output<(typeof api)[M]['params']>;
export type Result<M extends Method> = (typeof api)[M] extends Call<infer _, infer R> ? R : never;
export type OrderInput = z.output<typeof orderSchema>;
export type UnitInput = z.output<typeof unitSchema>;
export type Operation = z.output<typeof operationSchema>;

export const isMethod = (method: string): method is Method => Object.hasOwn(api, method);

/** How many units of an order have a line, and how many have none: their keys are not asked for, or are kept no more. */
export type HubLines = { readonly units: number; readonly left: number };

export type SignedIn = {
  readonly session: string;
  readonly name: string;
  readonly role: Role;
  readonly language?: Language;
};

export type StationDescription = {
  /** The folder has no station yet: only set-up answers (contract/setup.ts). */
  readonly toSetUp?: true;
  readonly station: string;
  readonly mode: Mode;
  readonly version: string;
  /** Nobody can sign in while the HSM is locked: somebody has to unlock it first. */
  readonly hsm: 'ready' | 'locked' | 'down';
  /** The ready-made people of practice with their PINs, which are no secret there; none in production. */
  readonly practice: readonly { readonly name: string; readonly pin: string; readonly role: Role }[];
  readonly scanning: Scanning;
  /** Labels to scan on the practice line, the next ones first; none in production. */
  readonly labels: readonly string[];
};

/** Everything that a screen draws, as of event `n`. */
export type StationView = {
  readonly n: number;
  readonly lanes: readonly LaneView[];
  readonly orders: readonly Order[];
  readonly backlog: Backlog;
  readonly sync: SyncState;
  readonly hsm: HsmView;
  readonly audit: AuditView;
  /** Scanners at serial ports; those that type are keyboards to everybody. */
  readonly scanners: readonly ScannerView[];
  /** Stack lights, once each was told something. */
  readonly lights: readonly LightView[];
  /** Labels; left out on a station without printers. */
  readonly printing?: PrintingView;
};
