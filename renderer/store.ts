const unseenMs = 250;

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

  /**
   * Told at most once a frame, before it is painted: for what draws. Sixteen lanes tell of more changes than a screen has frames.
   * A window that nobody sees has no frames, and is told four times a second.
   */
  readonly subscribeFrames = (listener: () => void): (() => void) => {
    let waits = false;
    const tell = () => {
      if (!waits) return;
      waits = false;
      listener();
    };
    return this.subscribe(() => {
      if (waits) return;
      waits = true;
      requestAnimationFrame(tell);
      if (document.hidden) setTimeout(tell, unseenMs);
    });
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
