import type { Station } from './station.ts';

/** At most one entry in this time, however many knock. */
const quietMs = 60_000;

/** Connections that had no right to the station: the first is an entry at once, those of the next minute are one more. */
export class RefusedConnections {
  readonly #station: Station;
  #waiting = 0;
  #why = '';
  #silence: (() => void) | undefined;

  constructor(station: Station) {
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
    const { clock, log } = this.#station.parts;
    this.#append().catch((thrown: unknown) => log.incident(thrown));
    this.#silence = clock.timer(quietMs, () => {
      this.#silence = undefined;
      if (this.#waiting > 0) this.#write();
    });
  }

  async #append(): Promise<void> {
    if (this.#waiting === 0) return;
    const { records, audit } = this.#station;
    const details = { connections: this.#waiting, why: this.#why };
    this.#waiting = 0;
    await records.commits.commit(() => audit.append({ action: 'connection.refused', result: 'refused', details }));
  }
}
