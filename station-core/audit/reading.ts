import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ErrorData, StationError } from '../contract/errors.ts';
import type { AuditReport } from '../contract/record.ts';
import type { ExportOrder, WrittenExport } from './export/write.ts';

/** What the thread is asked for: to check the log of a station's folder, or to write an export of it into a new folder. */
export type Reading =
  | { readonly kind: 'verify'; readonly folder: string }
  | { readonly kind: 'export'; readonly folder: string; readonly out: string; readonly order: ExportOrder };

export type ReadingAnswer = { readonly verify: AuditReport; readonly export: WrittenExport };

/** From the thread. */
export type ReadingMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly answer: AuditReport | WrittenExport }
  | { readonly type: 'failed'; readonly error: ErrorData };

export type ReadingNeed = {
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
};

// TypeScript in the repository, one bundled file beside its parent's in the product.
const entry = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'reading.main.ts' : 'reading.main.js');

/** Rows come and go. With the bound that V8 takes by itself, memory grows with the log for no other reason than that V8 looks late. */
const maxYoungGenerationSizeMb = 12;

/**
 * Reads a whole log in a thread with a connection of its own, so that the lanes go on. Throws what the reading throws, and the
 * signal's reason once the thread has ended.
 */
export async function readLog<K extends Reading['kind']>(
  reading: Reading & { readonly kind: K },
  { progress, signal }: ReadingNeed = {},
): Promise<ReadingAnswer[K]> {
  signal?.throwIfAborted();
  const worker = new Worker(entry, { workerData: reading, resourceLimits: { maxYoungGenerationSizeMb } });
  const { promise, resolve, reject } = Promise.withResolvers<ReadingAnswer[K]>();
  const abort = () => reject(signal?.reason as Error);
  signal?.addEventListener('abort', abort, { once: true });
  worker.on('message', (message: ReadingMessage) => {
    if (message.type === 'progress') progress?.(message.done, message.total);
    else if (message.type === 'done') resolve(message.answer as ReadingAnswer[K]);
    else reject(new StationError(message.error.code, message.error.details));
  });
  worker.on('error', reject);
  worker.on('exit', () => reject(new Error('the thread that reads the audit trail ended')));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
