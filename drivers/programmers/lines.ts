import { StringDecoder } from 'node:string_decoder';

/** A line that is longer is cut: what follows up to its end is dropped. */
export const longestLine = 4_096;

const ends = /\r\n|\r|\n/;
/** Colours and cursor movements (ECMA-48, CSI). */
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]{0,16}[@-~]`, 'g');
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** What stands for a character that cannot be printed. */
export const unreadable = '\ufffd';

/** The same text without what a terminal or a page would take for more than text. */
export const printable = (text: string): string =>
  text.replaceAll(escapes, '').replaceAll('\t', ' ').replaceAll(unprintable, unreadable);

/** Cuts bytes into lines. A carriage return ends one too: that is how programs draw their progress anew. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #line: (line: string) => void;
  #rest = '';
  /** The rest is as long as a line may be, and was told. */
  #dropping = false;

  constructor(line: (line: string) => void) {
    this.#line = line;
  }

  /** The line that has no end yet. */
  get rest(): string {
    return this.#dropping ? '' : this.#rest;
  }

  push(bytes: Buffer): void {
    const pieces = this.#decoder.write(bytes).split(ends);
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.#grow(piece);
      this.#end();
    }
    this.#grow(last);
  }

  /** No more bytes come. */
  close(): void {
    this.#grow(this.#decoder.end());
    this.#end();
  }

  #grow(piece: string): void {
    if (this.#dropping) return;
    this.#rest += piece.slice(0, longestLine - this.#rest.length);
    if (this.#rest.length < longestLine) return;
    this.#line(this.#rest);
    this.#dropping = true;
  }

  #end(): void {
    if (!this.#dropping && this.#rest !== '') this.#line(this.#rest);
    this.#rest = '';
    this.#dropping = false;
  }
}
