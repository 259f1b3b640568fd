import { setTimeout as pause } from 'node:timers/promises';
import { asStationError, StationError } from '../station-core/contract/errors.ts';
import { unlessAborted } from './deadline.ts';
import type { Link } from './link.ts';
import { type Framing, type ScanFrame, ScanFrames } from './scan-frames.ts';
import { openSerial } from './serial.ts';

export type ScannerPlace = Framing & {
  /** The scanner's number, for messages. */
  readonly scanner: number;
  /** A device path; by place, as those of lanes (serial.ts). */
  readonly path: string;
  readonly baud: number;
};

export type ScannerListeners = {
  scanned(frame: ScanFrame): void;
  /** It is read again, or why it cannot be. */
  is(error: StationError | undefined): void;
};

/** A scanner sends a code in one go: what stands unfinished for longer lost its end. */
const gapMs = 500;
/** How often a scanner that is not there is looked for: unplugging and plugging takes a person longer. */
const retryMs = 500;

/** A scanner at a serial port: opened, read, and opened again when it comes back, until it is closed. */
export class SerialScanner {
  readonly #place: ScannerPlace;
  readonly #told: ScannerListeners;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(place: ScannerPlace, told: ScannerListeners) {
    this.#place = place;
    this.#told = told;
    this.#done = this.#keepReading();
  }

  /** Lets go of the port; nothing is told afterwards. */
  async close(): Promise<void> {
    this.#stop.abort(new StationError('station.stopping'));
    await this.#done;
  }

  async #keepReading(): Promise<void> {
    const { signal } = this.#stop;
    let before: string | undefined;
    while (!signal.aborted) {
      const error = await this.#readOnce(() => {
        before = undefined;
        this.#told.is(undefined);
      });
      if (signal.aborted) return;
      // Said once, and not at every try.
      if (error.message !== before) this.#told.is(error);
      before = error.message;
      // Aborted, it rejects, and the loop ends.
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Reads until the port is lost or could not be opened, and answers why. */
  async #readOnce(opened: () => void): Promise<StationError> {
    const { path, baud } = this.#place;
    try {
      const link = await openSerial({ path, baud, signal: this.#stop.signal });
      try {
        opened();
        await this.#read(link);
      } finally {
        await link.close();
      }
    } catch (thrown) {
      return this.#errorOf(thrown);
    }
    return this.#gone();
  }

  /** Resolves when the link is lost or the scanner is closed. */
  async #read(link: Link): Promise<void> {
    const frames = new ScanFrames(this.#place);
    const tell = (found: readonly ScanFrame[]) => {
      for (const frame of found) this.#told.scanned(frame);
    };
    let gap: NodeJS.Timeout | undefined;
    const unlisten = link.listen((bytes) => {
      clearTimeout(gap);
      tell(frames.take(bytes));
      if (frames.isOpen) gap = setTimeout(() => tell(frames.cut()), gapMs);
    });
    try {
      const { promise: lost, resolve } = Promise.withResolvers<void>();
      link.lost.addEventListener('abort', () => resolve(), { once: true });
      if (link.lost.aborted) return;
      await unlessAborted(lost, this.#stop.signal);
    } finally {
      unlisten();
      clearTimeout(gap);
      if (!this.#stop.signal.aborted) tell(frames.cut());
    }
  }

  #errorOf(thrown: unknown): StationError {
    const { scanner } = this.#place;
    const error = asStationError(thrown, () => 'scanner');
    if (error.code === 'internal') return error;
    if (error.code !== 'link.refused') return this.#gone(thrown);
    return new StationError('scanner.refused', { scanner, reason: error.details.reason ?? '?' }, { cause: thrown });
  }

  #gone(cause?: unknown): StationError {
    return new StationError('scanner.gone', { scanner: this.#place.scanner }, { cause });
  }
}
