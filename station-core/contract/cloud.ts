import type { ErrorData } from './errors.ts';

// What `sync.check` shows of the way to the cloud and of what the station may do there.

/** What a right is good for: uploading, groups, comparing keys, reconciling, taking units out of service; or it is one too many. */
export const purposes = ['upload', 'group', 'compare', 'reconcile', 'withdraw', 'none'] as const;
export type Purpose = (typeof purposes)[number];

export type CloudRight = {
  /** What the station may or may not do, in words. */
  readonly what: string;
  /** The right of a shared access policy, or the data action of a role, that it takes. */
  readonly right: string;
  readonly purpose: Purpose;
  /** Unknown where the service answered neither. */
  readonly has: 'yes' | 'no' | 'unknown';
};

export type CloudCheck = {
  readonly host: string;
  /** Whether the service says that it is the practice line's. */
  readonly emulator: boolean;
  readonly idScope: string;
  /** The policy or the application that the station calls as. */
  readonly caller: string;
  /** How far the way to the service led, step by step. */
  readonly way: readonly { readonly step: 'name' | 'connection' | 'proxy' | 'tls'; readonly found: string }[];
  /** How far the service's clock is ahead of the station's, in milliseconds, where it told its time. */
  readonly skewMs?: number;
  readonly rights: readonly CloudRight[];
  /** Why nothing more could be learned, or why uploads would fail. */
  readonly error?: ErrorData;
  /** What should be changed although uploads work. */
  readonly warnings: readonly string[];
  /** Whether uploads work. */
  readonly ok: boolean;
};
