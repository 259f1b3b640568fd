import { setTimeout as pause } from 'node:timers/promises';
import { asStationError, type StationError } from '../../station-core/contract/errors.ts';
import type { LightState } from '../../station-core/contract/lights.ts';
import { Deadline } from '../deadline.ts';
import type { Light } from './light.ts';

/** How often a light that cannot be reached is tried again. */
const retryMs = 2_000;
/** A station that stops does not wait longer for its lights to go off. */
const offMs = 2_000;

/**
 * A light that is kept at the state that it was last told, whatever happens to its cable: no queue of events, the last state wins. Nobody
 * waits for it, and nobody hears of a failure but `told`, once for each reason.
 */
export class KeptLight {
  readonly #light: Light;
  readonly #told: (error: StationError | undefined) => void;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #wanted: LightState | undefined;
  #shown: LightState | undefined;
  #wake = Promise.withResolvers<void>();
  #problem: string | undefined;

  constructor(light: Light, told: (error: StationError | undefined) => void) {
    this.#light = light;
    this.#told = told;
    light.onLost(() => {
      this.#shown = undefined;
      this.#wake.resolve();
    });
    this.#done = this.#keep();
  }

  /** From now on it shows this. Returns at once. */
  set(state: LightState): void {
    this.#wanted = state;
    this.#wake.resolve();
  }

  /** Off, if it can be reached, and let go of. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake.resolve();
    await this.#done;
    using deadline = new Deadline(offMs);
    // There is nobody left to tell.
    await this.#light.show('off', deadline.signal).catch(() => undefined);
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers<void>();
      const wanted = this.#wanted;
      const failed = wanted !== undefined && wanted !== this.#shown && !(await this.#show(wanted));
      if (failed) await this.#pause(retryMs);
      else if (this.#wanted === wanted && this.#shown === wanted) await this.#rest();
    }
  }

  /** Until something changes; or until it is told again what it shows already. */
  async #rest(): Promise<void> {
    const { againMs } = this.#light;
    if (againMs === undefined || this.#shown === undefined) return this.#wake.promise;
    await Promise.race([this.#wake.promise, this.#pause(againMs)]);
    this.#shown = undefined;
  }

  async #show(state: LightState): Promise<boolean> {
    try {
      await this.#light.show(state, this.#stop.signal);
      this.#shown = state;
      this.#tell(undefined);
      return true;
    } catch (thrown) {
      if (!this.#stop.signal.aborted) this.#tell(asStationError(thrown, () => 'light'));
      return false;
    }
  }

  #tell(error: StationError | undefined): void {
    if (error?.message === this.#problem) return;
    this.#problem = error?.message;
    this.#told(error);
  }

  async #pause(ms: number): Promise<void> {
    // Aborted, it rejects, and the loop ends.
    await pause(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
