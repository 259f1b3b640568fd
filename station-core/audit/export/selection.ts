import type { ExportFilter } from '../../contract/audit.ts';
import { membersOf, namesKey } from '../key-check.ts';
import type { StoredRow } from '../rows.ts';
import type { ExportedEntry } from './format.ts';

type Members = ExportedEntry['members'];

/** Whether an entry with these members is asked for (docs/audit.md, `filter`). */
export function asksFor({ from, to, order, unit }: ExportFilter, members: Members): boolean {
  const { at, order: of, unit: about } = { at: '', order: undefined, unit: undefined, ...members };
  // All times of the log have one form, in which the order of texts is the order of times.
  if (from !== undefined && String(at) < from) return false;
  if (to !== undefined && String(at) >= to) return false;
  if (order !== undefined && of !== order) return false;
  return unit === undefined || (about as { readonly serial?: unknown } | undefined)?.serial === unit;
}

/** The entry that a row with this leaf hash becomes, or none where the export does not hold it. */
export function selected(row: StoredRow, leaf: Buffer, filter: ExportFilter, complete: boolean): ReadEntry | undefined {
  if (complete) return new ReadEntry(row, leaf, true);
  const members = membersOf(row.bytes);
  const asked = asksFor(filter, members);
  return asked || namesKey(row.bytes) ? new ReadEntry(row, leaf, asked, members) : undefined;
}

class ReadEntry implements ExportedEntry {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly leaf: Buffer;
  readonly asked: boolean;
  #members: Members;
  #parsed: boolean;

  constructor({ seq, bytes }: StoredRow, leaf: Buffer, asked: boolean, members?: Members) {
    this.seq = seq;
    this.bytes = bytes;
    this.leaf = leaf;
    this.asked = asked;
    this.#members = members;
    this.#parsed = members !== undefined;
  }

  get members(): Members {
    if (!this.#parsed) this.#members = membersOf(this.bytes);
    this.#parsed = true;
    return this.#members;
  }
}
