import type Database from 'better-sqlite3';
import type { ExportFilter, ExportProblem } from '../../contract/audit.ts';
import type { Disclosures } from './disclosures.ts';
import type { ExportFolder } from './folder.ts';

/** An entry as it is stored, damaged or not. */
export type ExportedEntry = {
  readonly seq: number;
  readonly bytes: Buffer;
  /** The leaf hash of these bytes, computed anew. */
  readonly leaf: Buffer;
  /** Whether the filter asks for it. What a partial export holds beside is the entries of the table of keys (docs/audit.md). */
  readonly asked: boolean;
  /** Its members, parsed when they are first looked at; none where the bytes are no JSON object. */
  readonly members: { readonly [name: string]: unknown } | undefined;
};

/** The newest signed head. */
export type SealedHead = { readonly n: number; readonly size: number; readonly note: string };

/** What a format makes an export from. */
export type Material = {
  /** Read-only, and a connection of its own; the lanes write beside it. Evidence comes from the log, not from other tables. */
  readonly db: Database.Database;
  readonly station: string;
  readonly origin: string;
  readonly software: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** Entries in the log; those that are written from now on are not of this export. */
  readonly size: number;
  /** None before the first head was signed. */
  readonly head: SealedHead | undefined;
  readonly filter: ExportFilter;
  /** Nothing was filtered. */
  readonly complete: boolean;
  /** A second person agreed that clear values of people and units are given. */
  readonly named: boolean;
  /**
   * The entries of the export in the order of their numbers, a page at a time. The whole log is read and checked on the way, so
   * a format reads them once and to the end, and keeps no page longer than it needs it.
   */
  readonly pages: () => AsyncIterable<readonly ExportedEntry[]>;
  /** The RFC 9162 inclusion proof of an entry under the newest head, base64; none for an entry that no head covers. */
  readonly proof: (seq: number) => readonly string[] | undefined;
  /** What was found wrong with the log so far; all of it once the pages were read. */
  readonly problems: readonly ExportProblem[];
  /** The clear values behind commitments. Whether they may be given is the format's to ask of `named`. */
  readonly disclosures: Disclosures;
};

/** A way to write an export: one file each, and one line in registry.ts. */
export type Format = {
  /** What may be asked of it: any filter, none, or one unit at least. */
  readonly takes: 'any filter' | 'no filter' | 'a unit';
  /** Whether it can give clear names when a second person agreed; asked for them it is refused otherwise. */
  readonly names: boolean;
  /**
   * Writes its files; manifest, heads, checkpoint and seal are written around it. Answers how many entries the export holds or
   * speaks of. Throws what the disk throws.
   */
  write(material: Material, folder: ExportFolder): Promise<number>;
};
