import type Database from 'better-sqlite3';
import { nodeHash, splitOf } from '../merkle.ts';
import { tileWidth } from '../tile-tree.ts';

/** Tiles that are kept of each level: proofs that are asked for in the order of the entries go on in the same ones. */
const keptTiles = 4;

/** A tile with every node above its hashes: `rows[k][i]` is the root over 2^k of them. */
type Pyramid = { readonly n: number; readonly rows: readonly (readonly Buffer[])[] };

/**
 * Inclusion and consistency proofs for many entries and heads in their order, out of the stored tree. A proof alone takes some
 * hundred hashes (audit/tree.ts); here the nodes of a tile are computed once and serve all of its entries.
 */
export class Proofs {
  readonly #entries: number;
  readonly #leaves;
  readonly #nodes;
  readonly #kept: Pyramid[][] = [];
  /** Roots at the right edge of the tree of one size. */
  readonly #edge = new Map<string, Buffer>();
  #edgeOf = 0;

  /** Over the first `entries`, which the log has by now. */
  constructor(db: Database.Database, entries: number) {
    this.#entries = entries;
    this.#leaves = db
      .prepare<[number, number], Buffer>('SELECT leaf FROM audit_entry WHERE seq >= ? AND seq < ? ORDER BY seq')
      .pluck();
    this.#nodes = db
      .prepare<[number, number, number], Buffer>(
        'SELECT hash FROM audit_node WHERE level = ? AND n >= ? AND n < ? ORDER BY n',
      )
      .pluck();
  }

  /** The proof that entry `index` is among the first `size` (RFC 9162 2.1.3.1). Throws RangeError where hashes are missing. */
  inclusion(index: number, size: number): Buffer[] {
    if (!(index >= 0 && index < size && size <= this.#entries)) throw new RangeError(`entry ${index} of ${size}`);
    this.#atSize(size);
    const path: Buffer[] = [];
    for (let begin = 0, rest = size, at = index; rest > 1; ) {
      const k = splitOf(rest);
      if (at < k) {
        path.push(this.#rootOf(begin + k, rest - k));
        rest = k;
      } else {
        path.push(this.#rootOf(begin, k));
        [begin, rest, at] = [begin + k, rest - k, at - k];
      }
    }
    return path.reverse();
  }

  /** The proof that the first `second` entries hold the first `first` (RFC 9162 2.1.4.1). Throws RangeError likewise. */
  consistency(first: number, second: number): Buffer[] {
    if (!(first > 0 && first <= second && second <= this.#entries)) throw new RangeError(`from ${first} to ${second}`);
    this.#atSize(second);
    const path: Buffer[] = [];
    let [begin, rest, left, whole] = [0, second, first, true];
    while (left !== rest) {
      const k = splitOf(rest);
      if (left <= k) {
        path.push(this.#rootOf(begin + k, rest - k));
        rest = k;
      } else {
        path.push(this.#rootOf(begin, k));
        [begin, rest, left, whole] = [begin + k, rest - k, left - k, false];
      }
    }
    if (!whole) path.push(this.#rootOf(begin, rest));
    return path.reverse();
  }

  /** The root of `size` entries from `begin` on, where `begin` is where a tree of that size is split off. */
  #rootOf(begin: number, size: number): Buffer {
    const step = Math.log2(size);
    if (Number.isInteger(step)) return this.#perfect(begin, step);
    const place = `${begin}+${size}`;
    const known = this.#edge.get(place);
    if (known) return known;
    const k = splitOf(size);
    const root = nodeHash(this.#rootOf(begin, k), this.#rootOf(begin + k, size - k));
    this.#edge.set(place, root);
    return root;
  }

  /** The root of the 2^step entries from `begin` on. */
  #perfect(begin: number, step: number): Buffer {
    const level = Math.floor(step / 8);
    const place = begin / tileWidth ** level;
    const n = Math.floor(place / tileWidth);
    const found = this.#pyramid(level, n).rows[step % 8]?.[(place % tileWidth) / 2 ** (step % 8)];
    if (!found) throw new RangeError(`the tree lacks the node over 2^${step} entries from ${begin} on`);
    return found;
  }

  #pyramid(level: number, n: number): Pyramid {
    this.#kept[level] ??= [];
    const kept = this.#kept[level];
    const known = kept.find((one) => one.n === n);
    if (known) return known;
    const from = n * tileWidth;
    const to = Math.min(from + tileWidth, Math.floor(this.#entries / tileWidth ** level));
    const hashes = level === 0 ? this.#leaves.all(from, to) : this.#nodes.all(level, from, to);
    if (hashes.length !== to - from) throw new RangeError(`level ${level}: ${hashes.length} of ${from} to ${to}`);
    const pyramid = { n, rows: rowsOver(hashes) };
    kept.unshift(pyramid);
    kept.length = Math.min(kept.length, keptTiles);
    return pyramid;
  }

  #atSize(size: number): void {
    if (this.#edgeOf !== size) this.#edge.clear();
    this.#edgeOf = size;
  }
}

/** Up to the row of two nodes: the root over a whole tile is a hash of the level above. */
function rowsOver(hashes: readonly Buffer[]): Buffer[][] {
  const rows = [[...hashes]];
  for (let below = rows[0] ?? []; rows.length < 8; below = rows.at(-1) ?? []) {
    rows.push(Array.from({ length: Math.floor(below.length / 2) }, (_, at) => pair(below, at)));
  }
  return rows;
}

const pair = (below: readonly Buffer[], at: number): Buffer =>
  nodeHash(below[2 * at] as Buffer, below[2 * at + 1] as Buffer);
