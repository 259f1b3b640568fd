import type { ErrorData } from '../station-core/contract/errors.ts';
import type { StationState, Supervisor } from './supervisor.ts';

/** A page's end of a channel: what Electron's MessagePortMain has of use here. */
export interface PagePort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  start(): void;
  postMessage(message: unknown): void;
  close(): void;
}

/**
 * Carries messages between pages and the station process, without looking into them. A page that connects while the
 * station starts waits; one whose station has died is closed, so that it says so and connects again.
 */
export class Relay {
  readonly #station: Supervisor;
  /** Whether a port was given its station already; one that was not is still waiting for the first. */
  readonly #ports = new Map<number, { readonly port: PagePort; started: boolean }>();
  #last = 0;

  constructor(station: Supervisor) {
    this.#station = station;
    station.onState((state) => this.#stationIs(state));
    station.onMessage((channel, message) => this.#ports.get(channel)?.port.postMessage(message));
  }

  /** Takes a page's new port. A page that is loaded anew after the station could not start has it tried again. */
  connect(port: PagePort): void {
    if (this.#station.state.is === 'failed') this.#station.start();
    const channel = ++this.#last;
    this.#ports.set(channel, { port, started: false });
    port.on('message', ({ data }) => this.#fromPage(channel, port, data));
    port.once('close', () => {
      if (this.#ports.delete(channel)) this.#station.send({ channel, closed: true });
    });
    this.#stationIs(this.#station.state);
  }

  #stationIs({ is }: StationState): void {
    const answers = is === 'up' || is === 'failed';
    for (const [channel, one] of this.#ports) {
      if (answers && !one.started) {
        one.started = true;
        one.port.start();
      } else if (!answers && one.started) {
        this.#ports.delete(channel);
        one.port.close();
      }
    }
  }

  #fromPage(channel: number, port: PagePort, message: unknown): void {
    const { state } = this.#station;
    if (state.is === 'failed') port.postMessage(refusal(message, state.problem));
    else this.#station.send({ channel, message });
  }
}

/** Why the station cannot answer, in the form of its answer, so that the page shows the sentence. */
function refusal(message: unknown, error: ErrorData): { id: unknown; error: ErrorData } {
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : 0;
  return { id, error };
}
