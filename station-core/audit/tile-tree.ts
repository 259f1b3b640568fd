import { emptyRoot, nodeHash } from './merkle.ts';

/** Hashes in a full tile (C2SP tlog-tiles). */
export const tileWidth = 256;

/** A tile of the tree: `hashes` side by side, 32 bytes each, from place `n · 256` on of its level. */
export type Tile = { readonly level: number; readonly n: number; readonly width: number; readonly hashes: Buffer };

/** The tile of a level that is being filled. */
type Level = { n: number; width: number; hashes: Buffer };

const length = 32;

/**
 * The tree over leaves that come in their order, as tiles: a full one is told of with its root and let go, so that memory holds one
 * tile of each level, whatever the size of the log.
 */
export class TileTree {
  readonly #levels: Level[] = [];
  readonly #full: (tile: Tile, root: Buffer) => void;

  constructor(full: (tile: Tile, root: Buffer) => void) {
    this.#full = full;
  }

  append(leaf: Buffer): void {
    let hash = leaf;
    for (let level = 0; ; level++) {
      const filling = this.#level(level);
      hash.copy(filling.hashes, filling.width * length);
      filling.width++;
      if (filling.width < tileWidth) return;
      hash = rootOf(filling.hashes);
      this.#full({ ...filling, level }, hash);
      this.#levels[level] = { n: filling.n + 1, width: 0, hashes: Buffer.allocUnsafe(tileWidth * length) };
    }
  }

  /** The root over everything that was appended. */
  root(): Buffer {
    const perfect = this.#levels.flatMap(({ width, hashes }) => perfectRoots(hashes, width).reverse());
    const [last, ...larger] = perfect;
    return last ? larger.reduce((right, left) => nodeHash(left, right), last) : emptyRoot;
  }

  /** The tiles that are neither full nor empty, lowest level first. */
  partial(): Tile[] {
    return this.#levels
      .map(({ n, width, hashes }, level) => ({ n, width, level, hashes: hashes.subarray(0, width * length) }))
      .filter(({ width }) => width > 0);
  }

  #level(level: number): Level {
    this.#levels[level] ??= { n: 0, width: 0, hashes: Buffer.allocUnsafe(tileWidth * length) };
    return this.#levels[level];
  }
}

/** The roots of the perfect trees that the hashes of an unfinished tile fall into, largest first. */
function perfectRoots(hashes: Buffer, width: number): Buffer[] {
  const roots: Buffer[] = [];
  let from = 0;
  for (let size = tileWidth / 2; size >= 1; size /= 2) {
    if (width - from < size) continue;
    roots.push(rootOf(hashes.subarray(from * length, (from + size) * length)));
    from += size;
  }
  return roots;
}

/** The root over hashes side by side, a power of two of them. */
function rootOf(hashes: Buffer): Buffer {
  if (hashes.length === length) return Buffer.from(hashes);
  const half = hashes.length / 2;
  return nodeHash(rootOf(hashes.subarray(0, half)), rootOf(hashes.subarray(half)));
}
