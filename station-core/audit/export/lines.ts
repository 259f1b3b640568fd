import { canonical } from '../../contract/canonical.ts';
import type { ExportFile, ExportFolder } from './folder.ts';
import type { ExportedEntry, Material } from './format.ts';

const lineFeed = Buffer.from('\n');

/** `entries.jsonl` and, unless it holds every entry, `proofs.jsonl` beside it. */
export class EntryLines {
  readonly #proof: Material['proof'];
  readonly #entries: ExportFile;
  readonly #proofs: ExportFile | undefined;

  constructor({ proof, complete }: Pick<Material, 'proof' | 'complete'>, folder: ExportFolder) {
    this.#proof = proof;
    this.#entries = folder.file('entries.jsonl');
    this.#proofs = complete ? undefined : folder.file('proofs.jsonl');
  }

  /** The bytes as they are stored, damaged or not; a proof has no hashes where no head covers the entry yet. */
  write({ seq, bytes }: ExportedEntry): void {
    this.#entries.write(bytes);
    this.#entries.write(lineFeed);
    if (!this.#proofs) return;
    this.#proofs.write(`${canonical({ hashes: this.#proof(seq), index: seq })}\n`);
  }

  end(): void {
    this.#entries.end();
    this.#proofs?.end();
  }
}
