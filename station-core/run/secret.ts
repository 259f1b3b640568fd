import { inspect } from 'node:util';
import { StationError } from '../contract/errors.ts';

/** A secret that cannot print itself and is overwritten when it is no longer needed. */
export class Secret {
  readonly #bytes: Buffer;
  #gone = false;

  /** Takes the buffer over; nobody else may keep it. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The bytes, for the one call that needs them. Throws once they were zeroed. */
  get bytes(): Buffer {
    if (this.#gone)
      throw new StationError('store.damaged', { what: 'a secret', reason: 'it was used after it was zeroed' });
    return this.#bytes;
  }

  zero(): void {
    this.#bytes.fill(0);
    this.#gone = true;
  }

  toString(): string {
    return '(secret)';
  }

  toJSON(): string {
    return '(secret)';
  }

  [inspect.custom](): string {
    return '(secret)';
  }
}
