import type { Link } from '../../drivers/link.ts';
import { asStationError, type ErrorData, StationError, sentence } from '../contract/errors.ts';
import type { Progress } from '../contract/events.ts';
import type { LaneView } from '../contract/record.ts';
import type { Outcome, PlannedStep } from '../contract/run.ts';
import { ArmedLanes, type ArmedListeners } from './armed.ts';
import { Bench, type Shop } from './bench.ts';
import { walk } from './engine.ts';
import { openRun, type Scanned } from './opening.ts';
import { plan } from './plan.ts';
import { Queue } from './queue.ts';
import { seal, unsealed, type Verdict } from './seal.ts';
import { Telling } from './telling.ts';
import { Waits } from './waits.ts';

/** One fixture position: its port for people, and how to reach the unit that sits there. */
export type Lane = {
  readonly lane: number;
  readonly port: string;
  readonly simulated: boolean;
  /** Whether something is plugged in at its port when the station starts. */
  readonly attached: boolean;
  /** A fixture that takes both hands: a scan arms the lane, and plugging the unit in starts its run. */
  readonly start?: 'attach';
  /** `label` is what the technician scanned; the practice line puts that unit on the fixture, a real port ignores it. */
  open(label: string, signal: AbortSignal): Promise<Link>;
  /** The device of its port, which external programs may open between two links. */
  readonly device?: string;
};

/** What a finished run took, in milliseconds: from scan to sealed, and of that waiting for the unit and the HSM. */
export type Measured = {
  readonly run: number;
  readonly outcome: Outcome;
  readonly taktMs: number;
  readonly waitedMs: number;
};

type Busy = {
  readonly run: number;
  readonly unit: number;
  readonly stop: AbortController;
  readonly done: Promise<void>;
};

/** The lanes of the station; each runs one unit at a time. */
export class Lanes {
  readonly armed: ArmedLanes;
  readonly #queue: Queue;
  readonly #shop: Shop;
  readonly #lanes: ReadonlyMap<number, Lane>;
  readonly #busy = new Map<number, Busy | 'starting'>();
  readonly #attached = new Set<number>();
  readonly #faults = new Map<number, ErrorData>();
  /** Runs that are over and that the disk did not take the end of. */
  readonly #left = new Map<number, { readonly bench: Bench; readonly verdict: Verdict }>();
  readonly #tell: (progress: Progress) => void;
  readonly #measured: (measured: Measured) => void;
  readonly #sealed: () => void;

  constructor(
    shop: Shop,
    lanes: readonly Lane[],
    listeners: {
      progress: (progress: Progress) => void;
      measured: (measured: Measured) => void;
      sealed: () => void;
      armed: Pick<ArmedListeners, 'start' | 'idle'>;
    },
  ) {
    this.#shop = shop;
    this.#lanes = new Map(lanes.map((lane) => [lane.lane, lane]));
    for (const { lane, attached } of lanes) if (attached) this.#attached.add(lane);
    this.#tell = listeners.progress;
    this.#measured = listeners.measured;
    this.#sealed = listeners.sealed;
    this.#queue = new Queue((lane) => this.#tellLane(lane));
    this.armed = new ArmedLanes({ ...listeners.armed, changed: (lane) => this.#tellLane(lane) });
  }

  /**
   * Opens a run and answers its id once that is durable; the run goes on by itself.
   * Throws `lane.unknown`, `lane.busy`, `lane.stopped`, and what `openRun` throws.
   */
  async start(number: number, scanned: Scanned): Promise<number> {
    const lane = this.requireFree(number);
    const began = performance.now();
    this.#busy.set(number, 'starting');
    this.#faults.delete(number);
    try {
      await this.#sealLeft();
      const planned = plan(scanned.unit.recipe);
      const run = await openRun(this.#shop, number, scanned, planned);
      this.armed.began(number);
      this.#run(lane, run, scanned, planned, began);
      return run;
    } catch (thrown) {
      this.#busy.delete(number);
      throw thrown;
    }
  }

  /** The lane, where it may take a unit now. Throws `lane.unknown`, `lane.busy`, `lane.stopped`. */
  requireFree(number: number): Lane {
    const lane = this.requireKnown(number);
    if (this.#busy.has(number)) throw new StationError('lane.busy', { lane: number });
    const stopped = this.#stopped(number);
    if (stopped) throw stopped;
    return lane;
  }

  /** Stops a run at its next step or wait, and answers its lane. Throws `run.unknown` when it is not running. */
  abort(run: number, who: string): number {
    for (const [lane, busy] of this.#busy) {
      if (busy === 'starting' || busy.run !== run) continue;
      busy.stop.abort(new StationError('run.aborted', { who }));
      return lane;
    }
    throw new StationError('run.unknown', { run });
  }

  /** Resolves when no lane works. */
  async idle(): Promise<void> {
    await Promise.all([...this.#busy.values()].map((busy) => (busy === 'starting' ? undefined : busy.done)));
  }

  /** Resolves when this lane's run has ended. */
  async ended(lane: number): Promise<void> {
    const busy = this.#busy.get(lane);
    if (busy && busy !== 'starting') await busy.done;
  }

  /** Something was plugged into this lane's port, or pulled out. A lane never takes another port than its own. */
  plugged(lane: number, attached: boolean): void {
    if (attached) this.#attached.add(lane);
    else this.#attached.delete(lane);
    this.#tellLane(lane);
    this.armed.plugged(lane, attached, this.#busy.has(lane));
  }

  /** A unit that was plugged in could not be started: the lane says why until its next unit. */
  refused(lane: number, error: ErrorData): void {
    this.#faults.set(lane, error);
    this.#tellLane(lane);
  }

  /** A lead has looked at the units: the lane may go on. The caller has written it down. */
  released(lane: number): void {
    this.#tellLane(lane);
  }

  /** Every lane stopped, or goes on. */
  changed(): void {
    for (const lane of this.#lanes.keys()) this.#tellLane(lane);
  }

  /** Throws `lane.unknown`. */
  requireKnown(lane: number): Lane {
    const known = this.#lanes.get(lane);
    if (!known) throw new StationError('lane.unknown', { lane });
    return known;
  }

  /** Why this lane takes no unit before people have looked: at the records of the whole station, or at its own units. */
  #stopped(lane: number): StationError | undefined {
    const whole = this.#shop.stop.error();
    if (whole) return new StationError(whole.code, whole.details);
    const error = this.#shop.records.laneStops.of(lane);
    return error && new StationError('lane.stopped', { lane, reason: sentence(error) });
  }

  #faultOf(lane: number): ErrorData | undefined {
    return this.#faults.get(lane) ?? this.#stopped(lane)?.toData();
  }

  #tellLane(lane: number): void {
    this.#tell({ type: 'lane', lane, ...this.#stateOf(lane) });
  }

  #stateOf(lane: number): Pick<LaneView, 'attached' | 'fault' | 'armed' | 'waits'> {
    const [fault, armed, waits] = [this.#faultOf(lane), this.armed.view(lane), this.#queue.of(lane)];
    const attached = this.#attached.has(lane);
    return { attached, ...(fault ? { fault } : {}), ...(armed ? { armed } : {}), ...(waits ? { waits } : {}) };
  }

  /** Stops every run and waits for their seals. */
  async stop(): Promise<void> {
    for (const busy of this.#busy.values())
      if (busy !== 'starting') busy.stop.abort(new StationError('station.stopping'));
    await this.idle();
    // What cannot be written now either, the next start closes (recover.ts).
    await this.#sealLeft().catch((thrown: unknown) => this.#shop.incident(thrown));
  }

  view(): LaneView[] {
    const { runs, journal } = this.#shop.records;
    return [...this.#lanes.values()].map(({ lane, port, simulated, start }) => {
      const last = runs.lastOfLane(lane);
      const run = last === undefined ? undefined : journal.run(last);
      const kind = { port, simulated, ...(start ? { start } : {}) };
      return { lane, ...kind, ...this.#stateOf(lane), ...(run ? { run } : {}) };
    });
  }

  async #seal(bench: Bench, verdict: Verdict): Promise<Verdict> {
    try {
      return await seal(bench, verdict);
    } catch (thrown) {
      const late = unsealed(verdict, thrown);
      if (late) this.#left.set(bench.lane, { bench, verdict: late });
      throw thrown;
    }
  }

  /** Closes the runs whose end the disk did not take, before anything else is begun. */
  async #sealLeft(): Promise<void> {
    for (const [lane, left] of this.#left) {
      this.#left.delete(lane);
      await this.#seal(left.bench, left.verdict);
      this.#faults.delete(lane);
      this.#tellLane(lane);
    }
  }

  #run(lane: Lane, run: number, { unit, actor, code }: Scanned, planned: readonly PlannedStep[], began: number): void {
    const stop = new AbortController();
    const waits = new Waits();
    const telling = new Telling({ run, lane: lane.lane }, this.#shop.clock, this.#tell);
    const bench = new Bench({
      shop: this.#shop,
      unit,
      run,
      lane: lane.lane,
      actor,
      waits,
      queue: this.#queue,
      signal: stop.signal,
      device: lane.device,
      tellPercent: (percent) => telling.percent(percent),
      openLink: (signal) => lane.open(code, signal),
    });
    const done = walk(bench, planned, (step) => telling.step(step))
      .then((verdict) => this.#seal(bench, verdict))
      .then(({ outcome }) => {
        if (this.#stopped(lane.lane)) this.#tellLane(lane.lane);
        this.#measured({ run, outcome, taktMs: performance.now() - began, waitedMs: waits.ms });
        this.#sealed();
      })
      // The seal could not be written: the lane says why, and the run is closed as soon as something can be written again.
      .catch((thrown: unknown) => {
        this.#faults.set(lane.lane, asStationError(thrown, () => this.#shop.incident(thrown)).toData());
        this.#tellLane(lane.lane);
      })
      .finally(() => this.#busy.delete(lane.lane));
    this.#busy.set(lane.lane, { run, unit: unit.id, stop, done });
  }
}
