import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { environment, markName } from './environment.ts';
import type { Started } from './keeper-messages.ts';
import { Output } from './output.ts';
import { percentFinder } from './percent.ts';
import type { Ended, Ending, ProgramJob } from './programmer.ts';
import { askToEnd, endTree } from './tree.ts';

/** How long a program has to tidy up when it was asked to end. */
const graceMs = 3_000;
/** Its last bytes are in a pipe; who holds that open longer is not waited for. */
const drainMs = 2_000;

type Reason = 'late' | 'stopped';

/** One program, from its start to the end of whatever it started. */
export class Watched {
  readonly #path: string;
  readonly #job: ProgramJob;
  readonly #output: Output;
  readonly #mark = randomBytes(16).toString('hex');
  #child: ChildProcess | undefined;
  #why: Reason | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, job: ProgramJob, told: (percent: number) => void) {
    this.#path = path;
    this.#job = job;
    this.#output = new Output(job.progress === undefined ? () => undefined : percentFinder(job.progress), told);
  }

  /** Runs it in a folder of its own, which goes with it. */
  async run(temporary: string, started: (started: Started) => void): Promise<Ended> {
    const folder = await mkdtemp(join(temporary, 'birthmark-programming-'));
    try {
      const ending = await this.#runIn(folder, started);
      return { ending, printed: this.#output.close() };
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  /** Asks it to end, and makes it end when it does not. */
  stop(): void {
    this.#finish('stopped');
  }

  /** Ends it at once, since nobody waits for it any more. */
  async kill(): Promise<void> {
    const pid = this.#child?.pid;
    this.#why ??= 'stopped';
    if (pid !== undefined) await endTree(pid, this.#mark);
  }

  async #runIn(folder: string, started: (started: Started) => void): Promise<Ending> {
    if (this.#why !== undefined) return { how: this.#why };
    const { args, env, deadlineMs } = this.#job;
    const child = spawn(this.#path, args, {
      cwd: folder,
      env: { ...environment(folder), ...env, [markName]: this.#mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: whatever it starts ends with it.
      detached: true,
      windowsHide: true,
    });
    this.#child = child;
    const ended = endOf(child);
    if (child.pid === undefined) return ended;
    started({ pid: child.pid, folder });
    const drained = Promise.all([this.#read(child.stdout), this.#read(child.stderr)]);
    this.#timer = setTimeout(() => this.#finish('late'), deadlineMs);
    const ending = await ended;
    clearTimeout(this.#timer);
    await endTree(child.pid, this.#mark);
    await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, drainMs).unref())]);
    return this.#why === undefined ? ending : { how: this.#why };
  }

  /** Resolves when nobody writes there any more; a program may close it long before its end. */
  #read(stream: Readable): Promise<void> {
    stream.on('data', this.#output.way());
    return new Promise((resolve) => {
      stream.on('error', () => undefined); // `close` follows
      stream.on('close', resolve);
    });
  }

  #finish(why: Reason): void {
    if (this.#why !== undefined) return;
    this.#why = why;
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    askToEnd(pid);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void endTree(pid, this.#mark), graceMs);
  }
}

function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      // Also said when a signal could not be sent, which is no end.
      if (child.pid === undefined) resolve({ how: 'not-started', reason: reasonOf(error.code) });
    });
    child.on('exit', (code, signal) => {
      resolve(signal === null ? { how: 'exit', code: code ?? 0 } : { how: 'signal', signal });
    });
  });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file, or its first line names an interpreter that is not there',
  EACCES: 'this account may not run it, or it is no program',
  ENOEXEC: 'it is no program of this machine',
};
const reasonOf = (code = 'no code'): string => reasons[code] ?? `the operating system refused it (${code})`;
