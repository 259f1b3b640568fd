import type Database from 'better-sqlite3';
import { membersOf } from './key-check.ts';

type Members = { readonly [name: string]: unknown };

/** What is looked for, units and people by their commitments. All of it must hold. */
export type Asked = {
  readonly unit?: string;
  readonly person?: string;
  readonly order?: string;
  readonly action?: string;
  readonly from?: string;
  readonly to?: string;
};

/** An entry that was found; no members where its bytes are no JSON object any more. */
export type Found = { readonly seq: number; readonly members: Members | undefined };

/** `next`: so far was looked, and there may be more below. */
export type FoundPage = { readonly found: readonly Found[]; readonly next?: number };

/** So many entries are read for one answer, whatever is asked for: the lanes wait for a search some 20 ms, and it goes on if asked. */
const mostRead = 1_000;

/** What an entry says, as the indexes of migration 0013 are made over it: they are used only by the very same words. */
const said = (path: string): string => `CASE WHEN json_valid(bytes) THEN bytes ->> '${path}' END`;
const brief = (path: string): string => `substr(${said(path)}, 13, 16)`;
const briefOf = (commitment: string): string => commitment.slice(12, 28);

/** Each thing that can be looked for by an index: where it stands in entries, and how it is written there. */
const ways = {
  unit: { over: [brief('$.unit.serial')], by: briefOf },
  person: { over: [brief('$.actor'), brief('$.approver'), brief('$.details.person')], by: briefOf },
  order: { over: [said('$.order')], by: (order: string) => order },
  action: { over: [said('$.action')], by: (action: string) => action },
} as const;
type Way = keyof typeof ways;
const wayNames = Object.keys(ways) as readonly Way[];

/** Finds entries, the newest first, by whichever index leads to the fewest of them. */
export class EntrySearch {
  readonly #db: Database.Database;
  readonly #bytes;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#bytes = db.prepare<[number], Buffer>('SELECT CAST(bytes AS BLOB) FROM audit_entry WHERE seq = ?').pluck();
  }

  /** Up to `most` entries below number `before`. */
  find(asked: Asked, before: number, most: number): FoundPage {
    const { low, high } = this.#between(asked, before);
    const candidates = this.#candidates(asked, low, high);
    const found: Found[] = [];
    for (const [at, seq] of candidates.entries()) {
      const members = this.members(seq);
      if (isAskedFor(asked, members)) found.push({ seq, members });
      if (found.length < most) continue;
      return at + 1 < candidates.length || candidates.length === mostRead ? { found, next: seq } : { found };
    }
    const last = candidates.at(-1);
    return candidates.length === mostRead && last !== undefined ? { found, next: last } : { found };
  }

  /** Numbers of the newest entries about a unit. */
  aboutUnit(commitment: string, most: number): number[] {
    return this.#seqs(ways.unit.over[0], briefOf(commitment), 0, Number.MAX_SAFE_INTEGER, most).filter(
      (seq) => serialOf(this.members(seq)) === commitment,
    );
  }

  /** What an entry says; none where there is no such entry or its bytes are no JSON object. */
  members(seq: number): Members | undefined {
    const bytes = this.#bytes.get(seq);
    return bytes && membersOf(bytes);
  }

  #candidates(asked: Asked, low: number, high: number): readonly number[] {
    const lists = wayNames.flatMap((name) => {
      const value = asked[name];
      return value === undefined ? [] : [this.#byWay(name, value, low, high)];
    });
    if (lists.length === 0) return this.#seqs(undefined, undefined, low, high, mostRead);
    return lists.reduce((fewest, list) => (list.length < fewest.length ? list : fewest));
  }

  #byWay(name: Way, value: string, low: number, high: number): readonly number[] {
    const { over, by } = ways[name];
    const seqs = over.flatMap((expression) => this.#seqs(expression, by(value), low, high, mostRead));
    return [...new Set(seqs)].sort((a, b) => b - a).slice(0, mostRead);
  }

  #seqs(over: string | undefined, value: string | undefined, low: number, high: number, most: number): number[] {
    const where = over === undefined ? '' : `${over} = @value AND`;
    const sql = `SELECT seq FROM audit_entry WHERE ${where} seq >= @low AND seq < @high ORDER BY seq DESC LIMIT @most`;
    const given = { low, high, most, ...(over === undefined ? {} : { value }) };
    return this.#db.prepare<[object], number>(sql).pluck().all(given);
  }

  /** Between which numbers the entries of these times are. */
  #between({ from, to }: Asked, before: number): { readonly low: number; readonly high: number } {
    const low = from === undefined ? 0 : this.#bound('SELECT min(first) FROM audit_hour WHERE hour >= ?', from);
    const high =
      to === undefined ? before : this.#bound('SELECT max(last) + 1 FROM audit_hour WHERE hour <= ?', justBefore(to));
    return { low: low ?? Number.MAX_SAFE_INTEGER, high: Math.min(before, high ?? 0) };
  }

  #bound(sql: string, time: string): number | undefined {
    return this.#db.prepare<[string], number | null>(sql).pluck().get(time.slice(0, 13)) ?? undefined;
  }
}

/** What is written before a full hour is written in the hour before. */
const justBefore = (time: string): string => new Date(Date.parse(time) - 1).toISOString();

const serialOf = (members: Members | undefined): unknown =>
  (members?.unit as { readonly serial?: unknown } | undefined)?.serial;

/** A damaged entry is shown where nothing was asked for but a place in the log. */
function isAskedFor(asked: Asked, members: Members | undefined): boolean {
  if (!members) return Object.keys(asked).length === 0;
  const { unit, person, order, action, from, to } = asked;
  const { at, actor, approver, details, order: of, action: did } = { details: {}, ...members } as Members;
  if (unit !== undefined && serialOf(members) !== unit) return false;
  if (order !== undefined && of !== order) return false;
  if (action !== undefined && did !== action) return false;
  // All times of the log have one form, in which the order of texts is the order of times.
  if (from !== undefined && String(at) < from) return false;
  if (to !== undefined && String(at) >= to) return false;
  return person === undefined || [actor, approver, (details as { person?: unknown }).person].includes(person);
}
