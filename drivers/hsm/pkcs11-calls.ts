import type { ErrorData } from '../../station-core/contract/errors.ts';
import type { KeyAttributes, KeyName, ListedKey, PublicKeyRef, SecretKeyRef, SigningAlgorithm } from './hsm.ts';

// What the station and the module's process say to each other: one declaration for both ends.

/** Which token to use: its label or its serial number. */
export type TokenName = { readonly tokenLabel?: string; readonly tokenSerial?: string };

export type TokenSeen = {
  readonly label: string;
  readonly serial: string;
  readonly model: string;
  readonly manufacturer: string;
  readonly firmware: string;
  /** CKF_ flags of CK_TOKEN_INFO. */
  readonly flags: number;
};

export type Attached = {
  readonly module: { readonly path: string; readonly sha256: string };
  readonly token: TokenSeen;
};

export type Calls = {
  /** Loads the module and finds the token. No PIN is involved. */
  attach: { in: { readonly module: string; readonly token: TokenName }; out: Attached };
  /** Logs in once. The PIN's bytes are zeroed on both sides of the pipe by whoever holds them. */
  login: { in: { readonly pin: Uint8Array }; out: undefined };
  /** The token as it is now. */
  look: { in: undefined; out: TokenSeen };
  /** Finalize and initialize in the same process; the login is gone then. Sent when nothing runs. */
  renew: { in: undefined; out: Attached };
  /** Keeps idle sessions alive, and finds out whether the token answers. */
  touch: { in: undefined; out: undefined };
  inspect: { in: { readonly key: KeyName }; out: KeyAttributes };
  list: { in: undefined; out: ListedKey[] };
  // The station chooses the ids of new keys, so that what a lost attempt left behind is known for ours and taken away.
  importGroupKey: { in: { readonly name: KeyName; readonly bytes: Uint8Array }; out: SecretKeyRef };
  generateSigningKey: {
    in: { readonly name: KeyName; readonly algorithm: SigningAlgorithm };
    out: SecretKeyRef | PublicKeyRef;
  };
  generateUnwrappingKey: { in: { readonly name: KeyName }; out: PublicKeyRef };
  unwrapGroupKey: {
    in: { readonly name: KeyName; readonly unwrappingKey: PublicKeyRef; readonly wrapped: Uint8Array };
    out: SecretKeyRef;
  };
  checkValue: { in: { readonly key: KeyName }; out: string };
  sign: { in: { readonly key: PublicKeyRef; readonly digest: Uint8Array }; out: Uint8Array };
  /** `madeHere`: only with a key that was generated in the token (sealing). */
  mac: {
    in: { readonly key: SecretKeyRef; readonly message: Uint8Array; readonly madeHere: boolean };
    out: Uint8Array;
  };
  random: { in: { readonly bytes: number }; out: Uint8Array };
  destroyKey: { in: { readonly key: KeyName }; out: undefined };
  readAnchor: { in: { readonly label: string }; out: Uint8Array | undefined };
  writeAnchor: { in: { readonly label: string; readonly bytes: Uint8Array }; out: undefined };
  /** Logs out, finalizes; the process ends after its answer. Sent when nothing runs any more. */
  close: { in: undefined; out: undefined };
};

export type CallName = keyof Calls;

export type Request = {
  [C in CallName]: {
    readonly id: number;
    readonly call: C;
    readonly input: Calls[C]['in'];
    /** The same request was sent before, and its answer was lost. */
    readonly again: boolean;
  };
}[CallName];

/**
 * `login`: the token forgot the login; the station decides whether its PIN may be used again. `device`: module or token is not
 * well. `process`: the process is gone.
 */
export type Lost = 'login' | 'device' | 'process';

export type Failure = {
  readonly error: ErrorData;
  readonly lost?: Lost;
  /** C_Sign was called and did not say no: a signature may exist that nobody got. */
  readonly doubt?: boolean;
};

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | ({ readonly id: number; readonly ok: false } & Failure);
