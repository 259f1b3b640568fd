import type { HsmView } from './record.ts';

// What people see of the HSM and its keys. No value of a key has a field here, and no value of an attribute that could be one.

/** What PKCS#11 lets a key do (v2.40, tables 19 to 21 and 24). One that keeps the rules has one of them: sign or unwrap. */
export const keyUses = ['sign', 'signRecover', 'verify', 'encrypt', 'decrypt', 'wrap', 'unwrap', 'derive'] as const;
export type KeyUse = (typeof keyUses)[number];

/** How a key is kept. `neverExtractable` and `alwaysSensitive` speak of its whole life, `local` of where it was made. */
export const keyGuards = [
  'token',
  'private',
  'sensitive',
  'extractable',
  'alwaysSensitive',
  'neverExtractable',
  'local',
] as const;
export type KeyGuard = (typeof keyGuards)[number];

/** A key that the token shows, as its attributes were read back; `refused` names the first rule that it breaks: it is not used then. */
export type HsmKey = {
  readonly label: string;
  /** CKA_ID in hex; empty where the token shows none. */
  readonly id: string;
  readonly class: 'secret' | 'private';
  readonly type: string;
  /** Where the token says it. */
  readonly bits?: number;
  readonly uses: readonly KeyUse[];
  readonly guards: Readonly<Record<KeyGuard, boolean>>;
  readonly refused?: { readonly attribute: string; readonly expected: boolean; readonly found: boolean };
  /** What of this station's uses it, where its records say so; an issuer by its name. */
  readonly usedBy?: { readonly part: 'station' | 'audit' | 'issuer'; readonly name: string };
};

/** How the HSM was at a minute of the last hour. */
export type HsmMinute = {
  readonly at: string;
  readonly state: HsmView['state'];
  /** Milliseconds: median and 99th percentile of the operations before it, 256 at most. */
  readonly p50: number;
  readonly p99: number;
};

export type HsmReport = {
  readonly hsm: HsmView;
  readonly keys: readonly HsmKey[];
  /** The oldest first. */
  readonly lastHour: readonly HsmMinute[];
};
