import type { Clock } from '../clock.ts';
import type { ErrorData } from '../contract/errors.ts';
import type { Outbox, OutboxRow } from '../store/outbox.ts';
import { mayPass, retryAfterMs } from './backoff.ts';
import type { Breaker } from './breaker.ts';
import type { Fate, Sent, Target } from './targets/target.ts';

/** A row that failed so often, alone at last, while others came through, waits for a person. */
const mostTries = 8;

/** A call that has ended: what is known of its rows, and why it broke off, if it did. `began` is in Unix milliseconds. */
export type Ended = {
  readonly rows: readonly OutboxRow[];
  readonly sent: Sent;
  readonly broke: ErrorData | undefined;
  readonly began: number;
};

export type FatesNeed = {
  readonly records: { readonly outbox: Outbox };
  readonly clock: Clock;
  readonly random: () => number;
  readonly settled: (row: OutboxRow, fate: Fate) => void;
};

/** What a call that has ended means for its rows and for its target. Everything here belongs inside a commit. */
export class Fates {
  readonly #need: FatesNeed;
  readonly #breaker: Breaker;

  constructor(need: FatesNeed, breaker: Breaker) {
    this.#need = need;
    this.#breaker = breaker;
  }

  settle({ name }: Target, { rows, sent, broke, began }: Ended): void {
    const left = rows.filter((row) => !this.#settleOne(row, sent.fates.get(row.id)));
    if (broke) {
      this.#setBack(name, left, broke, began);
      return;
    }
    this.#breaker.succeeded(name, began);
    for (const row of left)
      this.#retry(row, { code: 'cloud.malformed', details: { what: 'no answer for this entry' } });
  }

  /** Answers whether the row had a fate. */
  #settleOne(row: OutboxRow, fate: Fate | undefined): boolean {
    if (!fate) return false;
    const { outbox } = this.#need.records;
    if ('retry' in fate) {
      this.#retry(row, fate.retry);
      return true;
    }
    if ('done' in fate) outbox.done(row.id, fate.done);
    else outbox.park(row.id, fate.park);
    this.#need.settled(row, fate);
    return true;
  }

  /** The row is tried later; one that never comes through, while others do, waits for a person instead. */
  #retry(row: OutboxRow, error: ErrorData): void {
    const { records, clock, random } = this.#need;
    if (blamesRow(error) && row.attempts + 1 >= mostTries) {
      records.outbox.park(row.id, error);
      this.#need.settled(row, { park: error });
      return;
    }
    records.outbox.retry(row.id, clock.now() + retryAfterMs(error, row.attempts, random()), error);
  }

  /** The call failed as a whole. The target is held, the rows are not, and others go first next time. */
  #setBack(name: string, rows: readonly OutboxRow[], error: ErrorData, began: number): void {
    const { records, clock } = this.#need;
    if (error.code === 'station.stopping') {
      for (const row of rows) records.outbox.release(row.id);
      return;
    }
    // While every call fails it is the target's fault, and no row's.
    const suspects = mayPass(error) && blamesRow(error) && !this.#breaker.isTrying(name);
    this.#breaker.failed(name, began, error);
    for (const row of rows) {
      if (!suspects) records.outbox.release(row.id, clock.now());
      else if (rows.length === 1 && row.attempts + 1 >= mostTries) this.#retry(row, error);
      else records.outbox.retry(row.id, clock.now(), error);
    }
  }
}

/** Errors that a row itself may be the reason of, rather than the way to the service, its load, or the HSM. */
const ofRows: ReadonlySet<string> = new Set(['cloud.failed', 'cloud.malformed', 'cloud.rejected', 'internal']);
const blamesRow = ({ code }: ErrorData): boolean => ofRows.has(code);
