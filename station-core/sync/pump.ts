import type { Clock } from '../clock.ts';
import { asStationError, type ErrorData, StationError } from '../contract/errors.ts';
import type { Backlog, SyncState } from '../contract/record.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { Records } from '../store/records.ts';
import { Breaker } from './breaker.ts';
import { Fates } from './fates.ts';
import { Progress } from './progress.ts';
import { restOf } from './rest.ts';
import type { Fate, Sent, Target } from './targets/target.ts';

/** Longer than a call may take with its comparisons, so that nobody else claims a row that is being sent. */
const leaseMs = 5 * 60_000;

/** How often an absent network is looked for: a few seconds of delay for a factory, nothing for a network. */
const probeEveryMs = 3_000;

/** How soon a drain is tried again that the station's own disk broke off. */
const brokenMs = 5_000;

export type PumpNeed = {
  readonly records: Pick<Records, 'outbox' | 'commits' | 'holds'>;
  readonly clock: Clock;
  readonly targets: readonly Target[];
  /** In [0, 1); for jitter. */
  readonly random: () => number;
  /** Inside the commit that settles a row: what else follows from its fate, such as its audit entry. */
  readonly settled: (row: OutboxRow, fate: Fate) => void;
  /** Inside the same commit: operations that the call with these rows was billed for. */
  readonly billed: (rows: readonly OutboxRow[], operations: number) => void;
  /** Inside each commit that changed how many rows are in which state. */
  readonly counted: () => void;
  /** Inside a commit: a target refused the station as such, and is left alone until a person asks. */
  readonly stopped: (target: string, error: ErrorData) => void;
  readonly tell: (state: SyncState) => void;
  readonly incident: (thrown: unknown) => string;
};

/** Carries rows from the outbox to their targets, each row to its own fate; it never gives up silently. */
export class Pump {
  readonly #need: PumpNeed;
  readonly #stopping = new AbortController();
  readonly #breaker: Breaker;
  readonly #fates: Fates;
  readonly #progress: Progress;
  #draining: Promise<void> | undefined;
  #again = false;
  /** Why the last drain broke off, when it was the station's own fault: its record could not be written. */
  #broken: ErrorData | undefined;
  /** When each target's rows were last asked for. */
  readonly #asked = new Map<string, number>();
  /** When the network is looked for next, by the monotonic clock. */
  #lookAt: number | undefined;
  #silence: (() => void) | undefined;
  #state: SyncState = { state: 'idle' };

  constructor(need: PumpNeed) {
    this.#need = need;
    const { records, clock, random, stopped } = need;
    this.#breaker = new Breaker({ holds: records.holds, clock, random, stopped });
    this.#fates = new Fates(need, this.#breaker);
    this.#progress = new Progress(clock);
  }

  get state(): SyncState {
    return this.#state;
  }

  /** Whether something is on its way. */
  get isBusy(): boolean {
    return this.#draining !== undefined;
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
    const { records, clock, targets } = this.#need;
    await records.commits.commit(() => {
      for (const { name } of targets) this.#breaker.lift(name);
      records.outbox.allDue(clock.now());
    });
    this.wake();
    await this.#draining;
    return records.outbox.backlog();
  }

  /** Stops sending; what was claimed and not settled goes back with the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort(new StationError('station.stopping'));
    this.#silence?.();
    await this.#draining;
  }

  /** Goes over the targets until nobody has called `wake` meanwhile. */
  async #drainAll(): Promise<void> {
    this.#broken = undefined;
    this.#progress.begin();
    await this.#giveBack();
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false;
      await allOf(this.#need.targets.map((target) => endOf(this.#drain(target))));
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

  /**
   * Sends a target's due rows, several calls at a time, until none is due or a call fails as a whole. It begins with one
   * call, which is the only one to find out that the target is still away; whenever one came through and more are waiting, it
   * adds another.
   */
  async #drain(target: Target): Promise<void> {
    const lines: Promise<End>[] = [];
    const another = () => {
      if (lines.length < target.abreast) lines.push(endOf(this.#line(target, another)));
    };
    another();
    await allOf(lines);
  }

  async #line(target: Target, another: () => void): Promise<void> {
    let rows = await this.#need.records.commits.commit(() => this.#claim(target));
    while (rows.length > 0) {
      rows = await this.#carry(target, rows);
      if (rows.length === target.batch) another();
    }
  }

  /** Inside a commit: the rows of the next call. */
  #claim({ name, batch }: Target): OutboxRow[] {
    const { records, clock } = this.#need;
    const now = clock.now();
    this.#asked.set(name, now);
    if (this.#stopping.signal.aborted || !this.#breaker.mayCall(name, now)) return [];
    return records.outbox.lease(name, now, now + leaseMs, batch);
  }

  /** One call; then one commit for every row's fate, what follows from it, and the claim of the next rows, which it answers. */
  async #carry(target: Target, rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
    const { records, clock, billed, counted } = this.#need;
    const began = clock.now();
    const sent: Sent = { fates: new Map(), operations: 0 };
    this.#showSending();
    const broke = await target.send(rows, this.#stopping.signal, sent).then(
      () => undefined,
      (thrown: unknown) => this.#asError(thrown).toData(),
    );
    const next = await records.commits.commit(() => {
      this.#fates.settle(target, { rows, sent, broke, began });
      if (sent.operations > 0) billed(rows, sent.operations);
      counted();
      return this.#claim(target);
    });
    this.#progress.settled(sent.fates.size);
    return next;
  }

  /** Shows why nothing is sent, and waits for what is due next by a timer of its own; nothing is polled. */
  #rest(): void {
    if (this.#stopping.signal.aborted) return;
    const { records, clock, targets } = this.#need;
    this.#silence?.();
    this.#silence = undefined;
    if (this.#broken) {
      this.#show({ state: 'waiting', error: this.#broken });
      this.#silence = clock.timer(brokenMs, () => this.wake());
      return;
    }
    const rest = restOf(
      targets.map(({ name }) => ({
        due: records.outbox.nextDue(name),
        hold: this.#breaker.of(name),
        asked: this.#asked.get(name) ?? 0,
      })),
    );
    this.#show(rest.show);
    const never = Number.POSITIVE_INFINITY;
    const wakeIn = Math.max(0, (rest.wakeAt ?? never) - clock.now());
    const lookIn = rest.look ? this.#lookIn() : never;
    if (Math.min(wakeIn, lookIn) === never) return;
    this.#silence = clock.timer(Math.min(wakeIn, lookIn), () => (lookIn <= wakeIn ? this.#look() : this.wake()));
  }

  /** A time of its own: units that are made meanwhile wake the pump, and must not put the next look off. */
  #lookIn(): number {
    const now = this.#need.clock.monotonic();
    this.#lookAt ??= now + probeEveryMs * (0.8 + 0.4 * this.#need.random());
    return Math.max(0, this.#lookAt - now);
  }

  /** Looks for the network, so that draining begins by itself soon after it is back. */
  #look(): void {
    this.#lookAt = undefined;
    this.#draining ??= this.#probe()
      .catch((thrown: unknown) => {
        this.#broken = this.#asError(thrown).toData();
      })
      .finally(() => {
        this.#draining = undefined;
        if (this.#again) this.wake();
        else this.#rest();
      });
  }

  /** Lets go of every target that can be reached again. */
  async #probe(): Promise<void> {
    const { targets, records } = this.#need;
    for (const target of targets) {
      if (this.#breaker.of(target.name)?.error.code !== 'cloud.unreachable') continue;
      if (!(await target.reachable(this.#stopping.signal))) continue;
      await records.commits.commit(() => this.#breaker.lift(target.name));
      this.#again = true;
    }
  }

  #showSending(): void {
    const { queued, leased } = this.#need.records.outbox.backlog();
    this.#show({ state: 'sending', ...this.#progress.view(queued + leased) });
  }

  #show(state: SyncState): void {
    this.#state = state;
    this.#need.tell(state);
  }

  #asError(thrown: unknown): StationError {
    return asStationError(thrown, () => this.#need.incident(thrown));
  }
}

/** How a work ended that goes on beside others. */
type End = 'done' | { readonly thrown: unknown };

/** One that fails while others are waited for is no rejection that nobody takes, which would end the process. */
const endOf = (work: Promise<void>): Promise<End> =>
  work.then(
    () => 'done',
    (thrown: unknown) => ({ thrown }),
  );

/** Waits for all of them, also for those that are added meanwhile, and throws what the first of them threw. */
async function allOf(works: readonly Promise<End>[]): Promise<void> {
  const ends: End[] = [];
  for (const work of works) ends.push(await work);
  const failed = ends.find((end) => end !== 'done');
  if (failed) throw failed.thrown;
}
