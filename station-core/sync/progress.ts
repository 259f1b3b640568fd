import type { Clock } from '../clock.ts';

const windowMs = 60_000;

/** How fast rows go, by those of the last minute; before there is a minute, by the time since the first. */
export class Progress {
  readonly #clock: Clock;
  #settled: { readonly at: number; readonly rows: number }[] = [];
  #began: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A drain begins: what was before says nothing of it. */
  begin(): void {
    this.#settled = [];
    this.#began = this.#clock.monotonic();
  }

  settled(rows: number): void {
    const at = this.#clock.monotonic();
    this.#settled.push({ at, rows });
    if ((this.#settled[0]?.at ?? at) < at - windowMs) {
      this.#settled = this.#settled.filter((one) => one.at >= at - windowMs);
    }
  }

  /** For a screen; nothing but what is left while too little is known. */
  view(left: number): { readonly left: number; readonly perMinute?: number; readonly secondsLeft?: number } {
    const now = this.#clock.monotonic();
    const span = Math.min(windowMs, now - (this.#began ?? now));
    const rows = this.#settled.reduce((sum, one) => sum + one.rows, 0);
    if (span < 1_000 || rows === 0) return { left };
    const perMinute = Math.max(1, Math.round((rows * windowMs) / span));
    return { left, perMinute, secondsLeft: Math.ceil((left * 60) / perMinute) };
  }
}
