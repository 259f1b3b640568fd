import type { ClosablePort, Desktop } from '../station-core/contract/desktop.ts';

declare global {
  interface Window {
    /** There in the desktop window alone. */
    readonly birthmark?: Desktop;
  }
}

/** A way to the station, which opens later, once, or closes. */
export type Connecting = ClosablePort & { onOpen(listener: () => void): void };

/** Whether this page is the desktop window's, which tries again when it is loaded anew; a browser's has an address. */
export const inWindow: boolean = 'birthmark' in globalThis;

/** Whether this page can reach a station: it is the desktop window's, or its address has the station's token. */
export const knowsStation = ({ birthmark, location }: Window): boolean =>
  birthmark !== undefined || location.hash.length > 1;

/** Connects to the station, through the desktop window where this is its page. */
export function connect({ birthmark, location }: Window): Connecting {
  return birthmark ? overDesktop(birthmark) : overSocket(openSocket(location));
}

/** Opens the station's socket. The token stands behind the # of the address that the station printed. */
function openSocket(location: Location): WebSocket {
  return new WebSocket(`ws://${location.host}/station`, ['birthmark', location.hash.slice(1)]);
}

function overSocket(socket: WebSocket): Connecting {
  return {
    onOpen: (listener) => socket.addEventListener('open', listener),
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.addEventListener('close', listener),
    close: () => socket.close(),
  };
}

/** The window's port takes messages at once, and keeps them until the station is there. */
const overDesktop = (desktop: Desktop): Connecting => ({
  ...desktop.connect(),
  onOpen: (listener) => queueMicrotask(listener),
});
