import type { Printed } from './programmer.ts';

// A million units are made at a station, and each keeps this: what a programmer says is a page or two.
const headBytes = 4_096;
const tailBytes = 12_288;
/** What is kept of a line. */
const longestKept = 500;
/** On a lane's tile. */
const longestSaid = 100;

/** Programs go on after their complaint: with an address for help, with a farewell. */
const complains = /\b(?:error|fatal|fail(?:ed|ure)?|cannot|could not|unable to)\b/i;

type Line = { readonly text: string; readonly bytes: number };

/** Keeps the head and the tail of a program's lines, however many there are. */
export class Kept {
  readonly #head: string[] = [];
  #headLeft = headBytes;
  readonly #tail: Line[] = [];
  /** Where the tail begins in its list: lines before were dropped. */
  #from = 0;
  #tailSize = 0;
  #dropped = 0;
  #last = '';
  #complaint: string | undefined;
  #progress: string | undefined;

  /** A line, secrets hidden. */
  add(line: string): void {
    this.#flush();
    this.#keep(line);
  }

  /** A line that only says how far the program is: the last of several in a row is kept. */
  addProgress(line: string): void {
    this.#progress = line;
  }

  /** Everything that was kept, of so many bytes that were printed. */
  close(bytes: number): Printed {
    this.#flush();
    const tail = this.#tail.slice(this.#from).map(({ text }) => text);
    const gap = this.#dropped === 0 ? [] : [`[${this.#dropped} lines were left out]`];
    return { bytes, text: [...this.#head, ...gap, ...tail].join('\n'), said: this.#complaint ?? this.#last };
  }

  #flush(): void {
    if (this.#progress === undefined) return;
    const line = this.#progress;
    this.#progress = undefined;
    this.#keep(line);
  }

  #keep(line: string): void {
    const text = cut(line, longestKept);
    if (text.trim() !== '') this.#last = cut(text, longestSaid);
    if (complains.test(text)) this.#complaint = this.#last;
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes <= this.#headLeft) {
      this.#head.push(text);
      this.#headLeft -= bytes;
      return;
    }
    this.#headLeft = 0;
    this.#tail.push({ text, bytes });
    this.#tailSize += bytes;
    this.#shorten();
  }

  #shorten(): void {
    while (this.#tailSize > tailBytes) {
      this.#tailSize -= this.#tail[this.#from]?.bytes ?? 0;
      this.#from++;
      this.#dropped++;
    }
    if (this.#from < 4_096) return;
    this.#tail.splice(0, this.#from);
    this.#from = 0;
  }
}

/** A letter of two code units is not cut in half: JSON knows no halves (RFC 8785). */
const cut = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest).toWellFormed()} …` : text;
