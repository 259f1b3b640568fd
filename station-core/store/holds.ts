import type { ErrorData } from '../contract/errors.ts';
import type { Db } from './open.ts';

/** A target that may not be called before `until` (Unix milliseconds), or not before a person asks (`Infinity`). */
export type Hold = { readonly until: number; readonly failures: number; readonly error: ErrorData };

type Row = {
  readonly target: string;
  readonly failures: number;
  readonly until: number | null;
  readonly reason: string;
};

/** What the breaker of each target remembers over a restart. Writing belongs inside a commit. */
export class Holds {
  readonly #set;
  readonly #clear;
  readonly #all;

  constructor(db: Db) {
    this.#set = db.prepare(
      `INSERT INTO target_hold (target, failures, until_ms, reason) VALUES (@target, @failures, @until, @reason)
       ON CONFLICT (target) DO UPDATE SET failures = @failures, until_ms = @until, reason = @reason`,
    );
    this.#clear = db.prepare('DELETE FROM target_hold WHERE target = ?');
    this.#all = db.prepare<[], Row>('SELECT target, failures, until_ms AS until, reason FROM target_hold');
  }

  all(): Map<string, Hold> {
    return new Map(
      this.#all.all().map(({ target, failures, until, reason }) => {
        const error = JSON.parse(reason) as ErrorData;
        return [target, { failures, until: until ?? Number.POSITIVE_INFINITY, error }];
      }),
    );
  }

  set(target: string, { until, failures, error }: Hold): void {
    const known = Number.isFinite(until) ? Math.round(until) : null;
    this.#set.run({ target, failures, until: known, reason: JSON.stringify(error) });
  }

  clear(target: string): void {
    this.#clear.run(target);
  }
}
