import { CKF } from './cryptoki.ts';
import type { Attached } from './pkcs11-calls.ts';

// When a PIN may be used (docs/design.md, The PIN), decided purely. The one who acts on it is pkcs11.ts.

/** Module and token that accepted the PIN: only these may see it again. */
export type Trusted = { readonly sha256: string; readonly label: string; readonly serial: string };

export type LoginQuestion = {
  readonly seen: Attached;
  /** What accepted this very PIN before, in this process. */
  readonly trusted: Trusted | undefined;
  readonly hasPin: boolean;
  /** A person gave the PIN, or stands at the device, just now. */
  readonly byPerson: boolean;
};

/** `wait` is the reason why a person is needed. */
export type LoginAnswer = { readonly may: true } | { readonly may: false; readonly wait: string };

const may: LoginAnswer = { may: true };
const waits = (wait: string): LoginAnswer => ({ may: false, wait });

/** Whether the station may log in now. A PIN that was never accepted is only ever tried by the person who gave it. */
export function mayLogIn({ seen, trusted, hasPin, byPerson }: LoginQuestion): LoginAnswer {
  const up = (flag: number) => (seen.token.flags & flag) !== 0;
  if (up(CKF.USER_PIN_LOCKED)) return waits('CKF_USER_PIN_LOCKED');
  if (up(CKF.PROTECTED_AUTHENTICATION_PATH)) return byPerson ? may : waits('a person logs in at the device');
  if (!hasPin) return waits('no PIN was given');
  if (byPerson) return may;
  if (trusted === undefined) return waits('the PIN was never accepted');
  if (seen.module.sha256 !== trusted.sha256) return waits('the module file changed');
  if (seen.token.serial !== trusted.serial || seen.token.label !== trusted.label) return waits('the token changed');
  if (up(CKF.USER_PIN_FINAL_TRY)) return waits('CKF_USER_PIN_FINAL_TRY');
  if (up(CKF.USER_PIN_COUNT_LOW)) return waits('CKF_USER_PIN_COUNT_LOW');
  return may;
}
