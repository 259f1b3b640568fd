import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { percentDecoded } from '../encoding.ts';

const PATH = '/$iothub/websocket';
const SUBPROTOCOL = 'mqtt';

/** A WebSocket message may hold many packets, or a piece of one; the packets have their own limit. */
const MOST_BYTES = 256 * 1024;

/** MQTT over WebSocket on the HTTPS port (DPS docs, MQTT support). */
export class MqttUpgrade {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });

  constructor() {
    this.#sockets.on('headers', (headers) => headers.push('x-birthmark-emulator: practice'));
  }

  /** The status that the request to upgrade is refused with, if it is. */
  refusal(request: IncomingMessage): string | undefined {
    const path = percentDecoded((request.url ?? '').split('?', 1)[0] ?? '');
    if (path?.toLowerCase() !== PATH) return '404 Not Found';
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    return offered.includes(SUBPROTOCOL) ? undefined : '400 Bad Request';
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, begin: (stream: Duplex) => void): void {
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => begin(createWebSocketStream(webSocket)));
  }
}
