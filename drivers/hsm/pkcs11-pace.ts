/** A token that signs within this time, in ms, does so faster than a thread is woken for it and wakes us again. */
const soon = 0.3;
/** So many slow ones in a row are the token's pace and not a busy processor's. */
const enough = 3;
/** So many signatures later it is looked at again: the token may have been busy, or another key is faster. */
const later = 1_000;

/**
 * Whether a mechanism of this token is waited for where we are, or in a thread, where several run at a time. A network HSM
 * needs the latter; a token beside the processor signs twice as many with the former.
 */
export class Pace {
  #slow = 0;
  #inThread = 0;

  /** To be asked once before each signature. */
  get waits(): boolean {
    if (this.#slow < enough) return true;
    this.#inThread += 1;
    if (this.#inThread < later) return false;
    this.#inThread = 0;
    return true;
  }

  /** How long one took that was waited for, in ms. */
  took(ms: number): void {
    this.#slow = ms < soon ? 0 : this.#slow + 1;
  }
}
