import type Database from 'better-sqlite3';
import { type Head, Heads, type KeyRow, logKeyOf } from './heads.ts';
import { parseCheckpoint, verifyNote } from './note.ts';
import { type Tile, TileTree, tileWidth } from './tile-tree.ts';

/** Something wrong with the log: at which entry it shows, what, and where. */
export type Finding = { readonly seq: number; readonly what: string; readonly where: string };

const headsAtATime = 100;

/**
 * Compares what the database has of the tree, its nodes and signed heads, with the tree over leaves that come in their order. The
 * first root that differs is told, and none after it: those follow from it.
 */
export class TreeCheck {
  readonly #heads: Heads;
  readonly #keys: ReadonlyMap<number, KeyRow>;
  readonly #node;
  readonly #tree: TileTree;
  readonly #report: (finding: Finding) => void;
  /** The number of the last head that is looked at. */
  readonly #last: number;
  #waiting: Head[] = [];
  #checked = 0;
  #numbered = 0;
  #covered = 0;
  #size = 0;
  #rootsDiffer = false;

  /** Looks at signed heads up to number `last`; those that are signed meanwhile are not of this look. */
  constructor(db: Database.Database, last: number, report: (finding: Finding) => void) {
    this.#heads = new Heads(db);
    this.#keys = new Map(this.#heads.keys().map((key) => [key.n, key]));
    this.#node = db.prepare<[number, number], Buffer>('SELECT hash FROM audit_node WHERE level = ? AND n = ?').pluck();
    this.#tree = new TileTree((tile, root) => this.#compareNode(tile, root));
    this.#report = report;
    this.#last = last;
    const first = db.prepare<[], number | null>('SELECT min(n) FROM audit_head').pluck().get() ?? 1;
    if (first < 1) report({ seq: 0, what: 'heads are counted from 1', where: `head ${first}` });
  }

  /** The next entry's leaf, computed from its bytes. */
  append(leaf: Buffer): void {
    this.#tree.append(leaf);
    this.#size++;
    for (let head = this.#next(); head && head.size <= this.#size; head = this.#next()) {
      this.#waiting.shift();
      this.#checked = head.n;
      this.#checkHead(head);
    }
  }

  /** After the last entry: heads over more entries than there are. */
  end(): void {
    const head = this.#next();
    if (!head) return;
    const what = `head ${head.n} covers ${head.size} entries, and the log has ${this.#size}`;
    this.#report({ seq: this.#size, what, where: `head ${head.n}` });
  }

  #next(): Head | undefined {
    if (this.#waiting.length === 0 && this.#checked < this.#last) {
      const some = this.#heads.from(this.#checked + 1, headsAtATime);
      this.#waiting = some.filter(({ n }) => n <= this.#last);
      if (this.#waiting.length === 0) this.#checked = this.#last;
    }
    return this.#waiting[0];
  }

  #compareNode({ level, n }: Tile, root: Buffer): void {
    const stored = this.#node.get(level + 1, n);
    if (stored?.equals(root)) return;
    const first = n * tileWidth ** (level + 1);
    const what = `the node over entries ${first} to ${first + tileWidth ** (level + 1) - 1} is`;
    const where = `level ${level + 1}, node ${n}`;
    this.#report({ seq: first, what: `${what} ${stored ? 'not the one of the entries' : 'missing'}`, where });
  }

  #checkHead(head: Head): void {
    const what = this.#wrongWith(head) ?? this.#wrongRoot(head);
    if (what) this.#report({ seq: head.size - 1, what, where: `head ${head.n}` });
    this.#covered = head.size;
  }

  #wrongRoot({ size, root }: Head): string | undefined {
    if (this.#rootsDiffer || root.equals(this.#tree.root())) return undefined;
    this.#rootsDiffer = true;
    return `its root over ${size} entries is not the root of the entries that are there`;
  }

  /** What is wrong with a head as it stands, without the entries. */
  #wrongWith({ n, size, root, key, note }: Head): string | undefined {
    if (n !== this.#numbered + 1) return `it follows head ${this.#numbered}: heads are missing`;
    this.#numbered = n;
    if (size <= this.#covered) return `it covers ${size} entries, the head before it ${this.#covered}`;
    const row = this.#keys.get(key);
    if (!row) return `its key ${key} is not there`;
    try {
      const checkpoint = parseCheckpoint(note);
      if (checkpoint.size !== size || !checkpoint.root.equals(root)) return 'its note says another head than its row';
      return verifyNote(checkpoint, logKeyOf(row)) ? undefined : `its signature is not the one of key ${key}`;
    } catch (thrown) {
      return `its note cannot be checked (${(thrown as Error).message})`;
    }
  }
}
