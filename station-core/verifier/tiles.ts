import type { Placed } from './entries.ts';
import { type Findings, Wrong } from './findings.ts';
import type { Folder } from './folder.ts';
import type { Hash } from './tree.ts';

// C2SP tlog-tiles: 256 hashes, or entries, in a file; what does not fill one is in a partial one that says its width.

const width = 256;
const hashLength = 32;
const bundleLimit = width * (2 + 65_535);

/** Number `n` as a path: groups of three digits, all but the last with an x. */
function numbered(n: number): string {
  const digits = String(n);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

const nameOf = (level: number | 'entries', n: number, w: number) =>
  `tile/${level}/${numbered(n)}${w < width ? `.p/${w}` : ''}`;

/** The file that holds entry `index` of `size`. */
const bundleOf = (index: number, size: number) => {
  const n = Math.floor(index / width);
  return nameOf('entries', n, Math.min(width, size - n * width));
};

/** The names of every tile and bundle of a tree of this size. */
export function* tileNames(size: number): Generator<string, void> {
  for (let first = 0; first < size; first += width) yield bundleOf(first, size);
  for (let level = 0, nodes = size; nodes > 0; level++, nodes = Math.floor(nodes / width))
    for (let first = 0; first < nodes; first += width)
      yield nameOf(level, first / width, Math.min(width, nodes - first));
}

/** The entries of the bundles, in their order. */
export function* bundled(folder: Folder, size: number, findings: Findings): Generator<Placed, void> {
  for (let first = 0; first < size; first += width) {
    const file = bundleOf(first, size);
    const bytes = folder.has(file) ? findings.attempt({ file }, () => folder.whole(file, bundleLimit)) : undefined;
    if (!bytes) return;
    let end = 0;
    for (let index = first; index < Math.min(first + width, size); index++) {
      const start = end + 2;
      end = start <= bytes.length ? start + bytes.readUInt16BE(end) : start;
      if (end > bytes.length) return findings.add('it is cut within this entry', { file, entry: index });
      // The low byte of the length makes room for the 00 of the leaf hash.
      bytes[start - 1] = 0;
      yield { bytes: bytes.subarray(start - 1, end), index, at: { file } };
    }
    if (end < bytes.length) findings.add('it goes on after its last entry', { file });
  }
}

/** The hash tiles, filled as the tree grows, and compared with the files. */
export class Tiles {
  readonly #folder: Folder;
  readonly #findings: Findings;
  readonly #levels: { nodes: number; readonly bytes: Buffer }[] = [];

  constructor(folder: Folder, findings: Findings) {
    this.#folder = folder;
    this.#findings = findings;
  }

  /** A node over 2^level entries that is final. Every eighth level is stored. */
  add(level: number, node: Hash): void {
    if (level % 8 > 0) return;
    this.#levels[level / 8] ??= { nodes: 0, bytes: Buffer.alloc(width * hashLength) };
    const tile = this.#levels[level / 8];
    if (!tile) return;
    tile.bytes.write(node, (tile.nodes % width) * hashLength, 'base64');
    tile.nodes++;
    if (tile.nodes % width === 0) this.#compare(level / 8, tile.nodes / width - 1, width);
  }

  /** After the last entry: the tiles that are not full. */
  end(): void {
    for (const [level, { nodes }] of this.#levels.entries())
      if (nodes % width > 0) this.#compare(level, Math.floor(nodes / width), nodes % width);
  }

  #compare(level: number, n: number, w: number): void {
    const file = nameOf(level, n, w);
    if (!this.#folder.has(file)) return;
    this.#findings.attempt({ file }, () => {
      const want = this.#levels[level]?.bytes.subarray(0, w * hashLength);
      if (!want?.equals(this.#folder.whole(file, width * hashLength)))
        throw new Wrong('its hashes are not those of the entries');
    });
  }
}
