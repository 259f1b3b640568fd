import { connect, type Socket } from 'node:net';
import { Deadline, unlessAborted } from '../deadline.ts';
import { DuplexLink } from '../duplex.ts';
import { type LinkPrinterPlace, linkPrinter } from './over-link.ts';
import type { Printer } from './printer.ts';

export type TcpPrinterPlace = LinkPrinterPlace & {
  readonly host: string;
  /** 9100 is what printers listen at for what goes to paper as it comes. */
  readonly port: number;
};

const connectLimit = 5_000;

/** A ZPL printer at a raw TCP port. */
export function tcpPrinter({ host, port, ...place }: TcpPrinterPlace): Printer {
  return linkPrinter(place, (signal) => open(host, port, signal));
}

async function open(host: string, port: number, signal: AbortSignal): Promise<DuplexLink> {
  signal.throwIfAborted();
  const socket = connect({ host, port });
  using deadline = new Deadline(connectLimit, signal);
  try {
    await unlessAborted(connected(socket), deadline.signal);
  } catch (thrown) {
    // An error that comes after nobody waits must not end the process.
    socket.on('error', () => undefined).destroy();
    throw thrown;
  }
  return new DuplexLink(`${host}:${port}`, socket, {
    isOpen: () => socket.writable,
    // Ended and not cut off: what was written last is still on its way.
    end: (ended) => {
      socket.once('close', () => ended());
      socket.end(() => socket.destroy());
      if (socket.closed) ended();
    },
  });
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
}
