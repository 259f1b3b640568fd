// A scanner that types like a keyboard, as a pure reducer over keys and their times. Codes are gathered until Enter,
// queued, and never run into each other.

import { longestCode } from '../station-core/contract/codes.ts';

/** Keys closer together than this come from a scanner. */
export const burstGapMs = 60;
/** The same code again within this time is the same scan: a scanner in continuous mode, or a finger on the trigger. */
export const repeatMs = 2_000;
/** Fewer keys may be close together by chance. */
export const shortestBurst = 4;
/** What was typed and left standing this long before a burst does not belong to it. */
const leftoverMs = 500;
/** One more than any code has: what is cut here is refused for its length, and no part of a code passes for one. */
const longest = longestCode + 1;

export type Scan = {
  readonly code: string;
  readonly how: 'scanned' | 'typed';
  readonly at: number;
  /** Somebody asked to make the unit on the lane once more. */
  readonly again?: true;
};

export type Key = { readonly key: string; readonly at: number };

export type Scanner = {
  readonly gathered: readonly Key[];
  /** Codes that wait to be taken, the oldest first. */
  readonly queue: readonly Scan[];
  /** When each recent code was last seen. */
  readonly seen: Readonly<Record<string, number>>;
  /** The scan that was ignored just now, since it is the same as one before. */
  readonly ignored?: Scan;
};

export const idleScanner: Scanner = { gathered: [], queue: [], seen: {} };

/** The text gathered so far. */
export const gatheredText = ({ gathered }: Scanner): string => gathered.map(({ key }) => key).join('');

/** One key, by its name (KeyboardEvent.key) and its time in milliseconds. */
export function press(scanner: Scanner, key: string, at: number): Scanner {
  const { gathered } = scanner;
  if (key === 'Enter') return enter(scanner, at);
  if (key === 'Escape') return { ...scanner, gathered: [] };
  if (key === 'Backspace') return { ...scanner, gathered: gathered.slice(0, -1) };
  // Shift and its like have names; a character is one code point.
  if ([...key].length !== 1 || gathered.length >= longest) return scanner;
  return { ...scanner, gathered: [...gathered, { key, at }] };
}

/** A whole code at once, as from a serial scanner, or by a click on a label of the practice line. */
export function whole(scanner: Scanner, code: string, at: number, how: Scan['how']): Scanner {
  return queued(scanner, { code, how, at });
}

/** A code once more because somebody asks for it: no scan of the same label by mistake. */
export const onceMore = (scanner: Scanner, code: string, at: number): Scanner => ({
  ...scanner,
  queue: [...scanner.queue, { code, how: 'typed', at, again: true }],
});

/** Takes the oldest waiting code out of the queue. */
export const taken = (scanner: Scanner): Scanner => ({ ...scanner, queue: scanner.queue.slice(1) });

function enter(scanner: Scanner, at: number): Scanner {
  const { keys, how } = cut(scanner.gathered, at);
  const code = keys
    .map(({ key }) => key)
    .join('')
    .trim();
  const cleared = { ...scanner, gathered: [] };
  return code === '' ? cleared : queued(cleared, { code, how, at });
}

function queued(scanner: Scanner, scan: Scan): Scanner {
  const { ignored: _, ...rest } = scanner;
  const recent = Object.entries(scanner.seen).filter(([, at]) => scan.at - at < repeatMs);
  const repeated = recent.some(([code]) => code === scan.code);
  const seen = { ...Object.fromEntries(recent), [scan.code]: scan.at };
  return repeated ? { ...rest, seen, ignored: scan } : { ...rest, seen, queue: [...scanner.queue, scan] };
}

/** Which of the gathered keys are the code: all, or the burst at the end when what stood before it had been left. */
function cut(gathered: readonly Key[], enterAt: number): { keys: readonly Key[]; how: Scan['how'] } {
  const lastPause = gathered.findLastIndex(({ at }, index) => (gathered[index + 1]?.at ?? enterAt) - at >= burstGapMs);
  const burst = gathered.slice(lastPause + 1);
  if (burst.length < shortestBurst) return { keys: gathered, how: 'typed' };
  const before = gathered[lastPause];
  if (!before) return { keys: gathered, how: 'scanned' };
  const pause = (burst[0]?.at ?? enterAt) - before.at;
  return pause >= leftoverMs ? { keys: burst, how: 'scanned' } : { keys: gathered, how: 'typed' };
}
