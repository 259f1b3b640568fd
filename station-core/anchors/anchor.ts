import { hash } from 'node:crypto';

/** A copy of the newest signed head outside of the database, which a station compares itself with. One file each in this folder, one line in registry.ts. */
export interface Anchor {
  /** For people: the token, or which folder. */
  readonly name: string;
  /** The note that it holds, or none. Throws when it does not answer. */
  read(): Promise<string | undefined>;
  /** Replaces what it holds, whole or not at all. Throws when it does not take it. */
  write(note: string): Promise<void>;
}

/** The most bytes of a note: what a token's data object takes (drivers/hsm/hsm.ts, writeAnchor). A note has about 400. */
export const mostOfNote = 1_024;

/**
 * By what an anchor tells the logs of several stations apart: the first 4 bytes of SHA-256 over the station's name, a line feed and the
 * origin that its log was founded with, which stays when another origin is begun.
 */
export const anchorLabel = (station: string, founded: string): string =>
  `birthmark-audit-${hash('sha256', `${station}\n${founded}`, 'hex').slice(0, 8)}`;
