import { Hiding } from './hiding.ts';
import { Kept } from './kept.ts';
import { Lines, printable } from './lines.ts';
import type { Printed } from './programmer.ts';

/** What a program prints on its two ways: percents are told, lines kept without what looks like a secret. */
export class Output {
  readonly #kept = new Kept();
  readonly #ways: Lines[] = [];
  readonly #find: (line: string) => number | undefined;
  readonly #told: (percent: number) => void;
  #bytes = 0;

  constructor(find: (line: string) => number | undefined, told: (percent: number) => void) {
    this.#find = find;
    this.#told = told;
  }

  /** A new way for bytes; each has its own lines, and its own private keys that begin and end. */
  way(): (bytes: Buffer) => void {
    const hiding = new Hiding();
    const lines = new Lines((line) => this.#line(printable(line), hiding));
    this.#ways.push(lines);
    return (bytes) => {
      this.#bytes += bytes.length;
      lines.push(bytes);
      // A program that draws its progress anew ends its line only with the next.
      this.#look(printable(lines.rest));
    };
  }

  close(): Printed {
    for (const lines of this.#ways) lines.close();
    return this.#kept.close(this.#bytes);
  }

  #line(line: string, hiding: Hiding): void {
    const shown = hiding.shown(line);
    if (this.#look(line)) this.#kept.addProgress(shown);
    else this.#kept.add(shown);
  }

  #look(line: string): boolean {
    const percent = this.#find(line);
    if (percent === undefined) return false;
    this.#told(percent);
    return true;
  }
}
