import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StationError } from '../contract/errors.ts';

/** What each file holds behind its leaf: PEM. */
export type Above = { readonly above: string };
/** A file to write: its path, and its leaf in base64. */
export type NewFile = { readonly file: string; readonly certificate: string };
/** How a message's files fared: well, or the first that could not be written and why. */
export type Written = { readonly file: string; readonly found: string } | null;

type Owed = { readonly resolve: () => void; readonly reject: (error: Error) => void };

// TypeScript in the repository, one bundled file beside its parent's in the product.
const entry = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'ca-issue.main.ts' : 'ca-issue.main.js');

/** Writes certificates with their chains in a thread of its own; messages are answered in their order. */
export class ChainFiles {
  readonly #worker: Worker;
  readonly #owed: Owed[] = [];
  #gone: Error | undefined;

  constructor(above: string) {
    this.#worker = new Worker(entry, { workerData: { above } satisfies Above });
    this.#worker.on('message', (written: Written) => this.#answered(written));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('the thread that writes certificates ended')));
  }

  /** Resolves when all of them are written. Throws `input.invalid` with the first that cannot be. */
  async write(files: readonly NewFile[]): Promise<void> {
    if (this.#gone) throw this.#gone;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#owed.push({ resolve, reject });
    this.#worker.postMessage(files);
    await promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #answered(written: Written): void {
    const owed = this.#owed.shift();
    if (!written) owed?.resolve();
    else {
      const { file, found } = written;
      owed?.reject(new StationError('input.invalid', { place: file, expected: 'a file that can be written', found }));
    }
  }

  #end(error: Error): void {
    this.#gone ??= error;
    for (const { reject } of this.#owed.splice(0)) reject(this.#gone);
  }
}
