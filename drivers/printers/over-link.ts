import { setTimeout as pause } from 'node:timers/promises';
import { StationError } from '../../station-core/contract/errors.ts';
import { Deadline, unlessAborted } from '../deadline.ts';
import type { Link } from '../link.ts';
import { type HostStatus, readHostStatus, troubleOf } from './host-status.ts';
import type { Printer } from './printer.ts';
import { printerTrouble } from './trouble.ts';

/** A printer that is on answers at once, also while it prints. */
const answerLimit = 3_000;
/** A label of any length is out by then, or something holds it. */
const printLimit = 30_000;
const askEveryMs = 200;
/** Longer ones are no answer to ~HS, which has some 80 characters. */
const longestAnswer = 4_096;

export type LinkPrinterPlace = {
  readonly name: string;
  readonly dpmm: number;
  /** Whether it answers ~HS; else a label counts as printed when the link took it. */
  readonly status: boolean;
};

/** A ZPL printer behind a link that is opened for every label, so that others can print in between. */
export function linkPrinter(
  { name, dpmm, status }: LinkPrinterPlace,
  open: (signal: AbortSignal) => Promise<Link>,
): Printer {
  return {
    format: 'zpl',
    dpmm,
    async print({ bytes }, signal) {
      try {
        const link = await open(signal);
        try {
          await printOver(link, { printer: name, zpl: bytes, status }, signal);
        } finally {
          await link.close();
        }
      } catch (thrown) {
        throw signal.aborted ? signal.reason : printerTrouble(name, thrown);
      }
    },
  };
}

type OverLink = Pick<LinkPrinterPlace, 'status'> & { readonly printer: string; readonly zpl: Uint8Array };

/**
 * Prints over an open link. With a status it is asked before, so that a printer without paper gets nothing, and after, until it has
 * nothing left to print. Throws as `Printer.print` does, and `link.lost`.
 */
async function printOver(link: Link, { printer, zpl, status }: OverLink, signal: AbortSignal): Promise<void> {
  if (status) await ready(link, printer, signal);
  await link.write(zpl, signal);
  if (!status) return;
  using deadline = new Deadline(printLimit, signal, link.lost);
  try {
    while ((await ready(link, printer, deadline.signal)).waiting > 0) {
      await pause(askEveryMs, undefined, { signal: deadline.signal });
    }
  } catch (thrown) {
    if (signal.aborted || link.lost.aborted || thrown instanceof StationError) throw thrown;
    const reason = `it has not printed within ${printLimit / 1_000} s`;
    throw new StationError('printer.not-ready', { printer, reason }, { cause: thrown });
  }
}

/** The printer's status, where nothing keeps it from printing. */
async function ready(link: Link, printer: string, signal: AbortSignal): Promise<HostStatus> {
  const status = await ask(link, printer, signal);
  const trouble = troubleOf(status, printer);
  if (trouble) throw trouble;
  return status;
}

async function ask(link: Link, printer: string, signal: AbortSignal): Promise<HostStatus> {
  using deadline = new Deadline(answerLimit, signal, link.lost);
  const { promise, resolve } = Promise.withResolvers<HostStatus>();
  let got = Buffer.alloc(0);
  const stop = link.listen((bytes) => {
    got = Buffer.concat([got, bytes]).subarray(-longestAnswer);
    const status = readHostStatus(got);
    if (status) resolve(status);
  });
  try {
    await link.write(Buffer.from('~HS\r\n', 'ascii'), deadline.signal);
    return await unlessAborted(promise, deadline.signal);
  } catch (cause) {
    if (!deadline.passed) throw cause instanceof StationError ? cause : deadline.signal.reason;
    throw new StationError('printer.silent', { printer }, { cause });
  } finally {
    stop();
  }
}
