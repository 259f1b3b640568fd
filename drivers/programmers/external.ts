import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FromKeeper, Started, ToKeeper } from './keeper-messages.ts';
import type { Ended, ProgramJob, Programmer } from './programmer.ts';
import { endGroup } from './tree.ts';

/** A program of this machine. */
export type ExternalPlace = { readonly path: string; readonly sha256?: string };

/** The keeper needs no longer than this beside the program's own time: to start, to end the program, to read its last bytes. */
const keeperMs = 20_000;

// TypeScript in the repository, one bundled file beside its parent's in the product.
const entry = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'keeper.main.ts' : 'keeper.main.js');

export function externalProgrammer({ path, sha256 }: ExternalPlace): Programmer {
  return {
    path,
    ...(sha256 === undefined ? {} : { pinned: sha256 }),
    hash: () => hashOf(path),
    run: (job, told, signal) => new Keeping(told).run(path, job, signal),
  };
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'EACCES') return undefined;
    throw thrown;
  }
  return hash.digest('hex');
}

/** One program, run by a keeper of its own. */
class Keeping {
  readonly #told: (percent: number) => void;
  #started: Started | undefined;

  constructor(told: (percent: number) => void) {
    this.#told = told;
  }

  async run(path: string, job: ProgramJob, signal: AbortSignal): Promise<Ended> {
    // Without the station's environment and out of its process group: Ctrl-C at the station's terminal is the station's.
    const keeper = fork(entry, { env: {}, execArgv: [], detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const stop = () => send(keeper, { type: 'stop' });
    const overdue = setTimeout(() => keeper.kill('SIGKILL'), job.deadlineMs + keeperMs);
    try {
      const ended = this.#endOf(keeper);
      send(keeper, { type: 'run', path, job, temporary: tmpdir() });
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      return await ended;
    } finally {
      clearTimeout(overdue);
      signal.removeEventListener('abort', stop);
    }
  }

  #endOf(keeper: ChildProcess): Promise<Ended> {
    return new Promise((resolve) => {
      keeper.on('message', (message: FromKeeper) => {
        switch (message.type) {
          case 'started':
            this.#started = message;
            return;
          case 'percent':
            this.#told(message.percent);
            return;
          case 'ended':
            this.#started = undefined;
            resolve(message.ended);
            return;
        }
      });
      keeper.on('error', () => resolve(lost));
      // After its last message, unlike `exit`. Without one it was killed: nobody keeps the program's deadline any more.
      keeper.on('disconnect', () => void this.#endProgram().then(() => resolve(lost)));
    });
  }

  async #endProgram(): Promise<void> {
    if (this.#started === undefined) return;
    const { pid, folder } = this.#started;
    endGroup(pid);
    // Whoever cannot be ended may still write there.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

const lost: Ended = { ending: { how: 'lost' }, printed: { bytes: 0, text: '', said: '' } };

/** A keeper that is gone is noticed when its channel closes. */
function send(keeper: ChildProcess, message: ToKeeper): void {
  keeper.send(message, () => undefined);
}
