/** Passes a wait on, and knows of it while it lasts. */
type Queued = <T>(asked: Promise<T>) => Promise<T>;

/**
 * How long a run waited for others (the unit, the HSM), so that the station's own time can be told apart. Waits of one
 * run follow each other; where they overlap, the time counts once.
 */
export class Waits {
  #ms = 0;
  #open = 0;
  #since = 0;

  get ms(): number {
    return this.#ms;
  }

  async during<T>(wait: Promise<T>): Promise<T> {
    if (this.#open++ === 0) this.#since = performance.now();
    try {
      return await wait;
    } finally {
      if (--this.#open === 0) this.#ms += performance.now() - this.#since;
    }
  }

  /** The same object, with the time of its asynchronous methods counted as waiting; `queued` is told of each. */
  around<T extends object>(target: T, queued: Queued = (asked) => asked): T {
    const waits = this;
    return new Proxy(target, {
      get(object, name) {
        const member: unknown = Reflect.get(object, name, object);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(member, object, args);
          return result instanceof Promise ? waits.during(queued(result)) : result;
        };
      },
    });
  }
}
