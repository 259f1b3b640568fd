import { Linted } from './linted.ts';

/** Known to this file alone, as in linted.ts. */
const byBy = Symbol('Intended.by');

/** A linted TBS whose serial number and exact bytes are written down. The signer takes nothing else. */
export class Intended {
  /** The row of the certificate. */
  readonly id: number;
  readonly linted: Linted;
  readonly #written = true;

  private constructor(by: symbol, id: number, linted: Linted) {
    if (by !== byBy) throw new TypeError('only Intended.by makes one');
    this.id = id;
    this.linted = linted;
  }

  /**
   * Writes the intent; to be called inside a commit, which must be durable before anything is signed. `record` is the
   * store's, which refuses a serial number that was used before.
   */
  static by(linted: Linted, record: (linted: Linted) => number): Intended {
    if (!Linted.is(linted)) throw new TypeError('only a linted TBS is written down');
    return new Intended(byBy, record(linted), linted);
  }

  /** Whether this came out of `by`. */
  static is(value: unknown): value is Intended {
    return typeof value === 'object' && value !== null && #written in value && value.#written;
  }
}
