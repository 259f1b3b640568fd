import { connect, type Socket } from 'node:net';
import { StationError } from '../station-core/contract/errors.ts';
import { Deadline, unlessAborted } from './deadline.ts';
import { DuplexLink } from './duplex.ts';
import type { Link } from './link.ts';

/** Where the socket is: a Unix socket or Windows pipe by its path, or a TCP port of this machine. */
export type SocketPlace = ({ readonly path: string } | { readonly tcp: number }) & { readonly lane?: number };

const openLimit = 5_000;

/**
 * A link over a local socket, for simulated units. Throws `link.missing` when nobody listens there, `link.refused`, or
 * the signal's reason.
 */
export async function openSocket(place: SocketPlace, signal: AbortSignal): Promise<Link> {
  signal.throwIfAborted();
  const port = 'path' in place ? place.path : `127.0.0.1:${place.tcp}`;
  const socket = 'path' in place ? connect(place.path) : connect(place.tcp, '127.0.0.1');
  using deadline = new Deadline(openLimit, signal);
  try {
    await unlessAborted(connected(socket), deadline.signal);
  } catch (error) {
    // An error that comes after nobody waits must not end the process.
    socket.on('error', () => undefined).destroy();
    if (signal.aborted) throw signal.reason;
    throw notOpened(port, place.lane, error);
  }
  socket.setNoDelay(true);
  return new DuplexLink(port, socket, {
    isOpen: () => socket.writable,
    end: (ended) => {
      if (socket.closed) ended();
      else socket.once('close', () => ended()).destroy();
    },
  });
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
}

/** Why a port could not be opened, as the person at the line needs it. */
function notOpened(port: string, lane: number | undefined, cause: unknown): StationError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
  const missing = code === 'ENOENT' || code === 'ECONNREFUSED';
  if (missing) return new StationError('link.missing', { port, lane: lane ?? '?' }, { cause });
  return new StationError('link.refused', { port, reason: code }, { cause });
}
