import { reportFault } from './errors.ts';

/** What goes on beside the code that began it: exchanges, sessions, questions to webhooks. All of it ends with `end`. */
export class Background {
  readonly #ending = new AbortController();
  readonly #works = new Set<Promise<void>>();

  /** Aborts when the emulator closes; whatever waits for something waits with it. */
  get closing(): AbortSignal {
    return this.#ending.signal;
  }

  /** Begins a piece of work. Its failure is reported, unless the emulator is closing. */
  begin(act: () => Promise<void>): void {
    const work = act().catch((error: unknown) => {
      if (!this.closing.aborted) reportFault(error);
    });
    this.#works.add(work);
    void work.finally(() => this.#works.delete(work));
  }

  abort(): void {
    this.#ending.abort();
  }

  async settled(): Promise<void> {
    await Promise.all(this.#works);
  }
}
