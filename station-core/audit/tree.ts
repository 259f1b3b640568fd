import type Database from 'better-sqlite3';
import { CompactRange, emptyRoot, nodeHash, splitOf } from './merkle.ts';

/** Entries in a tile: hashes are stored at every eighth level of the tree (C2SP tlog-tiles). */
const width = 256;

/**
 * The Merkle tree over the log as the database has it: the leaves stand beside their entries, and of the nodes above only those
 * that tlog-tiles stores, one in 255. Any root or proof is made of them with a few hundred hashes, whatever the log's size, and
 * nothing is kept in memory that a rolled-back commit could make wrong.
 */
export class StoredTree {
  readonly #leaves;
  readonly #nodes;
  readonly #insert;
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#leaves = db
      .prepare<[number, number], Buffer>('SELECT leaf FROM audit_entry WHERE seq >= ? AND seq < ? ORDER BY seq')
      .pluck();
    this.#nodes = db
      .prepare<[number, number, number], Buffer>(
        'SELECT hash FROM audit_node WHERE level = ? AND n >= ? AND n < ? ORDER BY n',
      )
      .pluck();
    this.#insert = db.prepare('INSERT INTO audit_node (level, n, hash) VALUES (?, ?, ?)');
  }

  /** Inside the commit of entry `seq`, which is stored: the nodes that it completes. */
  append(seq: number): void {
    let below = seq + 1;
    for (let level = 1; below % width === 0; level++) {
      below /= width;
      const n = below - 1;
      this.#insert.run(level, n, rootOf(this.#hashes(level - 1, n * width, below * width)));
    }
  }

  /** Inside a commit: the nodes of entries that were written before there was a tree. */
  catchUp(entries: number): void {
    const known = this.#db.prepare<[], number>('SELECT count(*) FROM audit_node WHERE level = 1').pluck().get() ?? 0;
    for (let full = known + 1; full * width <= entries; full++) this.append(full * width - 1);
  }

  /** The root of the first `size` entries. Throws RangeError when the database lacks some of them. */
  root(size: number): Buffer {
    return size === 0 ? emptyRoot : this.#rootOf(0, size);
  }

  /** The proof that entry `index` is among the first `size` (RFC 9162 2.1.3.1). */
  inclusion(index: number, size: number): Buffer[] {
    if (!(index >= 0 && index < size)) throw new RangeError(`entry ${index} of ${size}`);
    return this.#path(index, 0, size);
  }

  /** The proof that the tree of `second` entries holds the one of `first` (RFC 9162 2.1.4.1); empty where they are one. */
  consistency(first: number, second: number): Buffer[] {
    if (!(first > 0 && first <= second)) throw new RangeError(`from ${first} to ${second}`);
    return this.#subproof(first, 0, second, true);
  }

  #path(index: number, begin: number, size: number): Buffer[] {
    if (size === 1) return [];
    const k = splitOf(size);
    return index < k
      ? [...this.#path(index, begin, k), this.#rootOf(begin + k, size - k)]
      : [...this.#path(index - k, begin + k, size - k), this.#rootOf(begin, k)];
  }

  #subproof(first: number, begin: number, size: number, whole: boolean): Buffer[] {
    if (first === size) return whole ? [] : [this.#rootOf(begin, size)];
    const k = splitOf(size);
    return first <= k
      ? [...this.#subproof(first, begin, k, whole), this.#rootOf(begin + k, size - k)]
      : [...this.#subproof(first - k, begin + k, size - k, false), this.#rootOf(begin, k)];
  }

  /** The root of `size` entries from `begin` on, where `begin` is where a tree of that size is split off. */
  #rootOf(begin: number, size: number): Buffer {
    let level = 0;
    let unit = 1;
    while (size >= unit * width && begin % (unit * width) === 0) {
      unit *= width;
      level++;
    }
    if (size % unit === 0) return rootOf(this.#hashes(level, begin / unit, (begin + size) / unit));
    const k = splitOf(size);
    return nodeHash(this.#rootOf(begin, k), this.#rootOf(begin + k, size - k));
  }

  #hashes(level: number, from: number, to: number): Buffer[] {
    const found = level === 0 ? this.#leaves.all(from, to) : this.#nodes.all(level, from, to);
    if (found.length !== to - from) throw new RangeError(`level ${level}: ${found.length} of ${from} to ${to}`);
    return found;
  }
}

/** The root over hashes of one level. */
function rootOf(hashes: readonly Buffer[]): Buffer {
  const range = new CompactRange();
  for (const hash of hashes) range.append(hash);
  return range.root();
}
