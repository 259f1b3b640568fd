import { behindPrefix, type Code, type Command, readCode } from '../station-core/contract/codes.ts';
import { asStationError, type ErrorData } from '../station-core/contract/errors.ts';
import type { ArmedLane } from '../station-core/contract/lanes.ts';
import type { Scanning } from '../station-core/contract/scanners.ts';
import type { Found } from '../station-core/contract/test-label.ts';
import { nextLane, retryLane } from './looks.ts';
import type { LaneState } from './runs.ts';
import { idleScanner, onceMore, press, type Scan, type Scanner, taken, whole } from './scanner.ts';
import { Store } from './store.ts';

/** Why a scan went nowhere, beside what the station itself refuses. */
export type Unplaced = 'offline' | 'no-lane' | 'elsewhere' | 'badge' | 'nothing-to-retry' | 'nothing-to-confirm';

/** What became of the last scan. */
export type Fate =
  | { readonly kind: 'sending' | 'taken' | 'chosen'; readonly lane: number }
  /** The lane waits for its unit to be plugged in, up to this time, ISO 8601. */
  | { readonly kind: 'armed'; readonly lane: number; readonly until: string }
  | { readonly kind: 'refused'; readonly lane: number; readonly error: ErrorData }
  | { readonly kind: 'unplaced'; readonly why: Unplaced }
  | { readonly kind: 'misread'; readonly error: ErrorData }
  | { readonly kind: 'test'; readonly found: Found }
  | { readonly kind: 'missed'; readonly count: number; readonly since: string };

export type Desk = {
  readonly scanner: Scanner;
  /** The lane that the next scan goes to, if somebody chose one. */
  readonly selected: number | undefined;
  /** Scans on their way, by lane: shown at once, before the station has opened the run. */
  readonly starting: ReadonlyMap<number, string>;
  readonly last: { readonly scan: Scan; readonly fate: Fate } | undefined;
};

/** What the desk stands on: the lanes as they are now, or nothing without a connection, and what is done with them. */
export type Bench = {
  lanes(): readonly LaneState[] | undefined;
  startRun(lane: number, serial: string, how: Scan['how']): Promise<void>;
  /** For a lane that starts by plugging the unit in: a run that began, or until when the lane waits. */
  armLane(lane: number, serial: string, how: Scan['how']): Promise<ArmedLane>;
  /** What the station's scanners and labels are set up for. */
  scanning(): Scanning;
  /** Whether a dialog is open, which is to be answered first. */
  hasDialog(): boolean;
  /** Presses the button that most people want of a dialog that is open; whether there was one. */
  confirm(): boolean;
  /** A person was there: what called for one is quiet. */
  seen(): void;
};

/** Takes a code for a screen of its own, or leaves it. */
export type TakeCode = (code: Code) => boolean;

/** Takes keys and clicks, and brings one scan after the other to its lane. */
export class ScanDesk {
  readonly desk = new Store<Desk>({
    scanner: idleScanner,
    selected: undefined,
    starting: new Map(),
    last: undefined,
  });
  readonly #bench: Bench;
  readonly #takers: TakeCode[] = [];
  #onLanes = true;
  #working = false;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  get scanning(): Scanning {
    return this.#bench.scanning();
  }

  /** Whether people look at the lanes, with nothing in front: a unit that is scanned elsewhere starts nothing. */
  get isOpen(): boolean {
    return this.#onLanes && !this.#bench.hasDialog();
  }

  /** Whether the lanes are the screen that is shown. */
  look(onLanes: boolean): void {
    this.#onLanes = onLanes;
  }

  /** Until it stops, codes are offered to this first: sign-in by a badge, say. Returns how to stop. */
  offer(take: TakeCode): () => void {
    this.#takers.push(take);
    return () => void this.#takers.splice(this.#takers.indexOf(take), 1);
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
    this.desk.change({ scanner: whole(this.desk.get().scanner, label, at, 'typed') });
    this.#work();
  }

  /** A code that came whole: from a serial scanner, or in the middle of something else. */
  scanned(code: string, at: number): void {
    this.desk.change({ scanner: whole(this.desk.get().scanner, code, at, 'scanned') });
    this.#work();
  }

  /** What a serial scanner told that is no code. */
  misread(error: ErrorData, at: number): void {
    this.#end({ code: '', how: 'scanned', at }, { kind: 'misread', error });
  }

  /** Takes what became of the last scan off the screen. */
  forget(): void {
    this.desk.change({ last: undefined });
  }

  /** Scans that no page took, the last of them then. */
  missed(count: number, since: string, at: number): void {
    this.#end({ code: '', how: 'scanned', at }, { kind: 'missed', count, since });
  }

  /** Makes the unit once more whose run may be tried again, on its own lane. Answers whether there is one. */
  retry(at: number, only?: number): boolean {
    const { scanner, selected } = this.desk.get();
    const lane = retryLane(this.#bench.lanes() ?? [], only ?? selected);
    if (!lane?.run) return false;
    this.desk.change({ selected: lane.lane, scanner: onceMore(scanner, lane.run.serial, at) });
    this.#work();
    return true;
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

  async #place(raw: Scan): Promise<void> {
    const { prefix, checksum } = this.#bench.scanning();
    const scan = withoutPrefix(raw, prefix);
    const code = readCode(scan.code, checksum);
    if (this.#takers.toReversed().some((take) => take(code))) return;
    switch (code.kind) {
      case 'unit':
        return this.#bring({ ...scan, code: code.serial });
      case 'fixture':
        return this.#choose(scan, code.lane);
      case 'command':
        return this.#command(scan, code.command);
      case 'person':
        return this.#end(scan, { kind: 'unplaced', why: 'badge' });
      case 'test':
        return this.#end(scan, { kind: 'test', found: code.found });
      case 'misread':
        return this.#end(scan, { kind: 'misread', error: code.error });
    }
  }

  #end(scan: Scan, fate: Fate): void {
    this.desk.change({ last: { scan, fate } });
  }

  #choose(scan: Scan, lane: number): void {
    const known = this.#bench.lanes()?.some((one) => one.lane === lane);
    if (known) this.desk.change({ selected: lane });
    const unknown = { code: 'lane.unknown', details: { lane } } as const;
    this.#end(scan, known ? { kind: 'chosen', lane } : { kind: 'misread', error: unknown });
  }

  #command(scan: Scan, command: Command): void {
    switch (command) {
      case 'retry':
        if (!this.retry(scan.at)) this.#end(scan, { kind: 'unplaced', why: 'nothing-to-retry' });
        return;
      case 'confirm':
        if (!this.#bench.confirm()) this.#end(scan, { kind: 'unplaced', why: 'nothing-to-confirm' });
        return;
    }
  }

  async #bring(scan: Scan): Promise<void> {
    const { selected, starting } = this.desk.get();
    const lanes = this.#bench.lanes();
    if (lanes && !this.isOpen) return this.#end(scan, { kind: 'unplaced', why: 'elsewhere' });
    const lane = lanes && nextLane(lanes, selected, new Set(starting.keys()));
    if (lane === undefined) return this.#end(scan, { kind: 'unplaced', why: lanes ? 'no-lane' : 'offline' });
    const on = new Map(starting).set(lane, scan.code);
    this.desk.change({ starting: on, last: { scan, fate: { kind: 'sending', lane } } });
    const fate = await this.#start(lane, scan);
    const off = new Map(this.desk.get().starting);
    // Cut off before its answer, a scan may have started or not: its lane must not go back to the verdict before.
    if (fate.kind !== 'refused' || fate.error.code !== 'rpc.closed') off.delete(lane);
    const accepted = fate.kind === 'refused' ? {} : { selected: undefined };
    this.desk.change({ starting: off, last: { scan, fate }, ...accepted });
  }

  async #start(lane: number, { code, how, again }: Scan): Promise<Fate> {
    // A unit that is made once more sits there already.
    const arms = !again && this.#bench.lanes()?.find((one) => one.lane === lane)?.start === 'attach';
    try {
      const armed = arms ? await this.#bench.armLane(lane, code, how) : await this.#bench.startRun(lane, code, how);
      return armed && 'until' in armed ? { kind: 'armed', lane, until: armed.until } : { kind: 'taken', lane };
    } catch (thrown) {
      return { kind: 'refused', lane, error: asStationError(thrown, () => 'screen').toData() };
    }
  }
}

/** A text with the scanner's prefix was scanned, however it came. */
function withoutPrefix(scan: Scan, prefix: string | undefined): Scan {
  const code = behindPrefix(scan.code, prefix);
  return code === undefined ? scan : { ...scan, code, how: 'scanned' };
}
