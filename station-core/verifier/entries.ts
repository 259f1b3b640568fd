import type { Disclosures } from './disclosures.ts';
import { type Findings, Newer, type Position, Wrong } from './findings.ts';
import { type Keys, namesKey } from './keys.ts';
import type { Manifest } from './manifest.ts';
import { canonicalJson, isCount, isObject, isText, textOf } from './strict.ts';
import { type Hash, leafOf } from './tree.ts';

/** The most bytes of an entry: what C2SP tlog-tiles can hold. */
export const entryLimit = 65_535;
const known = 1;

/** What every entry says. */
export type Entry = {
  readonly v: number;
  readonly seq: number;
  readonly prev: string;
  readonly at: string;
  readonly station: string;
  readonly origin: string;
  readonly software: string;
  readonly action: string;
  readonly order?: unknown;
  readonly unit?: unknown;
  readonly details?: unknown;
};

/** Reads the bytes of an entry. Throws Wrong. */
export function readEntry(text: string): Entry {
  const entry = canonicalJson(text);
  if (!isObject(entry)) throw new Wrong('it is no entry');
  const { v, seq, prev, at, station, origin, software, action } = entry as { readonly [name: string]: unknown };
  if (isCount(v) && v > known)
    throw new Newer(`it was written by a newer version (${v}; this verifier knows ${known})`);
  const all = isCount(seq) && isText(prev) && isText(at) && isText(station) && isText(origin) && isText(software);
  if (v !== known || !all || !isText(action))
    throw new Wrong('a member that every entry has is missing, or of another kind');
  return entry as unknown as Entry;
}

/** An entry, and where it stands; `index` where a proof says its number, else it is the one after the entry before. */
export type Placed = { readonly bytes: Buffer; readonly index?: number; readonly at: Position };

/** The entries of an export, one after the other: each by itself, and against the one before. */
export class Entries {
  readonly #manifest: Manifest;
  readonly #keys: Keys;
  readonly #disclosures: Disclosures;
  readonly #findings: Findings;
  #before: { index: number; readonly leaf: string; readonly at: Position } | undefined;
  count = 0;
  newest: Entry | undefined;

  constructor(manifest: Manifest, keys: Keys, disclosures: Disclosures, findings: Findings) {
    this.#manifest = manifest;
    this.#keys = keys;
    this.#disclosures = disclosures;
    this.#findings = findings;
  }

  /** The next entry, whose `bytes` have a byte 00 in front; answers its leaf hash. */
  take({ bytes, index = (this.#before?.index ?? -1) + 1, at }: Placed): Hash {
    const leaf = leafOf(bytes);
    const before = this.#before;
    const own = { index, leaf, at };
    this.#before = own;
    this.count++;
    try {
      const text = textOf(bytes, 1);
      const entry = readEntry(text);
      this.newest = entry;
      this.#disclosures.strike(text);
      // Whatever stands here instead: what follows is compared with that.
      own.index = entry.seq;
      this.#isOfThisLog(entry);
      if (entry.seq === index) this.#follows(entry, before);
      else this.#findings.add(misplaced(entry.seq, index), { ...at, entry: index });
      this.#belongs(entry);
    } catch (thrown) {
      this.#findings.caught(thrown, { ...at, entry: index });
    }
    return leaf;
  }

  /** A break says that the entry before is another one than it was. */
  #follows({ seq, prev }: Entry, before: { index: number; leaf: string; at: Position } | undefined): void {
    if (seq === 0 && prev !== firstLink) throw new Wrong('it is the first entry, and names one before it');
    if (before?.index === seq - 1 && before.leaf !== prev)
      this.#findings.add(`entry ${seq - 1} is not the one that entry ${seq} names`, { ...before.at, entry: seq - 1 });
  }

  #isOfThisLog({ station, action, origin }: Entry): void {
    if (station !== this.#manifest.station) throw new Wrong(`it is of another log: station ${station}`);
    if (action !== 'audit.origin-begun' && origin !== this.#keys.originFor(origin))
      throw new Wrong(`it is of another log: origin ${origin}`);
  }

  #belongs(entry: Entry): void {
    const { seq, action, origin, details } = entry;
    const isKey = namesKey(action);
    if (!isKey && !this.#isAskedFor(entry))
      throw new Wrong('it is not one of those that the manifest says were asked for');
    const notice = isKey ? this.#keys.name(action, origin, details) : undefined;
    if (notice) this.#findings.note(`entry ${seq}: ${notice}`);
  }

  /** What stands beside documents for people is the entries that name keys, and no others. */
  #isAskedFor({ at, order, unit }: Entry): boolean {
    const { kind, filter } = this.#manifest;
    if (kind === 'csv' || kind === 'pdf') return false;
    // What is no time of the calendar is neither before nor after another.
    if (filter.from !== undefined && !(Date.parse(at) >= Date.parse(filter.from))) return false;
    if (filter.to !== undefined && !(Date.parse(at) < Date.parse(filter.to))) return false;
    if (filter.order !== undefined && order !== filter.order) return false;
    return filter.unit === undefined || (isObject(unit) && unit.serial === filter.unit);
  }
}

/** `prev` of the first entry: 32 zero bytes. */
const firstLink = `${'A'.repeat(43)}=`;

function misplaced(seq: number, index: number): string {
  if (seq < index) return `entry ${seq} stands where entry ${index} belongs`;
  return `entry ${index} is missing: entry ${seq} stands where it belongs`;
}
