import type { Duplex } from 'node:stream';
import { StationError } from '../station-core/contract/errors.ts';
import { Deadline, unlessAborted } from './deadline.ts';
import type { Link } from './link.ts';

/** Nobody waits longer than this for a write, whatever the caller's signal says. */
const writeLimit = 10_000;
/** A driver that freezes in its close (docs/lessons.md 12) is left behind after this many milliseconds. */
const closeLimit = 500;

/** What differs between a serial port and a socket. */
export type DuplexWays = {
  readonly isOpen: () => boolean;
  /** Ends it and calls back when it is ended; it may never call back. */
  readonly end: (ended: () => void) => void;
};

/** A link over a Node stream: a serial port or a socket. */
export class DuplexLink implements Link {
  readonly port: string;
  readonly #stream: Duplex;
  readonly #ways: DuplexWays;
  readonly #lost = new AbortController();
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  #closing: Promise<void> | undefined;

  constructor(port: string, stream: Duplex, ways: DuplexWays) {
    this.port = port;
    this.#stream = stream;
    this.#ways = ways;
    stream.on('data', (bytes: Buffer) => {
      for (const listener of this.#listeners) listener(bytes);
    });
    // Both stay for the stream's whole life: serialport emits an error for a write that a close overtook, and an error
    // without a listener ends the process.
    stream.on('error', (error) => this.#lose(error));
    stream.on('close', (error?: unknown) => this.#lose(error));
    stream.on('end', () => this.#lose());
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.lost.throwIfAborted();
    // On a closed port serialport queues the bytes and never calls back.
    if (!this.#ways.isOpen()) throw this.#lose();
    using deadline = new Deadline(writeLimit, signal, this.lost);
    const written = new Promise<void>((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error ? reject(this.#lose(error)) : resolve()));
    });
    try {
      await unlessAborted(written, deadline.signal);
    } catch (error) {
      throw deadline.passed ? this.#lose(error) : error;
    }
  }

  listen(listener: (bytes: Uint8Array) => void): () => void {
    const own = (bytes: Uint8Array) => listener(bytes);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#lose();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const limit = setTimeout(resolve, closeLimit);
    this.#ways.end(resolve);
    await ended;
    clearTimeout(limit);
  }

  /** The link is gone: says so once, and answers the error that says it. */
  #lose(cause?: unknown): StationError {
    const error = new StationError('link.lost', { port: this.port }, { cause });
    if (!this.lost.aborted) this.#lost.abort(error);
    return this.lost.reason;
  }
}
