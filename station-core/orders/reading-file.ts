import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { UnitInput } from '../contract/api.ts';
import { type ErrorData, StationError } from '../contract/errors.ts';
import type { FileProblem } from '../contract/orders.ts';
import type { Recipe } from '../contract/recipe.ts';

/** What the thread is asked for: the units of an order file, of which it tells the first `most`, or all that is wrong with it. */
export type FileOrder = {
  readonly folder: string;
  readonly text: string;
  readonly recipe: Recipe;
  readonly most: number;
};

/** From the thread. */
export type FileMessage =
  | { readonly type: 'units'; readonly units: readonly UnitInput[] }
  | { readonly type: 'done'; readonly count: number; readonly problems: readonly FileProblem[]; readonly more: number }
  | { readonly type: 'failed'; readonly error: ErrorData };

export type ReadFile = {
  /** The first `most`. */
  readonly units: readonly UnitInput[];
  readonly count: number;
  readonly problems: readonly FileProblem[];
  readonly more: number;
};

// TypeScript in the repository, one bundled file beside its parent's in the product.
const entry = join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? 'reading-file.main.ts' : 'reading-file.main.js',
);

/**
 * Reads an order file in a thread with a connection of its own: 100,000 lines take the better part of a second, and the lanes go
 * on meanwhile. Throws what the reading throws, and the signal's reason once the thread has ended.
 */
export async function readInThread(asked: FileOrder, signal: AbortSignal): Promise<ReadFile> {
  signal.throwIfAborted();
  const worker = new Worker(entry, { workerData: asked });
  const { promise, resolve, reject } = Promise.withResolvers<ReadFile>();
  const units: UnitInput[] = [];
  const abort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  worker.on('message', (message: FileMessage) => {
    if (message.type === 'units') units.push(...message.units);
    else if (message.type === 'done') resolve({ ...message, units });
    else reject(new StationError(message.error.code, message.error.details));
  });
  worker.on('error', reject);
  worker.on('exit', () => reject(new Error('the thread that reads order files ended')));
  try {
    const { count, problems, more } = await promise;
    return { units, count, problems, more };
  } finally {
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
