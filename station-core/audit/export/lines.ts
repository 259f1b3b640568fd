import { canonical } from '../../contract/canonical.ts';
import type { ExportFile, ExportFolder } from './folder.ts';
import type { ExportedEntry, Material } from './format.ts';

const lineFeed = Buffer.from('\n');

/** `entries.jsonl` and, where the export is partial, `proofs.jsonl` beside it. */
export class EntryLines {
  readonly #material: Material;
  readonly #entries: ExportFile;
  readonly #proofs: ExportFile | undefined;

  constructor(material: Material, folder: ExportFolder) {
    this.#material = material;
    this.#entries = folder.file('entries.jsonl');
    this.#proofs = material.complete ? undefined : folder.file('proofs.jsonl');
  }

  /** The bytes as they are stored, damaged or not; a proof has no hashes where no head covers the entry yet. */
  write({ seq, bytes }: ExportedEntry): void {
    this.#entries.write(bytes);
    this.#entries.write(lineFeed);
    if (!this.#proofs) return;
    this.#proofs.write(`${canonical({ hashes: this.#material.proof(seq), index: seq })}\n`);
  }

  end(): void {
    this.#entries.end();
    this.#proofs?.end();
  }
}
