// What a TPM keeps without power. Values: a change makes new ones, which are in the file before a command is answered.
import type { KeyObject } from 'node:crypto';

/** A key that a hierarchy's seed gives: private part and public area (TPMT_PUBLIC). */
export type Primary = { readonly hierarchy: number; readonly area: Buffer; readonly key: KeyObject };
/** A key at a persistent handle, by what it was made of, with the authorisation of its own. */
export type Persistent = { readonly primary: string; readonly auth: Buffer };
export type NvIndex = { readonly attributes: number; readonly content: Buffer };
export type OwnAuths = { readonly owner: Buffer; readonly endorsement: Buffer; readonly lockout: Buffer };

export type Kept = {
  /** Tickets are made with it (part 1, 14.4: proof values). */
  readonly proof: Buffer;
  /** By the digest of hierarchy and template. */
  readonly primaries: ReadonlyMap<string, Primary>;
  readonly persistent: ReadonlyMap<number, Persistent>;
  readonly auths: OwnAuths;
  readonly nv: ReadonlyMap<number, NvIndex>;
  /** Wrong authorisations that count towards lockout, and when the last one was, in milliseconds (part 1, 19.8.4). */
  readonly failures: { readonly tries: number; readonly at: number };
};
