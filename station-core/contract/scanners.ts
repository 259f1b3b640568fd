import type { ErrorData } from './errors.ts';

// Scanners: what labels begin with, what a station's scanners are set up for, and what serial ones tell.

/** What labels of this program begin with, each kind with its own; a label that begins otherwise is a unit's. */
export const labels = { person: 'BM-P-', command: 'BM-C-', fixture: 'BM-F-', test: 'BM-T-' } as const;

/** A check character at the end of serials: none, GS1's modulo 10, or ISO/IEC 7064 MOD 37,36. */
export const checksums = ['none', 'mod10', 'mod37-36'] as const;
export type Checksum = (typeof checksums)[number];

/** What ends a code of a serial scanner: a line's end, or what the scanner was set to instead. */
export const endings = ['line', 'tab', 'etx'] as const;
export type Ending = (typeof endings)[number];

/** What this station's scanners that type, and its labels, are set up for. */
export type Scanning = {
  /** What a scanner that types sends before every code; then a code is a scan wherever the focus is. */
  readonly prefix?: string;
  readonly checksum: Checksum;
};

/** A scanner at a serial port, by its number in the configuration. */
export type ScannerView = {
  readonly scanner: number;
  /** Why it cannot be read now; it is tried again by itself. */
  readonly error?: ErrorData;
};

/** What a serial scanner read, or why there is nothing: told to one page, the one that asked last. */
export type SerialScan = { readonly scanner: number; readonly at: string } & (
  | { readonly code: string }
  | { readonly error: ErrorData }
);

/** Scans that nobody took since a page last asked, and when the newest of them came, ISO 8601. */
export type MissedScans = { readonly missed: number; readonly at?: string };
