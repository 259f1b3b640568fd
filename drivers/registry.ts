import type { Link } from './link.ts';
import { openSerial, type SerialPlace } from './serial.ts';
import { openSocket, type SocketPlace } from './socket.ts';

/** Every kind of link that a lane may have, with what it needs to be opened. */
export const links = {
  serial: (place: SerialPlace, signal: AbortSignal) => openSerial({ ...place, signal }),
  socket: (place: SocketPlace, signal: AbortSignal) => openSocket(place, signal),
} as const satisfies Record<string, (place: never, signal: AbortSignal) => Promise<Link>>;
export type LinkKind = keyof typeof links;
