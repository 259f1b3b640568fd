import { type Findings, Wrong } from './findings.ts';
import type { Folder } from './folder.ts';
import type { Keys } from './keys.ts';
import { type Note, readNote } from './note.ts';
import { canonicalJson, isCount, isHash, isList, isOneOf, isText, members, textOf } from './strict.ts';
import { type Hash, proveConsistency, type Tree } from './tree.ts';

const file = 'heads.jsonl';
const lineLimit = 1 << 20;
const reasons = ['start', 'entries', 'time', 'shift', 'export', 'stop', 'rotation', 'reconciled', 'asked'] as const;
const shape = { consistency: isList(isHash), n: isCount, note: isText, why: isOneOf(reasons) };

type Line = { readonly n: number; readonly note: Note; readonly consistency: readonly Hash[]; readonly text: string };

/** Every signed head, read beside the entries: each when the entries that it covers have been read. */
export class Heads {
  readonly #lines: Generator<Line, void>;
  readonly #keys: Keys;
  readonly #findings: Findings;
  #next: Line | undefined;
  #newest: Line | undefined;
  #isRootWrong = false;
  count = 0;

  constructor(folder: Folder, keys: Keys, findings: Findings) {
    this.#keys = keys;
    this.#findings = findings;
    this.#lines = this.#read(folder);
    this.#advance();
  }

  /** The newest one so far, and its bytes. */
  get newest(): { readonly note: Note; readonly text: string } | undefined {
    return this.#newest;
  }

  /**
   * Looks at the heads over at most `size` entries. `tree` is over the entries so far, where all of them are there: then the
   * root of every head is computed anew.
   */
  upTo(size: number, tree: Tree | undefined): void {
    while (this.#next && this.#next.note.size <= size) {
      const line = this.#next;
      this.#findings.attempt({ file, line: this.count }, () => this.#check(line));
      if (tree && !this.#isRootWrong) this.#compare(line, tree);
      this.#newest = line;
      this.#advance();
    }
  }

  close(): void {
    this.#lines.return();
  }

  #check({ n, note, consistency }: Line): void {
    const before = this.#newest;
    this.#keys.sign(note);
    if (n !== (before?.n ?? 0) + 1) throw new Wrong(`head ${n} follows head ${before?.n ?? 0}`);
    if (before) {
      if (note.size <= before.note.size) throw new Wrong('it is over no more entries than the head before');
      proveConsistency(before.note, note, consistency);
    } else if (consistency.length > 0) throw new Wrong('it is the first head, and has a proof of one before');
  }

  #compare({ n, note: { size, root } }: Line, tree: Tree): void {
    // A head that stands too late was refused for that.
    if (size < tree.size || (size === tree.size && root === tree.root())) return;
    // Every later root is another one too, and says no more.
    this.#isRootWrong = true;
    const from = Math.min(this.#newest?.note.size ?? 0, tree.size);
    const what =
      size > tree.size
        ? `head ${n} was signed over ${size} entries, and ${tree.size} are here`
        : `entries ${from} to ${size - 1} are not those that head ${n} was signed over`;
    this.#findings.add(what, { file, line: this.count, entry: size > tree.size ? tree.size : from });
  }

  #advance(): void {
    this.#next = this.#findings.attempt({ file, line: this.count + 1 }, () => this.#lines.next().value ?? undefined);
    if (this.#next) this.count++;
  }

  *#read(folder: Folder): Generator<Line, void> {
    if (!folder.has(file)) return;
    for (const bytes of folder.lines(file, lineLimit)) {
      const { n, note, consistency } = members(canonicalJson(textOf(bytes, 1)), shape, {});
      yield { n, note: readNote(note), consistency, text: note };
    }
  }
}
