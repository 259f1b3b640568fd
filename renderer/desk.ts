import { asStationError, type ErrorData } from '../station-core/contract/errors.ts';
import { nextLane, retryLane } from './looks.ts';
import type { LaneState } from './runs.ts';
import { idleScanner, onceMore, press, type Scan, type Scanner, taken, whole } from './scanner.ts';
import { Store } from './store.ts';

/** Why a scan went nowhere, beside what the station itself refuses. */
export type Unplaced = 'offline' | 'no-lane';

/** What became of the last scan. */
export type Fate =
  | { readonly kind: 'sending' | 'taken'; readonly lane: number }
  | { readonly kind: 'refused'; readonly lane: number; readonly error: ErrorData }
  | { readonly kind: 'unplaced'; readonly why: Unplaced };

export type Desk = {
  readonly scanner: Scanner;
  /** The lane that the next scan goes to, if somebody chose one. */
  readonly selected: number | undefined;
  /** Scans on their way, by lane: shown at once, before the station has opened the run. */
  readonly starting: ReadonlyMap<number, string>;
  readonly last: { readonly scan: Scan; readonly fate: Fate } | undefined;
};

/** The lanes as they are now, or nothing without a connection; and how a run is started. */
export type Bench = {
  lanes(): readonly LaneState[] | undefined;
  startRun(lane: number, serial: string): Promise<void>;
  /** A person was there: what called for one is quiet. */
  seen(): void;
};

/** Takes keys and clicks, and brings one scan after the other to its lane. */
export class ScanDesk {
  readonly desk = new Store<Desk>({
    scanner: idleScanner,
    selected: undefined,
    starting: new Map(),
    last: undefined,
  });
  readonly #bench: Bench;
  #working = false;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  press(key: string, at: number): void {
    const { scanner, selected } = this.desk.get();
    // Escape clears what was gathered; with nothing gathered, it gives the choice of the lane back, and says that somebody came.
    const free = key === 'Escape' && scanner.gathered.length === 0;
    if (free) this.#bench.seen();
    this.desk.change({ scanner: press(scanner, key, at), selected: free ? undefined : selected });
    this.#work();
  }

  /** A label that was clicked instead of scanned. */
  click(label: string, at: number): void {
    this.desk.change({ scanner: whole(this.desk.get().scanner, label, at) });
    this.#work();
  }

  /** Makes the unit once more whose run may be tried again, on its own lane. Nothing where there is none. */
  retry(at: number, only?: number): void {
    const { scanner, selected } = this.desk.get();
    const lane = retryLane(this.#bench.lanes() ?? [], only ?? selected);
    if (!lane?.run) return;
    this.desk.change({ selected: lane.lane, scanner: onceMore(scanner, lane.run.serial, at) });
    this.#work();
  }

  /** Chooses the lane of the next scan; choosing it again gives the choice back. */
  select(lane: number): void {
    this.desk.change({ selected: this.desk.get().selected === lane ? undefined : lane });
  }

  /** The connection is back and the lanes are as the station has them: no scan is in doubt any more. */
  reconnected(): void {
    this.desk.change({ starting: new Map() });
  }

  /** One scan at a time, so that each sees the lanes that the one before it left free. */
  #work(): void {
    const scan = this.desk.get().scanner.queue[0];
    if (!scan || this.#working) return;
    this.#working = true;
    this.desk.change({ scanner: taken(this.desk.get().scanner) });
    // `#place` ends every scan with a fate and rejects for none.
    void this.#place(scan).finally(() => {
      this.#working = false;
      this.#work();
    });
  }

  async #place(scan: Scan): Promise<void> {
    const { selected, starting } = this.desk.get();
    const lanes = this.#bench.lanes();
    const lane = lanes && nextLane(lanes, selected, new Set(starting.keys()));
    if (lane === undefined) {
      this.desk.change({ last: { scan, fate: { kind: 'unplaced', why: lanes ? 'no-lane' : 'offline' } } });
      return;
    }
    const on = new Map(starting).set(lane, scan.code);
    this.desk.change({ starting: on, last: { scan, fate: { kind: 'sending', lane } } });
    const fate = await this.#start(lane, scan.code);
    const off = new Map(this.desk.get().starting);
    // Cut off before its answer, a scan may have started or not: its lane must not go back to the verdict before.
    if (fate.kind !== 'refused' || fate.error.code !== 'rpc.closed') off.delete(lane);
    const accepted = fate.kind === 'taken' ? { selected: undefined } : {};
    this.desk.change({ starting: off, last: { scan, fate }, ...accepted });
  }

  async #start(lane: number, serial: string): Promise<Fate> {
    try {
      await this.#bench.startRun(lane, serial);
      return { kind: 'taken', lane };
    } catch (thrown) {
      return { kind: 'refused', lane, error: asStationError(thrown, () => 'screen').toData() };
    }
  }
}
