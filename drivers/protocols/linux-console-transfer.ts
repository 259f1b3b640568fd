// Files of a unit over its shell, in short lines that are checked one by one and as a whole.
import { createHash } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { longestCommand, type Shell } from './linux-console-shell.ts';

/** Most that is read of one file. */
const mostRead = 262_144;
/** Lines that are asked for again in one command. */
const mostAgain = 40;
/** How often a file that changed while it was read is begun anew. */
const mostRounds = 4;
/**
 * How often lines are asked for without one more arriving. A kernel that prints every 300 bytes hits every third line: six askings
 * gave up on one conversation in 75.
 */
const mostFruitless = 24;

/** Exit codes of the reading function on the unit, beside those of its tools: EX_NOINPUT of sysexits(3), and the next. */
export const codes = { notThere: 66, tooLong: 67 } as const;

/**
 * Defines how files are read: `e` prints a file in short lines, `g FILE LINES LIMIT` sends its length and digest, then the lines, all
 * of them or those that are named. base64 where the unit has it, else od, which every POSIX system has.
 */
const readers = [
  'if command -v base64;then e(){ base64 "$1";};else e(){ od -An -v -tx1 "$1";};fi;command -v base64||command -v od',
  'g(){ [ -f "$1" ]&&[ -r "$1" ]||return 66;z=$(($(wc -c <"$1")));[ $z -le $3 ]||return 67;' +
    's=$(sha256sum <"$1")||return 68;[ "$2" ]||f $i:0:$z,${s%% *};n=0;' +
    'e "$1"|while IFS= read -r a;do n=$((n+1));case ",$2," in ,,|*,$n,*)f "$i:$n:$a";;esac;done;}',
];

/** What is read, for errors, and the most bytes that it may have. */
export type Reading = { readonly what: string; readonly most?: number };

/** Files of one unit, between `begin` and `end`. */
export class Transfer {
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /**
   * Enters the shell, unless it was entered already; whether it is a new one, whose variables are all unset. Throws
   * `console.tool-missing` and what `enter` throws.
   */
  async begin(signal: AbortSignal): Promise<boolean> {
    if (!(await this.#shell.enter(signal))) return false;
    for (const reader of readers) {
      const code = await this.#shell.run(reader, { what: 'its preparation' }, signal);
      if (code !== 0) throw new StationError('console.tool-missing', { tool: 'base64 or od' });
    }
    return true;
  }

  /** Leaves the shell at its prompt. Never throws. */
  end(): Promise<void> {
    return this.#shell.leave();
  }

  /** The file at that path: see `readAt`. */
  async read(path: string, reading: Reading, signal: AbortSignal): Promise<Buffer | undefined> {
    await this.assign('P', path, reading.what, signal);
    return this.readAt('P', reading, signal);
  }

  /**
   * The whole file at the path in a variable of the shell, or nothing when there is none that can be read. Lines that were damaged are
   * fetched again, the whole is compared with its SHA-256. Throws `console.garbled`, `console.failed` and what `run` throws.
   */
  async readAt(variable: string, reading: Reading, signal: AbortSignal): Promise<Buffer | undefined> {
    const { what } = reading;
    for (let round = 1; round <= mostRounds; round += 1) {
      const pieces = new Pieces();
      const code = await this.#fetch(pieces, variable, reading, signal);
      if (code === codes.notThere) return undefined;
      if (code === codes.tooLong) throw new StationError('console.garbled', { what });
      if (code !== 0) throw new StationError('console.failed', { what, code });
      const whole = pieces.whole();
      if (whole !== undefined) return whole;
    }
    throw new StationError('console.garbled', { what });
  }

  /** Until every line is there, or no round brings another one. */
  async #fetch(pieces: Pieces, variable: string, reading: Reading, signal: AbortSignal): Promise<number> {
    const { what, most = mostRead } = reading;
    const onLine = (number: number, text: string) => pieces.take(number, text);
    for (let fruitless = 0; fruitless < mostFruitless; ) {
      const before = pieces.count;
      const lines = pieces.missing(mostAgain).join();
      const code = await this.#shell.run(
        `g "$${variable}" '${lines}' ${Math.min(most, mostRead)}`,
        { what, onLine },
        signal,
      );
      if (code !== 0 || pieces.isComplete) return code;
      fruitless = pieces.count > before ? 0 : fruitless + 1;
    }
    throw new StationError('console.garbled', { what });
  }

  /**
   * Writes bytes into the file that the shell's variable names, behind what is there. Lines that held them are zeroed. Throws
   * `console.failed` and what `run` throws.
   */
  async append(variable: string, bytes: Uint8Array, what: string, signal: AbortSignal): Promise<void> {
    const [head, tail] = [Buffer.from("printf %b '"), Buffer.from(`' >>"$${variable}"`)];
    for (let at = 0; at < bytes.length; ) {
      const text = Buffer.alloc(longestCommand - head.length - tail.length);
      const [length, next] = escapeInto(text, bytes, at);
      at = next;
      const command = Buffer.concat([head, text.subarray(0, length), tail]);
      try {
        await this.must(command, what, signal);
      } finally {
        text.fill(0);
        command.fill(0);
      }
    }
  }

  /** Sets a variable of the unit's shell to a text that holds no control characters. */
  async assign(variable: string, text: string, what: string, signal: AbortSignal): Promise<void> {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    if (/[\x00-\x1f\x7f]/.test(text)) throw new RangeError(`${what}: a terminal would take it for more than a text`);
    // A quote becomes four bytes, another character at most four in UTF-8.
    const length = Math.floor((longestCommand - 20) / 4);
    const characters = [...text];
    for (let at = 0; at === 0 || at < characters.length; at += length) {
      const piece = quoted(characters.slice(at, at + length).join(''));
      await this.must(at === 0 ? `${variable}=${piece}` : `${variable}="$${variable}"${piece}`, what, signal);
    }
  }

  /** What the shell makes of a word, as one line of its answer; nothing where that line was lost. */
  async line(word: string, what: string, signal: AbortSignal): Promise<string | undefined> {
    let text: string | undefined;
    const onLine = (_: number, said: string) => {
      text = said;
    };
    const code = await this.#shell.run(`f "$i:1:${word}"`, { what, onLine }, signal);
    if (code !== 0) throw new StationError('console.failed', { what, code });
    return text;
  }

  /** Throws `console.tool-missing` for the first of the tools that the unit lacks. */
  async need(tools: readonly string[], what: string, signal: AbortSignal): Promise<void> {
    for (const tool of tools) {
      if (await this.succeeds(`command -v ${tool}`, what, signal)) continue;
      throw new StationError('console.tool-missing', { tool });
    }
  }

  /** Runs a tool that takes its time, and must succeed. Throws `console.failed`. */
  async tool(command: string, what: string, signal: AbortSignal): Promise<void> {
    const code = await this.#shell.run(command, { what, ms: this.#shell.patience.tool }, signal);
    if (code !== 0) throw new StationError('console.failed', { what, code });
  }

  /** Whether a command succeeds. */
  async succeeds(command: string, what: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#shell.run(command, { what }, signal)) === 0;
  }

  /** Runs a command that must succeed. Throws `console.failed`. */
  async must(command: string | Uint8Array, what: string, signal: AbortSignal): Promise<void> {
    const code = await this.#shell.run(command, { what }, signal);
    if (code !== 0) throw new StationError('console.failed', { what, code });
  }
}

/** Single quotes take everything as it is but themselves (POSIX, Shell Command Language 2.2.2). */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Bytes as `printf %b` takes them: printable ones as they are, quote, backslash and all others as \0 and three octal digits. How
 * many bytes of text that makes and which byte is next.
 */
function escapeInto(text: Buffer, bytes: Uint8Array, from: number): readonly [number, number] {
  let length = 0;
  let at = from;
  for (; at < bytes.length && length + 5 <= text.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c;
    if (plain) text[length++] = byte;
    else {
      const digits = [0x5c, 0x30, 0x30 + (byte >> 6), 0x30 + ((byte >> 3) & 7), 0x30 + (byte & 7)];
      for (const digit of digits) text[length++] = digit;
    }
  }
  return [length, at];
}

/** The lines of a file as they come. */
class Pieces {
  #header: { readonly size: number; readonly digest: string } | undefined;
  readonly #lines = new Map<number, Buffer>();
  #bytes = 0;

  /** How many lines are there, the header among them. */
  get count(): number {
    return this.#lines.size + (this.#header ? 1 : 0);
  }

  get isComplete(): boolean {
    return this.#header !== undefined && this.#bytes >= this.#header.size;
  }

  take(number: number, text: string): void {
    if (number === 0) {
      const [, size, digest] = /^(\d{1,7}),([0-9a-f]{64})$/.exec(text) ?? [];
      if (size !== undefined && digest !== undefined) this.#header = { size: Number(size), digest };
      return;
    }
    const bytes = decode(text);
    if (bytes === undefined || this.#lines.has(number)) return;
    this.#lines.set(number, bytes);
    this.#bytes += bytes.length;
  }

  /** Numbers of lines that are missing, as many as asked for, or none when everything must be sent again. */
  missing(most: number): number[] {
    const longest = Math.max(0, ...[...this.#lines.values()].map(({ length }) => length));
    if (this.#header === undefined || longest === 0) return [];
    const missing: number[] = [];
    const last = Math.ceil(this.#header.size / longest);
    for (let number = 1; number <= last && missing.length < most; number += 1) {
      if (!this.#lines.has(number)) missing.push(number);
    }
    return missing;
  }

  /** The file, if its lines are those that its digest was made of: it may have changed while it was read. */
  whole(): Buffer | undefined {
    const numbers = [...this.#lines.keys()].sort((a, b) => a - b);
    const whole = Buffer.concat(numbers.flatMap((number) => this.#lines.get(number) ?? []));
    for (const line of this.#lines.values()) line.fill(0);
    const digest = createHash('sha256').update(whole).digest('hex');
    return digest === this.#header?.digest ? whole : undefined;
  }
}

/** A line of base64, or of od's bytes in hex. */
function decode(text: string): Buffer | undefined {
  if (/^( [0-9a-f]{2})+ *$/.test(text)) return Buffer.from(text.replaceAll(' ', ''), 'hex');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : undefined;
}
