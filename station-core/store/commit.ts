import { StationError } from '../contract/errors.ts';
import type { Db } from './open.ts';

type Waiting = {
  readonly write: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (thrown: unknown) => void;
};

/**
 * The one way to write. Writes that arrive in the same turn of the event loop share one transaction and so one fsync
 * (32 lanes cost little more than one); each stands in a savepoint of its own, so that one that fails takes nothing
 * with it. The promise resolves after the commit is durable: nobody is told of a thing that a power cut could undo.
 */
export class Commits {
  readonly #db: Db;
  #waiting: Waiting[] = [];
  #after: (() => void)[] = [];
  #count = 0;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Transactions committed since start; for benchmarks, which count commits as well as seconds. */
  get count(): number {
    return this.#count;
  }

  /** Runs `write` inside the next transaction. Throws what it throws, or `store.failed` when the disk does not take it. */
  commit<T>(write: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ write, resolve, reject });
    });
  }

  /** To be called inside a write: `tell` runs once the write is durable, and never when it was rolled back. */
  afterwards(tell: () => void): void {
    this.#after.push(tell);
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    const settled: (() => void)[] = [];
    const told: (() => void)[] = [];
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      for (const one of batch) settled.push(this.#attempt(one, told));
      this.#db.exec('COMMIT');
      this.#count++;
    } catch (thrown) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      const failure = asStoreError(thrown);
      for (const one of batch) one.reject(failure);
      return;
    }
    for (const settle of settled) settle();
    for (const tell of told) tell();
  }

  /** One write in its savepoint; answers how to settle it, once the whole transaction is durable. */
  #attempt(one: Waiting, told: (() => void)[]): () => void {
    this.#after = [];
    this.#db.exec('SAVEPOINT one');
    try {
      const value = one.write() as never;
      this.#db.exec('RELEASE one');
      told.push(...this.#after);
      return () => one.resolve(value);
    } catch (thrown) {
      // A full disk or an I/O error can end the whole transaction (SQLite, "Automatic rollback"): then nobody's write stands.
      if (!this.#db.inTransaction) throw thrown;
      this.#db.exec('ROLLBACK TO one');
      this.#db.exec('RELEASE one');
      const failure = asStoreError(thrown);
      return () => one.reject(failure);
    }
  }
}

/** Whether SQLite tells of a disk that is full or may not be written on, which says nothing against what is stored there. */
export const isDiskRefusal = (code: unknown): boolean =>
  typeof code === 'string' && /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(code);

/** What the disk refused becomes `store.failed`; everything else stays what it is. */
function asStoreError(thrown: unknown): unknown {
  const code = (thrown as { code?: unknown }).code;
  if (typeof code !== 'string' || !/^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|LOCKED|CORRUPT|NOTADB)/.test(code))
    return thrown;
  return new StationError('store.failed', { reason: code }, { cause: thrown });
}
