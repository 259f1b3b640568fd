import { StationError } from '../../station-core/contract/errors.ts';
import type { Attached } from './pkcs11-calls.ts';
import { type Pkcs11Host, Unanswered } from './pkcs11-host.ts';
import { mayLogIn, type Trusted } from './pkcs11-pin.ts';

/** The PIN is erased and a person is needed. */
export class WaitsForPerson extends Error {
  override readonly name = 'WaitsForPerson';
  /** What the caller is told. */
  readonly error: StationError;

  constructor(reason: string, error: StationError) {
    super(reason);
    this.error = error;
  }
}

/**
 * The PIN: one Buffer, zeroed as soon as the token says anything about it, or when it may not be used again without a person
 * (docs/design.md, The PIN).
 */
export class Login {
  #pin: Buffer | undefined;
  #trusted: Trusted | undefined;

  constructor(pin: Buffer | undefined) {
    this.#pin = pin;
  }

  /** Takes a PIN that a person just gave, in the place of the one before. */
  take(pin: Buffer): void {
    this.erase();
    this.#trusted = undefined;
    this.#pin = pin;
  }

  erase(): void {
    this.#pin?.fill(0);
    this.#pin = undefined;
  }

  /** Logs in once, if the rules allow it. Throws WaitsForPerson with the PIN erased, or what the process answered. */
  async logIn(host: Pkcs11Host, seen: Attached, byPerson: boolean, deadlineMs: number): Promise<void> {
    const answer = mayLogIn({ seen, trusted: this.#trusted, hasPin: this.#pin !== undefined, byPerson });
    if (!answer.may) {
      const tried = this.#pin !== undefined && byPerson;
      const error = tried ? new StationError('hsm.pin', { reason: answer.wait }) : new StationError('hsm.locked');
      throw this.#waits(answer.wait, error);
    }
    try {
      await host.request('login', { pin: this.#pin ?? new Uint8Array() }, { deadlineMs });
    } catch (thrown) {
      // After a PIN that was never accepted, silence too is an answer about it: it may have been counted as wrong.
      const aboutPin = thrown instanceof Unanswered && (thrown.error.code === 'hsm.pin' || this.#trusted === undefined);
      throw aboutPin ? this.#waits(thrown.error.message, thrown.error) : thrown;
    }
    this.#trusted = { sha256: seen.module.sha256, label: seen.token.label, serial: seen.token.serial };
  }

  #waits(reason: string, error: StationError): WaitsForPerson {
    this.erase();
    return new WaitsForPerson(reason, error);
  }
}
