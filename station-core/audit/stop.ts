import type Database from 'better-sqlite3';
import { type ErrorData, StationError } from '../contract/errors.ts';

/** Why lanes, issuing, lists of revoked certificates and heads are stopped: the log is damaged, or older than an anchor. */
export class Stop {
  readonly #of;
  readonly #set;
  readonly #clear;

  constructor(db: Database.Database) {
    this.#of = db.prepare<[], string>('SELECT error FROM audit_stop').pluck();
    this.#set = db.prepare(`INSERT INTO audit_stop (one, error, at) VALUES (1, ?, ?) ON CONFLICT (one) DO NOTHING`);
    this.#clear = db.prepare('DELETE FROM audit_stop');
  }

  /** The reason, or nothing. */
  error(): ErrorData | undefined {
    const text = this.#of.get();
    return text === undefined ? undefined : (JSON.parse(text) as ErrorData);
  }

  /** Throws the reason, when there is one. */
  refuse(): void {
    const error = this.error();
    if (error) throw new StationError(error.code, error.details);
  }

  /** Inside a commit. The first reason stays. */
  set(error: ErrorData, at: string): void {
    this.#set.run(JSON.stringify(error), at);
  }

  /** Inside a commit: two people ended it. */
  clear(): void {
    this.#clear.run();
  }
}
