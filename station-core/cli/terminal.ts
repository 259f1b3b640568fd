import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { StationError } from '../contract/errors.ts';

// What a person sees while a command works goes to standard error, so that standard output is the result alone.

const columns = 40;

/** A progress bar on a terminal; silent where standard error is none. */
export class Progress {
  readonly #label: string;
  readonly #total: number;
  readonly #shown = process.stderr.isTTY === true;
  #done = 0;
  readonly #began = performance.now();

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = Math.max(1, total);
  }

  advance(by = 1): void {
    this.#done += by;
    if (!this.#shown) return;
    const part = Math.min(1, this.#done / this.#total);
    const bar = '█'.repeat(Math.round(part * columns)).padEnd(columns, '·');
    const left = part > 0 ? ((performance.now() - this.#began) / part) * (1 - part) : 0;
    process.stderr.write(
      `\r${this.#label} ${bar} ${this.#done}/${this.#total}, ${Math.ceil(left / 1_000)} s left \u001b[K`,
    );
  }

  end(): void {
    if (this.#shown) process.stderr.write('\r\u001b[K');
  }
}

/** The bar of something that tells how many entries it has read, of how many. */
export class Reading {
  #bar: Progress | undefined;
  #done = 0;

  readonly at = (done: number, total: number): void => {
    this.#bar ??= new Progress('entries', total);
    this.#bar.advance(done - this.#done);
    this.#done = done;
  };

  readonly end = (): void => this.#bar?.end();
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The result of a command: one JSON object on one line, last on standard output. */
export function printJson(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Prints a line that is a secret, and zeroes it once the system has it. */
export async function printSecret(line: Buffer): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(line, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    line.fill(0);
  }
}

/** Whether there is a person at a terminal who can be asked. */
export const mayAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks for something that is no secret; an empty answer is asked again. */
export async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const answer = await new Promise<string>((resolve, reject) => {
        lines.once('close', () => reject(new StationError('run.aborted', { who: 'you' })));
        lines.question(`${question}: `, (text) => resolve(text.trim()));
      });
      if (answer !== '') return answer;
    }
  } finally {
    lines.close();
  }
}

let input: { rest: Buffer } | undefined;

/**
 * Asks for a secret: hidden on a terminal, else the next line of standard input. The caller zeroes the answer.
 * Throws `input.invalid` when standard input has ended.
 */
export async function askSecret(question: string, empty?: 'may be empty'): Promise<Buffer> {
  if (process.stdin.isTTY) return askHidden(question);
  input ??= { rest: await readAll() };
  const end = input.rest.indexOf(0x0a);
  const line = end < 0 ? input.rest : input.rest.subarray(0, end);
  input.rest = end < 0 ? Buffer.alloc(0) : input.rest.subarray(end + 1);
  const answer = Buffer.from(line.at(-1) === 0x0d ? line.subarray(0, -1) : line);
  line.fill(0);
  if (answer.length > 0 || empty) return answer;
  throw new StationError('input.invalid', {
    place: 'standard input',
    expected: `a line with the ${question}`,
    found: 'nothing',
  });
}

async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  const all = Buffer.concat(chunks);
  for (const chunk of chunks) chunk.fill(0);
  return all;
}

/** Reads a line without showing it. */
function askHidden(question: string): Promise<Buffer> {
  process.stderr.write(`${question}: `);
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: mute, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      lines.close();
      reject(new StationError('run.aborted', { who: 'you' }));
    });
    lines.question('', (answer) => {
      lines.close();
      process.stderr.write('\n');
      resolve(Buffer.from(answer, 'utf8'));
    });
  });
}
