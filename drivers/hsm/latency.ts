/** The durations of the last 256 operations, in milliseconds. */
export class Latency {
  readonly #ring: number[] = [];
  #next = 0;

  /** Runs an operation and remembers how long it took, whether it worked or not. */
  async measure<T>(operation: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await operation();
    } finally {
      this.#ring[this.#next] = performance.now() - began;
      this.#next = (this.#next + 1) % 256;
    }
  }

  /** Median and 99th percentile, zero while nothing was measured. */
  summary(): { p50: number; p99: number } {
    const sorted = this.#ring.toSorted((a, b) => a - b);
    return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
  }
}

/** Nearest rank: the smallest value that is not under the given part of all. */
function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
