/**
 * The deadlines of commands that follow each other: a TPM is asked a dozen things in a millisecond, and a timer and a controller
 * for each would take longer than the TPM does.
 */
export class Watch {
  #controller = new AbortController();
  #following: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #until = 0;
  #passed = false;

  /** Whether it was the time that ran out. */
  get passed(): boolean {
    return this.#passed;
  }

  /** A signal that aborts after `ms` milliseconds, or with the given one and its reason. It is good until `stop`. */
  start(ms: number, signal: AbortSignal): AbortSignal {
    if (this.#following !== signal || this.#controller.signal.aborted) this.#follow(signal);
    this.#until = performance.now() + ms;
    if (!this.#timer) this.#arm(ms);
    return this.#controller.signal;
  }

  stop(): void {
    this.#until = Number.POSITIVE_INFINITY;
  }

  /** Lets go of signal and timer. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#following?.removeEventListener('abort', this.#abort);
    this.#following = undefined;
  }

  #follow(signal: AbortSignal): void {
    this.close();
    this.#controller = new AbortController();
    this.#passed = false;
    this.#following = signal;
    if (signal.aborted) this.#abort();
    else signal.addEventListener('abort', this.#abort, { once: true });
  }

  readonly #abort = (): void => this.#controller.abort(this.#following?.reason);

  /** The timer is left running between commands; when it rings, it looks whether one waits that long. */
  #arm(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const left = this.#until - performance.now();
      if (left === Number.POSITIVE_INFINITY) return;
      if (left > 0) this.#arm(left);
      else {
        this.#passed = true;
        this.#controller.abort(new Error(`no answer in ${ms} ms`));
      }
    }, ms);
    this.#timer.unref();
  }
}
