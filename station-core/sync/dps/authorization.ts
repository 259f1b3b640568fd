import type { Clock } from '../../clock.ts';
import type { Connection } from './connection.ts';
import { serviceToken } from './sas.ts';

/** How the service is told who calls: a shared access signature, or a token of Microsoft Entra ID. */
export interface Authorization {
  /** Who calls, for people: the policy or the application. Not secret. */
  readonly who: Caller;
  /** The value of the Authorization header. Throws what asking for a token throws. */
  header(signal: AbortSignal): Promise<string>;
  /** The service refused this header's token. Answers whether another one may help: then it is made with the next call. */
  forget(header: string): boolean;
  /** Zeroes what was secret. */
  close(): void;
}

export type Caller =
  | { readonly kind: 'sas'; readonly policy: string }
  | { readonly kind: 'entra'; readonly application: string };

/** Tokens live an hour, as the SDKs' do; the clock's drift against the service must stay small (F-45). */
export const tokenSeconds = 3_600;

/**
 * Signs a token for each call: that takes some 40 µs, less than keeping one would be worth. So none is ever old, and one that
 * the service calls expired tells of a wrong clock.
 */
export class SasAuthorization implements Authorization {
  readonly who: Caller;
  readonly #connection: Connection;
  readonly #clock: Clock;

  constructor(connection: Connection, clock: Clock) {
    this.who = { kind: 'sas', policy: connection.policy };
    this.#connection = connection;
    this.#clock = clock;
  }

  async header(): Promise<string> {
    return serviceToken({ ...this.#connection, expiry: this.#clock.now() / 1_000 + tokenSeconds });
  }

  forget(): boolean {
    return false;
  }

  close(): void {
    this.#connection.key.fill(0);
  }
}
