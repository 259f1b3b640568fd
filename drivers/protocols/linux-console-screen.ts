// What a console shows, as bytes: a password that a console echoes must not become a string, which nobody can zero.
import { Deadline, unlessAborted } from '../deadline.ts';
import type { Link } from '../link.ts';

/** What is kept of what a console shows before a shell speaks; a prompt is shorter. */
const tailLength = 2_048;
/** Longest line that can hold an answer; a longer one is noise. */
const longestLine = 1_024;
/** Answers that nobody has fetched yet; a unit that sends more without being asked is not listened to. */
const mostMarked = 4_096;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const escapeByte = 0x1b;

/** What stands at the end of what a console shows; `shell` is one of this station's own, left by an earlier conversation. */
export type Shown = 'nothing' | 'login' | 'password' | 'question' | 'shell' | 'continuation' | 'text';

/** The mark that the shells of this station begin their answers with, before a random part (linux-console-shell.ts). */
export const ownMark = 'birthmark-';

/**
 * Listens to a console for as long as its link lives: keeps the end of what it shows, and collects the lines that carry the
 * mark of the shell that runs.
 */
export class Screen {
  readonly #link: Link;
  readonly #tail = Buffer.alloc(tailLength);
  #shown = 0;
  readonly #line = Buffer.alloc(longestLine);
  #lineLength = 0;
  #mark: Buffer | undefined;
  readonly #marked: string[] = [];
  #arrived: () => void = () => undefined;
  #heard = 0;

  constructor(link: Link) {
    this.#link = link;
    const stop = link.listen((bytes) => this.#take(bytes));
    link.lost.addEventListener('abort', stop, { once: true });
  }

  /** How many bytes have arrived in all. */
  get heard(): number {
    return this.#heard;
  }

  /** From now on lines with this mark are collected, and no earlier ones. */
  watch(mark: string): void {
    this.#mark = Buffer.from(mark, 'latin1');
    this.#marked.length = 0;
  }

  /** Forgets, and zeroes, what was shown. */
  forget(): void {
    this.#tail.fill(0);
    this.#line.fill(0);
    this.#shown = 0;
    this.#lineLength = 0;
  }

  /**
   * Waits until the console has shown something since the last `forget` and then nothing for `quiet`: what stands at its end. Or
   * `nothing`, when that is nothing for `wake`: between a name and the question for its password, a line is empty for a while.
   */
  async settled({ quiet, wake }: { quiet: number; wake: number }, signal: AbortSignal): Promise<Shown> {
    for (;;) {
      while (this.#shown > 0 && (await this.#more(quiet, signal)));
      const kind = this.#kind();
      if (kind !== 'nothing') return kind;
      if (!(await this.#more(this.#shown > 0 ? Math.max(wake - quiet, 0) : wake, signal))) return 'nothing';
    }
  }

  /**
   * What followed the mark in the next line that carries it, or undefined when there was none for `ms`. Another line is `''` where
   * `noise` is asked for: somebody wrote in between, and may have hit an answer.
   */
  async marked(ms: number, signal: AbortSignal, noise: 'noise' | 'no noise' = 'no noise'): Promise<string | undefined> {
    using deadline = new Deadline(ms, signal, this.#link.lost);
    for (;;) {
      const next = this.#marked.shift();
      if (next !== undefined && (next !== '' || noise === 'noise')) return next;
      if (next !== undefined) continue;
      try {
        await this.#chunk(deadline.signal);
      } catch (error) {
        if (deadline.passed) return undefined;
        throw error;
      }
    }
  }

  #kind(): Shown {
    const shown = this.#tail.subarray(0, this.#shown);
    const end = lastLine(shown);
    const kind = end.length === 0 && hasOwnShell(shown) ? 'shell' : kindOf(end);
    end.fill(0);
    return kind;
  }

  /** Whether something came within `ms`. */
  async #more(ms: number, signal: AbortSignal): Promise<boolean> {
    using deadline = new Deadline(ms, signal, this.#link.lost);
    try {
      await this.#chunk(deadline.signal);
      return true;
    } catch (error) {
      if (deadline.passed) return false;
      throw error;
    }
  }

  #chunk(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#arrived = resolve;
    return unlessAborted(promise, signal);
  }

  #take(bytes: Uint8Array): void {
    this.#heard += bytes.length;
    for (const byte of bytes) {
      this.#keep(byte);
      if (byte === lineFeed || byte === carriageReturn) this.#endLine();
      else if (this.#lineLength < longestLine) this.#line[this.#lineLength++] = byte;
    }
    this.#arrived();
  }

  /** The newer half stays when the tail is full. */
  #keep(byte: number): void {
    if (this.#shown === tailLength) {
      this.#tail.copyWithin(0, tailLength / 2);
      this.#shown = tailLength / 2;
    }
    this.#tail[this.#shown++] = byte;
  }

  #endLine(): void {
    const line = this.#line.subarray(0, this.#lineLength);
    this.#lineLength = 0;
    if (this.#mark !== undefined && line.length > 0 && this.#marked.length < mostMarked) {
      const at = line.lastIndexOf(this.#mark);
      if (at >= 0) this.#marked.push(line.toString('latin1', at + this.#mark.length));
      else if (this.#marked.at(-1) !== '') this.#marked.push('');
    }
    line.fill(0);
  }
}

/** The last line without escape sequences and without white space at its end, in lower case: a copy. */
function lastLine(shown: Buffer): Buffer {
  const plain = withoutEscapes(shown);
  let end = plain.length;
  // A prompt ends with blanks, not with the end of a line: then nothing stands on the last line yet.
  while (end > 0 && plain[end - 1] === 0x20) end -= 1;
  let start = end;
  while (start > 0 && plain[start - 1] !== lineFeed && plain[start - 1] !== carriageReturn) start -= 1;
  const line = Buffer.from(plain.subarray(start, end));
  plain.fill(0);
  for (const [at, byte] of line.entries()) if (byte >= 0x41 && byte <= 0x5a) line[at] = byte + 0x20;
  return line;
}

/**
 * ECMA-48 control sequences and strings left out: colours, bracketed paste, titles in prompts. A copy. Zero bytes and bells go too:
 * UARTs send the former when a cable is plugged in.
 */
function withoutEscapes(shown: Buffer): Buffer {
  const plain = Buffer.alloc(shown.length);
  let length = 0;
  for (let at = 0; at < shown.length; at += 1) {
    const byte = shown[at] ?? 0;
    if (byte === escapeByte) at = endOfEscape(shown, at + 1);
    else if (byte !== 0 && byte !== 7) plain[length++] = byte;
  }
  return plain.subarray(0, length);
}

/** Where the sequence ends that the byte at `at` begins, after its escape. */
function endOfEscape(shown: Buffer, at: number): number {
  const kind = shown[at];
  const isEnd = (byte: number) => (kind === 0x5b ? byte >= 0x40 && byte <= 0x7e : byte === 7 || byte === 0x5c);
  if (kind !== 0x5b && kind !== 0x5d) return at;
  let end = at + 1;
  while (end < shown.length && !isEnd(shown[end] ?? 0)) end += 1;
  return end;
}

/** Whether a shell of this station's has answered: the mark, its random part, and no farewell. */
function hasOwnShell(shown: Buffer): boolean {
  const at = shown.lastIndexOf(ownMark);
  if (at < 0) return false;
  return /^[0-9a-f]{16}:\d/.test(shown.toString('latin1', at + ownMark.length, at + ownMark.length + 18));
}

function kindOf(line: Buffer): Shown {
  if (line.length === 0) return 'nothing';
  if (line.subarray(-6).equals(Buffer.from('login:'))) return 'login';
  // What a shell shows that waits for the rest of a command (PS2, POSIX 2.5.3).
  if (line.equals(Buffer.from('>'))) return 'continuation';
  if (line.at(-1) !== 0x3a) return 'text';
  // A question that a kernel message has cut in two ends like one: what is typed into it would be taken for an account.
  return line.includes('pass') ? 'password' : 'question';
}
