// What a module says while somebody listens, cut into lines.
import { Deadline, unlessAborted } from '../deadline.ts';
import type { Link } from '../link.ts';

/** Longest line that is kept; a longer one is none of a module's, and is cut. */
const longestLine = 16_384;
/** Most lines of one answer; whatever comes then pushes out the first. */
const mostLines = 512;
/** A module that never stops speaking unasked is not waited for longer than this many quiet times. */
const mostWaits = 20;

export class Heard implements Disposable {
  readonly lines: string[] = [];
  /** Whether so much as a byte came. */
  anything = false;
  readonly #stop: () => void;
  #rest = '';
  #onLine: (line: string) => void = () => undefined;
  #onBytes: () => void = () => undefined;

  constructor(link: Link) {
    this.#stop = link.listen((bytes) => this.#take(bytes));
  }

  /** Whatever came so far is of before. */
  forget(): void {
    this.lines.length = 0;
  }

  /** The first line that is one: it may have come before the driver said that the last byte of its command went out. */
  until(isOne: (line: string) => boolean): Promise<string> {
    const found = this.lines.find(isOne);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => {
      this.#onLine = (line) => {
        if (isOne(line)) resolve(line);
      };
    });
  }

  /** Whether such a line comes within the time. Throws the signal's reason. */
  async within(ms: number, isOne: (line: string) => boolean, signal: AbortSignal): Promise<boolean> {
    using deadline = new Deadline(ms, signal);
    try {
      await unlessAborted(this.until(isOne), deadline.signal);
      return true;
    } catch (error) {
      if (deadline.passed) return false;
      throw error;
    }
  }

  /** Resolves when nothing came for that long. Throws the signal's reason. */
  async quiet(ms: number, signal: AbortSignal): Promise<void> {
    for (let waits = 0; waits < mostWaits; waits += 1) {
      using deadline = new Deadline(ms, signal);
      try {
        await unlessAborted(new Promise<void>((resolve) => (this.#onBytes = resolve)), deadline.signal);
      } catch (error) {
        if (deadline.passed) return;
        throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #take(bytes: Uint8Array): void {
    this.anything = true;
    const pieces = (this.#rest + Buffer.from(bytes).toString('latin1')).split(/[\r\n]+/);
    this.#rest = (pieces.pop() ?? '').slice(-longestLine);
    for (const line of pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')) {
      this.lines.push(line);
      if (this.lines.length > mostLines) this.lines.shift();
      this.#onLine(line);
    }
    this.#onBytes();
  }
}
