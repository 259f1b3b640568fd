import type { Port } from '../station-core/contract/rpc.ts';

/** Opens the station's socket. The token stands behind the # of the address that the station printed. */
export function openSocket(location: Location): WebSocket {
  return new WebSocket(`ws://${location.host}/station`, ['birthmark', location.hash.slice(1)]);
}

/** A WebSocket as the contract's port. */
export function portOf(socket: WebSocket): Port {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.addEventListener('close', listener),
  };
}
