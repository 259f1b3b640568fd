import { connect, type Socket } from 'node:net';
import { Deadline, unlessAborted } from '../deadline.ts';
import { DuplexLink } from '../duplex.ts';
import { printOver } from './over-link.ts';
import type { Printer } from './printer.ts';
import { printerTrouble } from './trouble.ts';

export type TcpPrinterPlace = {
  readonly name: string;
  readonly host: string;
  /** 9100 is what printers listen at for what goes to paper as it comes. */
  readonly port: number;
  readonly dpmm: number;
  readonly status: boolean;
};

const connectLimit = 5_000;

/** A ZPL printer at a raw TCP port, connected anew for every label, so that others can print in between. */
export function tcpPrinter({ name, host, port, dpmm, status }: TcpPrinterPlace): Printer {
  return {
    format: 'zpl',
    dpmm,
    async print({ bytes }, signal) {
      try {
        const link = await open(host, port, signal);
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
