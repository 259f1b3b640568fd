import type { ErrorData } from '../../station-core/contract/errors.ts';
import type { KeyAttributes, KeyName, PublicKeyRef, SecretKeyRef, SigningAlgorithm } from './hsm.ts';

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
  inspect: { in: { readonly key: KeyName }; out: KeyAttributes };
  importGroupKey: { in: { readonly label: string; readonly bytes: Uint8Array }; out: SecretKeyRef };
  generateSigningKey: {
    in: { readonly label: string; readonly algorithm: SigningAlgorithm };
    out: SecretKeyRef | PublicKeyRef;
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
  [C in CallName]: { readonly id: number; readonly call: C; readonly input: Calls[C]['in'] };
}[CallName];

/** `login`: the token forgot the login; the station decides whether its PIN may be used again. */
export type Failure = { readonly error: ErrorData } | { readonly login: true };

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | ({ readonly id: number; readonly ok: false } & Failure);
