import { fstatSync, statSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { StationError } from '../station-core/contract/errors.ts';
import { Deadline, unlessAborted } from './deadline.ts';
import { DuplexLink } from './duplex.ts';
import { noticeHangUp } from './hang-up.ts';
import { holders } from './holders.ts';
import type { Link } from './link.ts';

export type SerialPlace = {
  /** A device path; lanes are bound to /dev/serial/by-path, since adapters' own names collide (docs/lessons.md 15). */
  readonly path: string;
  /** 9,600 to 3,000,000. */
  readonly baud: number;
  /** For the message that the port is not there. */
  readonly lane?: number;
};

const openLimit = 5_000;
const leastBaud = 9_600;
const mostBaud = 3_000_000;

/**
 * Opens a serial port, 8 data bits, no parity, 1 stop bit, no flow control, for this process alone. The path is resolved
 * at this moment, so an adapter that came back under another number is found again at its place. Throws `link.missing`,
 * `link.refused`, or the signal's reason.
 */
export async function openSerial({ path, baud, lane, signal }: SerialPlace & { signal: AbortSignal }): Promise<Link> {
  signal.throwIfAborted();
  if (!Number.isInteger(baud) || baud < leastBaud || baud > mostBaud) {
    throw new StationError('link.refused', { port: path, reason: `${baud} baud is not ${leastBaud} to ${mostBaud}` });
  }
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false, lock: true });
  using deadline = new Deadline(openLimit, signal);
  const opened = new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  try {
    await unlessAborted(opened, deadline.signal);
  } catch (error) {
    closeLater(port);
    if (signal.aborted) throw signal.reason;
    throw await notOpened(path, lane, error);
  }
  if (!leadsTo(path, port.port)) {
    closeLater(port);
    port.close();
    throw new StationError('link.missing', { port: path, lane: lane ?? '?' });
  }
  noticeHangUp(port.port);
  return new DuplexLink(path, port, {
    isOpen: () => port.isOpen,
    end: (ended) => {
      if (port.isOpen) port.close(() => ended());
      else ended();
    },
  });
}

/** An open that nobody waits for any more may still succeed, and would hold the port. */
function closeLater(port: SerialPort): void {
  // Nobody waits for its errors either; without a listener they would end the process.
  port.on('error', () => undefined);
  port.once('open', () => port.close());
}

/**
 * Whether the path still leads to the port that was opened. Links are renamed while adapters come and go, and a lane must
 * never talk to another lane's unit. Where a port is no file (Windows), there are no links either.
 */
export function leadsTo(path: string, opened: object | undefined): boolean {
  if (process.platform === 'win32' || opened === undefined || !('fd' in opened)) return true;
  if (typeof opened.fd !== 'number') return false;
  return statSync(path, { throwIfNoEntry: false })?.rdev === fstatSync(opened.fd).rdev;
}

/** serialport says everything in words: "Error: No such file or directory, cannot open /dev/…", "… Cannot lock port". */
async function notOpened(port: string, lane: number | undefined, cause: unknown): Promise<StationError> {
  const words = cause instanceof Error ? cause.message : '';
  if (/no such (file|device)|file not found/i.test(words)) {
    return new StationError('link.missing', { port, lane: lane ?? '?' }, { cause });
  }
  const known = reasons.find(([pattern]) => pattern.test(words))?.[1] ?? 'the operating system refused it';
  const reason = known === held ? await heldBy(port) : known;
  return new StationError('link.refused', { port, reason }, { cause });
}

/** Who holds it, for the person who has to close that program. */
async function heldBy(port: string): Promise<string> {
  const who = await holders(port);
  if (who.some(({ pid }) => pid === process.pid)) return 'this station holds it itself, for another lane';
  const names = who.map(({ name, pid }) => `${name}, process ${pid}`);
  return names.length === 0 ? held : `${held} (${names.join('; ')})`;
}

const held = 'another program holds it';
const reasons: readonly (readonly [RegExp, string])[] = [
  [/lock|busy|in use/i, held],
  [/permission|access denied/i, 'this account may not use it'],
  [/no end after/, 'it did not open in time'],
  [/invalid|not a (tty|typewriter)|inappropriate/i, 'it is no serial port'],
];
