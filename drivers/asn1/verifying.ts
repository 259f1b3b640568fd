import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

// Many signatures checked at a time, in one thread of their own. node:crypto's pool takes 30 µs more for each (a copy, a job,
// two wake-ups), and on two cores its four threads keep the one that asks from its work.

/** One signature to check: all that the thread needs to know, as bytes. */
export type Check = {
  /** DER SubjectPublicKeyInfo of a key that is of the algorithm's kind. */
  readonly spki: Buffer;
  /** As node:crypto names it. */
  readonly hash: string;
  readonly signed: Buffer;
  readonly signature: Buffer;
};

/** To the thread: the checks' hashes, and their bytes in one piece (key, what was signed, signature), each part's end beside it. */
export type Checks = {
  readonly hashes: readonly string[];
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
};
/** From the thread, in the order of the questions: 1 for each signature that holds. */
export type Verdicts = Uint8Array;

type Asked = {
  readonly check: Check;
  readonly resolve: (holds: boolean) => void;
  readonly reject: (error: Error) => void;
};

// TypeScript in the repository, one bundled file beside its parent's in the product.
const entry = join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? 'verifying.main.ts' : 'verifying.main.js',
);

/** The thread, from its first question to its end. It keeps the program alive only while it owes an answer. */
class Verifier {
  readonly #worker = new Worker(entry);
  /** One list for each message that is on its way: they are answered in their order. */
  readonly #owed: Asked[][] = [];

  constructor() {
    this.#worker.unref();
    this.#worker.on('message', (verdicts: Verdicts) => this.#answered(verdicts));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('the thread that checks signatures ended')));
  }

  ask(asked: Asked[]): void {
    const parts = asked.flatMap(({ check }) => [check.spki, check.signed, check.signature]);
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    const ends = new Uint32Array(parts.length);
    let at = 0;
    for (const [index, part] of parts.entries()) {
      bytes.set(part, at);
      at += part.length;
      ends[index] = at;
    }
    if (this.#owed.push(asked) === 1) this.#worker.ref();
    const checks: Checks = { hashes: asked.map(({ check }) => check.hash), bytes, ends };
    this.#worker.postMessage(checks, [bytes.buffer, ends.buffer]);
  }

  /** Ends the thread as a crash would; tests do. */
  kill(): void {
    void this.#worker.terminate();
  }

  #answered(verdicts: Verdicts): void {
    const asked = this.#owed.shift() ?? [];
    for (const [index, { resolve }] of asked.entries()) resolve(verdicts[index] === 1);
    if (this.#owed.length === 0) this.#worker.unref();
  }

  #end(error: Error): void {
    if (verifier === this) verifier = undefined;
    for (const { reject } of this.#owed.splice(0).flat()) reject(error);
  }
}

let verifier: Verifier | undefined;
let asking: Asked[] = [];

/**
 * Whether the signature holds; all that one turn of the event loop asks is one message. Rejects when the thread dies, which
 * says nothing about the signature; the next question starts another.
 */
export function holdsInThread(check: Check): Promise<boolean> {
  return new Promise((resolve, reject) => {
    if (asking.length === 0) process.nextTick(send);
    asking.push({ check, resolve, reject });
  });
}

function send(): void {
  const asked = asking;
  asking = [];
  verifier ??= new Verifier();
  verifier.ask(asked);
}

/** For tests: the thread dies with what it owes. */
export const killVerifier = (): void => verifier?.kill();
