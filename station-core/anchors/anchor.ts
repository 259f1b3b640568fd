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

/** What is longer is no note of a station: one has about 400 bytes, and a name that is all escapes makes it three times as long. */
export const mostOfNote = 4_096;

/**
 * By what an anchor tells the logs of several stations apart: the first 4 bytes of SHA-256 over the station's name, a line feed and the
 * origin that its log was founded with, which stays when another origin is begun.
 */
export const anchorLabel = (station: string, founded: string): string =>
  `birthmark-audit-${hash('sha256', `${station}\n${founded}`, 'hex').slice(0, 8)}`;
