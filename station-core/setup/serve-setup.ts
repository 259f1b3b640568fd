import { asStationError } from '../contract/errors.ts';
import { type Port, serve } from '../contract/rpc.ts';
import { serveStation } from '../serve.ts';
import type { SetupHost } from './setup-host.ts';

/** Serves set-up to one client over a port, and the station that it made to the same client from then on. */
export function serveSetup(host: SetupHost, port: Port, incident: (thrown: unknown) => string): void {
  let listeners: ((message: unknown) => void)[] = [];
  const way: Port = {
    send: (message) => port.send(message),
    onMessage: (listener) => void listeners.push(listener),
    onClose: (listener) => port.onClose(listener),
  };
  serve(
    way,
    (request) => host.answer(request),
    (thrown) => asStationError(thrown, () => incident(thrown)),
  );
  let handedOver = false;
  port.onMessage((message) => {
    if (host.station && !handedOver) {
      handedOver = true;
      listeners = [];
      serveStation(host.station.station, way);
    }
    for (const listener of listeners) listener(message);
  });
}
