/** Counts by name. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Every name and its count, the most frequent first; equal ones by name, so that a report is the same twice. */
  sorted(): readonly Counted[] {
    const all = [...this.#counts].map(([name, times]) => ({ name, times }));
    return all.sort((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1));
  }
}

export type Counted = { readonly name: string; readonly times: number };

/** Where in the log something stands. */
export type Place = { readonly seq: number; readonly at: string };

/** A value that was in force, from its first entry to its last. */
export type InForce = { readonly value: string; readonly first: Place; readonly last: Place };

/** Values that were in force one after the other or side by side, in the order of their first entry. */
export class Spans {
  readonly #spans = new Map<string, InForce>();

  see(value: string, at: Place): void {
    const first = this.#spans.get(value)?.first ?? at;
    this.#spans.set(value, { value, first, last: at });
  }

  all(): readonly InForce[] {
    return [...this.#spans.values()];
  }
}
