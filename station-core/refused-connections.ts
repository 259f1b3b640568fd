import { systemClock } from './clock.ts';
import type { Station } from './station.ts';

/** At most one entry in this time, however many knock. */
const quietMs = 60_000;

/** Connections that had no right to the station: the first is an entry at once, those of the next minute are one more. */
export class RefusedConnections {
  readonly #station: () => Station | undefined;
  #waiting = 0;
  #why = '';
  #silence: (() => void) | undefined;

  /** While there is no station yet, they are counted for the one that comes. */
  constructor(station: () => Station | undefined) {
    this.#station = station;
  }

  /** `why` says what was wrong with it: the newest of a minute stands for all of them. */
  note(why: string): void {
    this.#waiting++;
    this.#why = why;
    if (!this.#silence) this.#write();
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    this.#silence?.();
    await this.#append();
  }

  #write(): void {
    this.#append().catch((thrown: unknown) => this.#station()?.parts.log.incident(thrown));
    const { clock = systemClock } = this.#station()?.parts ?? {};
    this.#silence = clock.timer(quietMs, () => {
      this.#silence = undefined;
      if (this.#waiting > 0) this.#write();
    });
  }

  async #append(): Promise<void> {
    const station = this.#station();
    if (this.#waiting === 0 || !station) return;
    const { records, audit } = station;
    const details = { connections: this.#waiting, why: this.#why };
    this.#waiting = 0;
    await records.commits.commit(() => audit.append({ action: 'connection.refused', result: 'refused', details }));
  }
}
