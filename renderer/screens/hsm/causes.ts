import type { HsmView } from '../../../station-core/contract/record.ts';

/** What a person can do about an HSM that is not ready, as the messages name it, and the code that its maker knows. */
export type Cause = {
  readonly advice:
    | 'noPin'
    | 'trying'
    | 'pinRefused'
    | 'pinLocked'
    | 'pinFew'
    | 'atDevice'
    | 'changed'
    | 'removed'
    | 'otherToken'
    | 'device'
    | 'full'
    | 'memory'
    | 'selfTest'
    | 'hangs'
    | 'crashed'
    | 'closed'
    | 'other';
  /** CKR_ or CKF_, where the reason has one. */
  readonly code?: string;
};

/** How reasons begin (drivers/hsm), the first that fits. */
const advices: readonly (readonly [RegExp, Cause['advice']])[] = [
  [/^no PIN was given/, 'noPin'],
  [/^a PIN is being tried/, 'trying'],
  [/CK[RF]_(USER_)?PIN_LOCKED/, 'pinLocked'],
  [/CKF_USER_PIN_(FINAL_TRY|COUNT_LOW)/, 'pinFew'],
  [/CKR_(\w+_)?PIN_|the PIN was never accepted|^sign-in|login/, 'pinRefused'],
  [/^a person logs in at the device/, 'atDevice'],
  [/^the (module file|token) changed/, 'changed'],
  [/CKR_(DEVICE_REMOVED|TOKEN_NOT_PRESENT|SLOT_ID_INVALID)|^there is no token/, 'removed'],
  [/CKR_TOKEN_NOT_RECOGNIZED/, 'otherToken'],
  [/CKR_DEVICE_ERROR/, 'device'],
  [/CKR_(DEVICE_MEMORY|SESSION_COUNT)/, 'full'],
  [/CKR_HOST_MEMORY/, 'memory'],
  [/CKR_FIPS_SELF_TEST_FAILED/, 'selfTest'],
  [/^no answer to/, 'hangs'],
  [/^its process ended/, 'crashed'],
  [/^closed/, 'closed'],
];

/** Why the HSM is not ready, for people; nothing where it is. */
export function causeOf({ state, reason }: Pick<HsmView, 'state' | 'reason'>): Cause | undefined {
  if (state === 'ready') return undefined;
  const advice = advices.find(([begins]) => begins.test(reason))?.[1] ?? 'other';
  const code = /CK[RF]_[A-Z_]+/.exec(reason)?.[0];
  return { advice, ...(code === undefined ? {} : { code }) };
}
