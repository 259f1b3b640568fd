import { type Clock, isoTime } from '../clock.ts';
import type { Progress } from '../contract/events.ts';

/** Tells people at once which step of a run began, and how far it is; nothing of it is kept. */
export class Telling {
  readonly #of: { readonly run: number; readonly lane: number };
  readonly #clock: Clock;
  readonly #tell: (progress: Progress) => void;
  #newest = { step: '', at: '' };

  constructor(of: { run: number; lane: number }, clock: Clock, tell: (progress: Progress) => void) {
    this.#of = of;
    this.#clock = clock;
    this.#tell = tell;
  }

  step(step: string): void {
    this.#newest = { step, at: isoTime(this.#clock) };
    this.#tell({ type: 'step', ...this.#of, ...this.#newest });
  }

  percent(percent: number): void {
    this.#tell({ type: 'percent', ...this.#of, ...this.#newest, percent });
  }
}
