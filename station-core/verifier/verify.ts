import { readdirSync } from 'node:fs';
import { Disclosures } from './disclosures.ts';
import { Entries, type Placed } from './entries.ts';
import { Enough, Findings, type Problem, Wrong } from './findings.ts';
import { Folder } from './folder.ts';
import { Heads } from './heads.ts';
import { Keys } from './keys.ts';
import { documentsOf, type Kind, type Manifest, readManifest } from './manifest.ts';
import { type Note, type Pin, readNote } from './note.ts';
import { complete, type Proven, partial, readTlogProof } from './proofs.ts';
import { verifySeal } from './seal.ts';
import { isTime, textOf } from './strict.ts';
import { bundled, Tiles } from './tiles.ts';
import { type Hash, proveInclusion, Tree } from './tree.ts';

/** What `--json` prints. */
export type Answer = {
  readonly schema: 1;
  /** Everything holds. */
  readonly ok: boolean;
  readonly kind: Kind | null;
  readonly complete: boolean;
  /** How many entries were read. */
  readonly entries: number;
  /** How many entries of the log the newest head covers, and how many none does. */
  readonly sealed: number;
  readonly unsealed: number;
  readonly heads: number;
  /** The log itself names this export. */
  readonly seal: boolean;
  /** SHA-256 of the key behind the newest signature, and whether the given key vouches for it. */
  readonly key: { readonly pinned: boolean; readonly fingerprint: string | null };
  /** When the newest entry that was read was written. */
  readonly newest: string | null;
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
};

const headLimit = 1 << 20;

/** Verifies the export in a folder. Throws what the file system throws: then nobody could look. */
export function verify(top: string, pins: readonly Pin[], progress: (entries: number) => void = () => {}): Answer {
  readdirSync(top);
  const verification = new Verification(top, pins, progress);
  try {
    verification.run();
  } catch (thrown) {
    if (!(thrown instanceof Enough)) throw thrown;
  } finally {
    verification.close();
  }
  return verification.answer();
}

class Verification {
  readonly #findings = new Findings();
  readonly #disclosures = new Disclosures();
  readonly #folder: Folder;
  readonly #keys: Keys;
  readonly #progress: (entries: number) => void;
  #manifest: Manifest | undefined;
  #heads: Heads | undefined;
  #entries: Entries | undefined;
  #key: Answer['key'] = { pinned: false, fingerprint: null };
  #isSealed = false;

  constructor(top: string, pins: readonly Pin[], progress: (entries: number) => void) {
    this.#folder = new Folder(top, this.#findings);
    this.#keys = new Keys(pins);
    this.#progress = progress;
  }

  run(): void {
    const [folder, findings] = [this.#folder, this.#findings];
    const manifest = findings.attempt({ file: 'manifest.json' }, () => readManifest(folder, findings));
    if (!manifest) return;
    this.#manifest = manifest;
    folder.compare(new Set(['manifest.json', 'seal.json']));
    if (folder.has('disclosures.jsonl')) this.#disclosures.read(folder, findings);
    const checkpoint = folder.has('checkpoint') ? this.#whole('checkpoint') : undefined;
    const heads = new Heads(folder, this.#keys, findings);
    const entries = new Entries(manifest, this.#keys, this.#disclosures, findings);
    [this.#heads, this.#entries] = [heads, entries];
    if (manifest.kind === 'tiles') this.#tiles(manifest, heads, entries);
    else if (manifest.kind === 'jsonl' && manifest.complete) this.#all(complete(folder), heads, entries, new Tree());
    else this.#some(manifest, heads, entries, checkpoint);
    // A document speaks of entries that are not here.
    if (documentsOf(manifest.kind).length === 0 || manifest.kind === 'unit') this.#disclosures.end(findings);
    this.#compare(manifest, heads, entries, checkpoint);
    if (heads.newest) this.#seal(manifest, heads.newest.note);
    folder.rest();
    const { problem, ...key } = this.#keys.verdict();
    this.#key = key;
    if (problem) findings.add(problem, { file: 'checkpoint' });
  }

  close(): void {
    this.#heads?.close();
  }

  #whole(file: string): string | undefined {
    return this.#findings.attempt({ file }, () => textOf(this.#folder.whole(file, headLimit)));
  }

  /** Every entry of the log: the roots of all heads are computed anew. */
  #all(source: Iterable<Placed>, heads: Heads, entries: Entries, tree: Tree): void {
    this.#findings.attempt({ file: 'entries.jsonl' }, () => {
      for (const placed of source) {
        heads.upTo(tree.size, tree);
        tree.append(entries.take(placed));
        this.#count(entries);
      }
    });
    heads.upTo(Number.POSITIVE_INFINITY, tree);
  }

  #tiles({ sealed }: Manifest, heads: Heads, entries: Entries): void {
    const tiles = new Tiles(this.#folder, this.#findings);
    const tree = new Tree((level, node) => tiles.add(level, node));
    this.#all(bundled(this.#folder, sealed, this.#findings), heads, entries, tree);
    tiles.end();
  }

  /** Some entries of the log: each is proven to be in it. */
  #some({ kind, sealed }: Manifest, heads: Heads, entries: Entries, checkpoint: string | undefined): void {
    const [folder, findings] = [this.#folder, this.#findings];
    const head =
      checkpoint === undefined ? undefined : findings.attempt({ file: 'checkpoint' }, () => readNote(checkpoint));
    const unit = kind === 'unit' ? this.#unitProof(checkpoint) : undefined;
    let isUnitFound = false;
    const source = folder.has('entries.jsonl') && folder.has('proofs.jsonl') ? partial(folder, findings) : [];
    findings.attempt({ file: 'entries.jsonl' }, () => {
      for (const placed of source) {
        heads.upTo(placed.index, undefined);
        const leaf = entries.take(placed);
        findings.attempt({ ...placed.at, entry: placed.index }, () => prove(placed, leaf, sealed, head));
        if (unit?.index === placed.index) {
          isUnitFound = true;
          findings.attempt(unitPosition, () => prove({ ...placed, ...unit }, leaf, sealed, head));
        }
        this.#count(entries);
      }
    });
    heads.upTo(Number.POSITIVE_INFINITY, undefined);
    if (unit && !isUnitFound) findings.add(`it is of entry ${unit.index}, which is not here`, unitPosition);
  }

  #unitProof(checkpoint: string | undefined): { index: number; hashes: readonly Hash[] } | undefined {
    const { file } = unitPosition;
    const text = this.#folder.has(file) ? this.#whole(file) : undefined;
    if (text === undefined || checkpoint === undefined) return undefined;
    return this.#findings.attempt(unitPosition, () => readTlogProof(text, checkpoint));
  }

  #count({ count }: Entries): void {
    if (count % 10_000 === 0) this.#progress(count);
  }

  /** What the manifest says, against what was read. */
  #compare(manifest: Manifest, heads: Heads, entries: Entries, checkpoint: string | undefined): void {
    const say = (what: string, file = 'manifest.json') => this.#findings.add(what, { file });
    const { kind, size, sealed, origin, software } = manifest;
    if (!heads.newest) say('nothing is sealed: no head was ever signed', 'heads.jsonl');
    if (heads.count !== manifest.heads)
      say(`${heads.count} heads are here, and the manifest says ${manifest.heads}`, 'heads.jsonl');
    if ((heads.newest?.note.size ?? 0) !== sealed)
      say(`it says that ${sealed} entries are sealed, and the newest head is over ${heads.newest?.note.size ?? 0}`);
    if (checkpoint !== heads.newest?.text) say('it is not the newest head of heads.jsonl', 'checkpoint');
    const isCounted = kind !== 'csv' && kind !== 'pdf';
    if (isCounted && entries.count !== manifest.entries)
      say(`${entries.count} entries are here, and the manifest says ${manifest.entries}`, 'entries.jsonl');
    const { newest } = entries;
    if (!newest) return;
    if (newest.seq >= size) say(`it says that the log had ${size} entries, and entry ${newest.seq} is here`);
    if (this.#keys.originFor(origin) !== origin)
      say(`its origin is ${origin}, and that of the entries is ${this.#keys.originFor(origin)}`);
    if (newest.seq === size - 1 && newest.software !== software)
      say(`its software is ${software}, and that of the newest entry is ${newest.software}`);
  }

  #seal(manifest: Manifest, newest: Note): void {
    const file = 'seal.json';
    const findings = this.#findings;
    if (!this.#folder.has(file)) {
      for (const document of documentsOf(manifest.kind))
        findings.add('nobody vouches for it: the export has no seal', { file: document });
      findings.note(
        'the export has no seal: that the log names this manifest, and that nothing newer was cut off, is not shown',
      );
      return;
    }
    const before = findings.problems.length;
    findings.attempt({ file }, () => verifySeal(this.#folder, manifest, newest, this.#keys));
    this.#isSealed = findings.problems.length === before;
  }

  answer(): Answer {
    const { problems, notices } = this.#findings;
    const sealed = this.#heads?.newest?.note.size ?? 0;
    const newest = this.#entries?.newest?.at;
    return {
      schema: 1,
      ok: problems.length === 0,
      kind: this.#manifest?.kind ?? null,
      complete: this.#manifest?.complete ?? false,
      entries: this.#entries?.count ?? 0,
      sealed,
      unsealed: Math.max((this.#manifest?.size ?? 0) - sealed, 0),
      heads: this.#heads?.count ?? 0,
      seal: this.#isSealed,
      key: this.#key,
      newest: isTime(newest) ? newest : null,
      problems,
      notices,
    };
  }
}

const unitPosition = { file: 'unit.tlog-proof' };

/** An entry that a head covers has its proof, and no other has. Throws Wrong. */
function prove(
  { index, hashes }: Pick<Proven, 'index' | 'hashes'>,
  leaf: Hash,
  sealed: number,
  head: Note | undefined,
): void {
  if ((hashes !== undefined) !== index < sealed)
    throw new Wrong(hashes ? 'it has a proof, and no head covers it' : 'it has no proof, and a head covers it');
  if (hashes && head) proveInclusion(index, head.size, leaf, hashes, head.root);
}
