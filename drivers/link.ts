import type { StationError } from '../station-core/contract/errors.ts';

/**
 * A byte link to one unit. It knows nothing of frames. Whoever waits on a link waits with a deadline of its own and
 * with `lost`: link lost blames the station, a live link without an answer blames the unit (docs/design.md, Errors).
 */
export interface Link {
  /** The port as a person knows it, for messages. */
  readonly port: string;
  /** Aborted once, with a StationError `link.lost` as its reason, when the link is gone or was closed. */
  readonly lost: AbortSignal;
  /** Resolves when the bytes were handed to the wire. Throws `link.lost`, or the signal's reason. */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Calls back with every chunk that arrives; returns how to stop. Bytes without a listener are dropped. */
  listen(listener: (bytes: Uint8Array) => void): () => void;
  /** Ends the link; safe to call twice, and returns within a second even when the driver hangs. */
  close(): Promise<void>;
}

export type LinkLost = StationError & { code: 'link.lost' };
