/** One value that changes, and whoever wants to know; shaped for React's useSyncExternalStore. */
export class Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Replaces some members of the value; nobody is told when nothing changed. */
  change(part: Partial<T>): void {
    const next = { ...this.#value, ...part };
    const names = Object.keys(part) as (keyof T)[];
    if (names.every((name) => Object.is(next[name], this.#value[name]))) return;
    this.#value = next;
    for (const listener of this.#listeners) listener();
  }
}
