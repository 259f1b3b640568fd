import type { ScanFrame } from '../drivers/scan-frames.ts';
import { SerialScanner } from '../drivers/scanner.ts';
import { isoTime } from './clock.ts';
import type { Config } from './config.ts';
import type { StationError } from './contract/errors.ts';
import { looksLikeBadge } from './contract/people.ts';
import type { MissedScans, ScannerView, SerialScan } from './contract/scanners.ts';
import type { Station } from './station.ts';

/** Takes a scan, or says that it may not. */
export type TakeScan = (scan: SerialScan) => boolean;

/**
 * What serial scanners read, each scan brought to one page: the one that asked last, which is the one that people look at. A scan that
 * nobody takes is not kept: a unit must not start by itself later. How many these were is told to the next page that asks.
 */
export class Scans {
  readonly #now: () => string;
  readonly #tell: (scanner: ScannerView) => void;
  readonly #scanners = new Map<number, ScannerView>();
  #take: TakeScan | undefined;
  #missed: MissedScans = { missed: 0 };

  constructor(now: () => string, tell: (scanner: ScannerView) => void) {
    this.#now = now;
    this.#tell = tell;
  }

  /** From now on scans go to this page, and to nobody once it stops. Answers how to stop. */
  to(take: TakeScan): () => void {
    this.#take = take;
    return () => {
      if (this.#take === take) this.#take = undefined;
    };
  }

  /** The scans that nobody took; they are told once. */
  recall(): MissedScans {
    const missed = this.#missed;
    this.#missed = { missed: 0 };
    return missed;
  }

  scanned(scanner: number, frame: ScanFrame): void {
    const at = this.#now();
    const what = 'code' in frame ? { code: frame.code } : { error: { code: 'scan.unreadable', details: {} } as const };
    if (!this.#take?.({ scanner, at, ...what })) this.#missed = { missed: this.#missed.missed + 1, at };
  }

  is(scanner: number, error: StationError | undefined): void {
    const view = { scanner, ...(error ? { error: error.toData() } : {}) };
    this.#scanners.set(scanner, view);
    this.#tell(view);
  }

  view(): readonly ScannerView[] {
    return [...this.#scanners.values()];
  }
}

/** Whether a page may have a scan: without anybody signed in it gets badges alone, by which people say who they are. */
export const mayHave = (scan: SerialScan, signedIn: boolean): boolean =>
  signedIn || ('code' in scan && looksLikeBadge(scan.code));

/** Opens the scanners of a configuration, and answers how to let go of them. */
export function openScanners({ scanners = [] }: Config, station: Station): () => Promise<void> {
  const { scans, parts } = station;
  const open = scanners.map((place, index) => {
    const scanner = index + 1;
    return new SerialScanner(
      { ...place, scanner },
      {
        scanned: (frame) => scans.scanned(scanner, frame),
        is: (error) => {
          if (error?.code === 'internal') parts.log.incident(error.cause);
          scans.is(scanner, error);
        },
      },
    );
  });
  return async () => {
    await Promise.all(open.map((scanner) => scanner.close()));
  };
}

export const scansOf = (station: Pick<Station, 'parts' | 'tell'>): Scans =>
  new Scans(
    () => isoTime(station.parts.clock),
    (scanner) => station.tell({ type: 'scanner', scanner }),
  );
