import type { ErrorData } from '../../contract/errors.ts';
import type { OutboxRow } from '../../store/outbox.ts';

/** Both keys of a symmetric enrollment; whoever asked for them zeroes them. */
export type Keys = { readonly primary: Buffer; readonly secondary: Buffer };

/** The certificates of an X.509 enrollment, as DPS takes them: base64 of the PEM text. Nothing of them is secret. */
export type Certificates = { readonly primary: string; readonly secondary?: string };

/** What a row's credential, or its unit's endorsement key, puts into its request. */
export type Carried =
  | { readonly keys: Keys }
  | {
      readonly certificates: Certificates;
      /** Every certificate that the unit was ever given, among them those that its entry may hold. */
      readonly known: readonly string[];
    }
  /** Base64 of the TPM2B_PUBLIC (dps-reference 9.1). It is public. */
  | { readonly endorsementKey: string };

/** How one row fared. `done` carries the receipt: what the target answered, as JSON without secrets. */
export type Fate = { readonly done: string } | { readonly retry: ErrorData } | { readonly park: ErrorData };

/** What is known of a call so far; a target fills it in as it learns, so that it stands when the rest breaks off. */
export type Sent = {
  /** How each row fared, by its id. */
  readonly fates: Map<number, Fate>;
  /** Operations that the service bills. */
  operations: number;
};

/** A place that rows are sent to. One file each in this folder, one line in registry.ts. */
export interface Target {
  readonly name: string;
  /** The most rows that one call takes. */
  readonly batch: number;
  /** The most calls at a time. */
  readonly abreast: number;
  /** Whether the place can be reached at all, cheaply and without asking it anything. Never throws. */
  reachable(signal: AbortSignal): Promise<boolean>;
  /**
   * Sends rows, each of which fares alone. Throws a StationError when the call as a whole failed (nothing is known to
   * have happened to the rows without a fate): `cloud.unreachable`, `cloud.throttled`, `cloud.failed`, `cloud.malformed`;
   * `cloud.refused` stops the target until a person has looked.
   */
  send(rows: readonly OutboxRow[], signal: AbortSignal, sent: Sent): Promise<void>;
}
