import type { Link } from '../../drivers/link.ts';
import { StationError } from '../../station-core/contract/errors.ts';

/** What the other end says to what was written: pieces of bytes, each delivered by itself. */
export type Script = (written: Buffer) => readonly Uint8Array[];

/** A link in memory whose other end is a function, for answers that no honest unit gives. */
export class ScriptedLink implements Link {
  readonly port = 'scripted';
  /** Every buffer that was written, itself and as a copy of what it held then. */
  readonly written: { readonly buffer: Uint8Array; readonly bytes: Buffer }[] = [];
  readonly #script: Script;
  readonly #lost = new AbortController();
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();

  constructor(script: Script) {
    this.#script = script;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.lost.throwIfAborted();
    const copy = Buffer.from(bytes);
    this.written.push({ buffer: bytes, bytes: copy });
    for (const piece of this.#script(copy)) this.say(piece);
  }

  /** The other end speaks without having been asked. */
  say(bytes: Uint8Array): void {
    for (const listener of this.#listeners) listener(bytes);
  }

  listen(listener: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (!this.lost.aborted) this.#lost.abort(new StationError('link.lost', { port: this.port }));
  }
}
