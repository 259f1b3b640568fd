import { type Tile, TileTree, tileWidth } from '../tile-tree.ts';
import type { ExportFolder } from './folder.ts';
import type { ExportedEntry, Format } from './format.ts';

/** An entry's length stands before it in two bytes (C2SP tlog-tiles). */
const mostBytes = 65_535;

/**
 * The tree as C2SP tlog-tiles has it, under the newest signed head: hash tiles and bundles of entries, which monitors of others
 * read. Entries that no head covers are not in it. Where entries are missing it ends: what follows has no place in a tree.
 */
export const tiles: Format = {
  takes: 'no filter',
  names: false,
  async write({ head, pages }, folder) {
    const tree = new TileTree((tile) => writeTile(folder, tile));
    let bundle: ExportedEntry[] = [];
    let written = 0;
    for await (const page of pages()) {
      for (const entry of page) {
        if (written === head?.size || entry.seq !== written || entry.bytes.length > mostBytes) break;
        tree.append(entry.leaf);
        bundle.push(entry);
        written++;
        if (bundle.length < tileWidth) continue;
        writeBundle(folder, bundle);
        bundle = [];
      }
    }
    for (const tile of tree.partial()) writeTile(folder, tile);
    if (bundle.length > 0) writeBundle(folder, bundle);
    return written;
  },
};

function writeTile(folder: ExportFolder, { level, n, width, hashes }: Tile): void {
  folder.write(`tile/${level}/${placeOf(n, width)}`, hashes);
}

function writeBundle(folder: ExportFolder, entries: readonly ExportedEntry[]): void {
  const n = Math.floor((entries[0]?.seq ?? 0) / tileWidth);
  const parts = entries.flatMap(({ bytes }) => [lengthOf(bytes), bytes]);
  folder.write(`tile/entries/${placeOf(n, entries.length)}`, Buffer.concat(parts));
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(bytes.length);
  return length;
}

/** `x001/x234/067` for 1234067, with `.p/` and its width for a tile that is not full. */
export function placeOf(n: number, width: number): string {
  const last = String(n % 1_000).padStart(3, '0');
  const groups: string[] = [last];
  for (let rest = Math.floor(n / 1_000); rest > 0; rest = Math.floor(rest / 1_000)) {
    groups.unshift(`x${String(rest % 1_000).padStart(3, '0')}`);
  }
  return width === tileWidth ? groups.join('/') : `${groups.join('/')}.p/${width}`;
}
