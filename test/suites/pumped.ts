import type { Clock } from '../../station-core/clock.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import type { SyncState } from '../../station-core/contract/record.ts';
import { openStore } from '../../station-core/store/open.ts';
import type { NewOutboxRow, OutboxRow } from '../../station-core/store/outbox.ts';
import { openRecords, type Records } from '../../station-core/store/records.ts';
import { Pump } from '../../station-core/sync/pump.ts';
import type { Fate, Sent, Target } from '../../station-core/sync/targets/target.ts';

/** A clock that stands still until it is told to go on; what waits for a time rings when it is passed. */
export class HandClock implements Clock {
  #now = 1_000_000;
  #waiting: { readonly at: number; readonly ring: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  timer(ms: number, ring: () => void): () => void {
    const one = { at: this.#now + ms, ring };
    this.#waiting.push(one);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== one);
    };
  }

  /** The time at which the next one rings, or none. */
  get next(): number | undefined {
    return this.#waiting.length === 0 ? undefined : Math.min(...this.#waiting.map(({ at }) => at));
  }

  /** Goes on to `at` and rings what is due. */
  to(at: number): void {
    this.#now = Math.max(this.#now, at);
    const due = this.#waiting.filter((one) => one.at <= this.#now);
    this.#waiting = this.#waiting.filter((one) => one.at > this.#now);
    for (const { ring } of due) ring();
  }
}

export type Answers = (
  rows: readonly OutboxRow[],
  call: number,
  sent: Sent,
) => ReadonlyMap<number, Fate> | Promise<ReadonlyMap<number, Fate>>;

/** A pump on a real outbox with a target that does as it is told, and a clock that stands still. */
export class Pumped {
  readonly records: Records;
  readonly clock: HandClock;
  readonly calls: number[][] = [];
  readonly recorded: string[] = [];
  readonly states: SyncState[] = [];
  readonly pump: Pump;
  readonly isAway = { now: false };

  constructor(folder: string, answer: Answers, abreast = 1, clock = new HandClock()) {
    this.records = openRecords(openStore(folder, 'owner'));
    this.clock = clock;
    const target: Target = {
      name: 'dps',
      batch: 10,
      abreast,
      reachable: async () => !this.isAway.now,
      send: async (rows, _, sent) => {
        this.calls.push(rows.map(({ id }) => id));
        const call = this.calls.length;
        if (this.isAway.now) throw new StationError('cloud.unreachable', { reason: 'ECONNREFUSED' });
        for (const [id, fate] of await answer(rows, call, sent)) sent.fates.set(id, fate);
      },
    };
    this.pump = new Pump({
      records: this.records,
      clock,
      targets: [target],
      random: () => 0.5,
      settled: (row, fate) => void this.recorded.push(`${row.id} ${Object.keys(fate)[0]}`),
      billed: () => undefined,
      counted: () => undefined,
      stopped: () => undefined,
      tell: (state) => void this.states.push(state),
      incident: () => 'x',
    });
  }

  queue(count: number, more: Partial<NewOutboxRow> = {}): Promise<void> {
    const { commits, outbox } = this.records;
    return commits.commit(() => {
      for (let n = 0; n < count; n++) {
        const row = {
          target: 'dps',
          registrationId: `id-${n}`,
          action: 'create',
          body: {},
          credential: null,
          dueMs: n,
        };
        outbox.queue({ ...(row as NewOutboxRow), ...more });
      }
    });
  }

  /** Lets time pass, from one ring to the next, until nothing waits any more or `until` (ms from now) has come. */
  async pass(until: number): Promise<void> {
    const end = this.clock.now() + until;
    await this.settled();
    while ((this.clock.next ?? Number.POSITIVE_INFINITY) <= end) {
      this.clock.to(this.clock.next ?? end);
      await this.settled();
    }
    this.clock.to(end);
    await this.settled();
  }

  /** Resolves when the pump has nothing more to do before time goes on. */
  async settled(): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, 2));
    while (this.pump.isBusy);
  }

  attempts(): number[] {
    const rows = this.records.db.prepare<[], { attempts: number }>('SELECT attempts FROM outbox ORDER BY id').all();
    return rows.map(({ attempts }) => attempts);
  }
}

/** The same fate for all rows. */
export const all = (rows: readonly OutboxRow[], fate: Fate): Map<number, Fate> =>
  new Map(rows.map(({ id }) => [id, fate]));
