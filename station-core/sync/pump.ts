import type { Clock } from '../clock.ts';
import { isoTime } from '../clock.ts';
import { asStationError, type ErrorData, errors, StationError } from '../contract/errors.ts';
import type { Backlog, SyncState } from '../contract/record.ts';
import type { OutboxRow } from '../store/outbox.ts';
import { noteBacklog, type Records } from '../store/records.ts';
import { retryAfterMs } from './backoff.ts';
import type { Fate, Target } from './targets/target.ts';

/** Longer than a call may take with its comparisons, so that nobody else claims a row that is being sent. */
const leaseMs = 5 * 60_000;

export type PumpNeed = {
  readonly records: Records;
  readonly clock: Clock;
  readonly targets: readonly Target[];
  /** In [0, 1); for jitter. */
  readonly random: () => number;
  /** Inside the commit that settles a row: writes the audit entry that says how it fared. */
  readonly record: (row: OutboxRow, fate: Fate) => void;
  readonly tell: (state: SyncState) => void;
  readonly incident: (thrown: unknown) => string;
};

/** How often an absent network is looked for: a few seconds of delay for a factory, nothing for a network. */
const probeEveryMs = 3_000;

/** How soon a drain is tried again that the station's own disk broke off. */
const brokenMs = 5_000;

/** A target that may not be called before a time, since calls failed one after the other; or not at all (`Infinity`). */
type Held = { readonly until: number; readonly failures: number; readonly error: ErrorData };

/** Carries rows from the outbox to their targets, each row to its own fate; it never gives up silently. */
export class Pump {
  readonly #need: PumpNeed;
  readonly #stopping = new AbortController();
  readonly #held = new Map<string, Held>();
  #draining: Promise<void> | undefined;
  #again = false;
  /** Why the last drain broke off, when it was the station's own fault: its record could not be written. */
  #broken: ErrorData | undefined;
  #lookAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: SyncState = { state: 'idle' };

  constructor(need: PumpNeed) {
    this.#need = need;
  }

  get state(): SyncState {
    return this.#state;
  }

  /** Something may be due: sends it in the background. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#again = true;
    this.#draining ??= this.#drainAll()
      .catch((thrown: unknown) => {
        this.#broken = this.#asError(thrown).toData();
      })
      .finally(() => {
        this.#draining = undefined;
        this.#rest();
      });
  }

  /** A person asks: rows that wait for their time are tried now, a stopped target too. Resolves with the backlog then. */
  async run(): Promise<Backlog> {
    const { records, clock } = this.#need;
    await this.#draining;
    this.#held.clear();
    await records.commits.commit(() => records.outbox.allDue(clock.now()));
    this.wake();
    await this.#draining;
    return records.outbox.backlog();
  }

  /** Stops sending; what was claimed and not settled goes back with the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort(new StationError('station.stopping'));
    clearTimeout(this.#timer);
    await this.#draining;
  }

  /** Goes over the targets until nobody has called `wake` meanwhile. */
  async #drainAll(): Promise<void> {
    this.#broken = undefined;
    await this.#giveBack();
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false;
      for (const target of this.#need.targets) await this.#drain(target);
    }
  }

  /** Nothing is on its way when a drain begins: rows that are still claimed were left by one that broke off. */
  async #giveBack(): Promise<void> {
    const { outbox, commits } = this.#need.records;
    const left = outbox.leased();
    if (left.length === 0) return;
    await commits.commit(() => {
      for (const id of left) outbox.release(id);
    });
  }

  /** Sends a target's due rows, batch after batch, until none is due or a call fails as a whole. */
  async #drain(target: Target): Promise<void> {
    const { records, clock } = this.#need;
    while ((this.#held.get(target.name)?.until ?? 0) <= clock.now()) {
      const now = clock.now();
      const rows = await records.commits.commit(() => {
        return records.outbox.lease(target.name, now, now + leaseMs, target.batch);
      });
      if (rows.length === 0) return;
      this.#show({ state: 'sending' });
      try {
        await this.#settle(rows, await target.send(rows, this.#stopping.signal));
        this.#held.delete(target.name);
      } catch (thrown) {
        await this.#setBack(target, rows, this.#asError(thrown).toData());
      }
    }
  }

  /** One commit: every row's fate, its audit entry, the secret's end with the receipt, and the backlog event. */
  async #settle(rows: readonly OutboxRow[], fates: ReadonlyMap<number, Fate>): Promise<void> {
    const { records, clock, record, random } = this.#need;
    await records.commits.commit(() => {
      for (const row of rows) {
        const fate = fates.get(row.id) ?? {
          retry: { code: 'cloud.malformed', details: { what: 'no answer for this entry' } },
        };
        record(row, fate);
        if ('done' in fate) {
          records.outbox.done(row.id, fate.done);
          // Storing the receipt and destroying the secret is one transaction (docs/design.md, Credentials).
          if (row.credential !== null) records.credentials.destroy(row.credential);
        } else if ('park' in fate) records.outbox.park(row.id, fate.park);
        else records.outbox.retry(row.id, clock.now() + retryAfterMs(fate.retry, row.attempts, random()), fate.retry);
      }
      noteBacklog(records, isoTime(clock));
    });
  }

  /** The call failed as a whole: the target is held for a while, or, where only a person can help, until one asks. */
  async #setBack(target: Target, rows: readonly OutboxRow[], error: ErrorData): Promise<void> {
    const { records, clock, random } = this.#need;
    const failures = this.#held.get(target.name)?.failures ?? 0;
    const until = errors[error.code].retry ? clock.now() + retryAfterMs(error, failures, random()) : Infinity;
    this.#held.set(target.name, { until, failures: failures + 1, error });
    await records.commits.commit(() => {
      for (const row of rows) {
        if (until === Infinity || error.code === 'station.stopping') records.outbox.release(row.id);
        // The target is held, not the row: once it is reached again, everything is due.
        else records.outbox.retry(row.id, clock.now(), error);
      }
      noteBacklog(records, isoTime(clock));
    });
  }

  /** Shows why nothing is sent, and waits for what is due next by a timer of its own; nothing is polled. */
  #rest(): void {
    if (this.#stopping.signal.aborted) return;
    clearTimeout(this.#timer);
    if (this.#broken) {
      this.#show({ state: 'waiting', error: this.#broken });
      this.#timer = setTimeout(() => this.wake(), brokenMs);
      return;
    }
    const now = this.#need.clock.now();
    const held = [...this.#held.values()].sort((a, b) => b.until - a.until)[0];
    if (held?.until === Infinity) {
      this.#show({ state: 'stopped', error: held.error });
      return;
    }
    if (held?.error.code === 'cloud.unreachable') {
      this.#watch(held);
      return;
    }
    const due = Math.max(this.#need.records.outbox.nextDue() ?? 0, held?.until ?? 0);
    // Rows that are due now and were not sent wait for another row, whose receipt wakes us; a timer would only spin.
    if (due <= now) {
      this.#show({ state: 'idle' });
      return;
    }
    this.#show({ state: 'waiting', until: new Date(due).toISOString(), ...(held ? { error: held.error } : {}) });
    this.#timer = setTimeout(() => this.wake(), Math.min(due - now, 2 ** 31 - 1));
  }

  /** Without a network: looks for it every few seconds, so that draining begins by itself soon after it is back. */
  #watch(held: Held): void {
    this.#show({ state: 'waiting', error: held.error });
    // A time of its own: units that are made meanwhile wake the pump, and must not put the next look off.
    const now = this.#need.clock.monotonic();
    this.#lookAt ??= now + probeEveryMs * (0.8 + 0.4 * this.#need.random());
    this.#timer = setTimeout(
      () => {
        this.#lookAt = undefined;
        this.#draining ??= this.#probe().finally(() => {
          this.#draining = undefined;
          if (this.#again) this.wake();
          else this.#rest();
        });
      },
      Math.max(0, this.#lookAt - now),
    );
  }

  /** Lets go of every target that can be reached again. */
  async #probe(): Promise<void> {
    for (const target of this.#need.targets) {
      if (this.#held.get(target.name)?.error.code !== 'cloud.unreachable') continue;
      if (!(await target.reachable(this.#stopping.signal))) continue;
      this.#held.delete(target.name);
      this.#again = true;
    }
  }

  #show(state: SyncState): void {
    this.#state = state;
    this.#need.tell(state);
  }

  #asError(thrown: unknown): StationError {
    return asStationError(thrown, () => this.#need.incident(thrown));
  }
}
