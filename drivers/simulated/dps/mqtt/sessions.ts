import type { Duplex } from 'node:stream';
import { createServer, type Server } from 'node:tls';
import type { Instance } from '../instance.ts';
import { Handshakes, type Peer, type TlsIdentity, tlsOptions } from '../tls.ts';
import { Session } from './session.ts';

/** All MQTT connections of an instance, over whatever they came. */
export class Sessions {
  readonly #instance: Instance;
  readonly #open = new Set<Session>();
  readonly #byDevice = new Map<string, Session>();

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  begin(stream: Duplex, peer: Peer): void {
    let known: string | undefined;
    const session = new Session(this.#instance, stream, peer, (device) => {
      known = device;
      // Who connects again with the same client ID ends the connection before (MQTT 3.1.1, 3.1.4).
      this.#byDevice.get(device)?.close();
      this.#byDevice.set(device, session);
    });
    this.#open.add(session);
    stream.once('close', () => {
      this.#open.delete(session);
      if (known !== undefined && this.#byDevice.get(known) === session) this.#byDevice.delete(known);
    });
    this.#instance.background.begin(() => session.run());
  }

  close(): void {
    for (const session of this.#open) session.close();
  }
}

/** Serves MQTT over TLS. */
export function serveMqtt(tls: TlsIdentity, sessions: Sessions): Server {
  const server = createServer(tlsOptions(tls));
  const handshakes = new Handshakes();
  server.on('secureConnection', (socket) => sessions.begin(socket, handshakes.note(socket)));
  // What is no TLS is closed by the server itself; there is no protocol to tell it in.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}
