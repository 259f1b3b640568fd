import type { Clock } from '../../station-core/clock.ts';

/** A clock that goes `factor` times as fast since `epoch` (Unix milliseconds), the same in every process that is told both. */
export class ScaledClock implements Clock {
  readonly #factor: number;
  readonly #epoch: number;

  constructor(factor: number, epoch = Date.now()) {
    this.#factor = factor;
    this.#epoch = epoch;
  }

  now(): number {
    return Math.floor(this.monotonic());
  }

  monotonic(): number {
    return this.#epoch + (performance.timeOrigin + performance.now() - this.#epoch) * this.#factor;
  }

  timer(ms: number, ring: () => void): () => void {
    const timer = setTimeout(ring, Math.min(ms / this.#factor, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  }
}
