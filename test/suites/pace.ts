/** A line that carries a byte in a given time. */
export class Pace {
  readonly #ms: number;
  readonly #out: (bytes: Buffer) => void;
  readonly #waiting: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #free = 0;

  constructor(ms: number, out: (bytes: Buffer) => void) {
    this.#ms = ms;
    this.#out = out;
  }

  push(bytes: Buffer): void {
    if (this.#ms === 0) {
      this.#out(bytes);
      return;
    }
    this.#waiting.push(Buffer.from(bytes));
    if (this.#timer === undefined) this.#free = performance.now();
    this.#next();
  }

  /** What the time since then had room for goes out; timers of less than a millisecond do not exist. */
  #next(): void {
    if (this.#timer !== undefined) return;
    const all = Buffer.concat(this.#waiting.splice(0));
    if (all.length === 0) return;
    const room = Math.max(0, Math.floor((performance.now() - this.#free) / this.#ms));
    const now = all.subarray(0, room);
    if (now.length > 0) this.#out(now);
    this.#free += now.length * this.#ms;
    if (now.length < all.length) this.#waiting.push(all.subarray(now.length));
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#next();
      },
      Math.max(1, this.#ms),
    );
  }
}
