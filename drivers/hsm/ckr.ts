import type { ErrorData } from '../../station-core/contract/errors.ts';

// The return values of PKCS#11 (v2.40 section 11.1 and pkcs11t.h, with those that v3.0 added) and what the station does after
// each: one table, and nothing about a return value is decided anywhere else.

/**
 * What follows a return value:
 * - `session`: session, login or handle was lost. Once more in a new session, with a login and the keys found again if need be;
 *   when that does not help either, it was the device.
 * - `passing`: said of one operation, perhaps not of the next. Once more in a new session; then it is a refusal.
 * - `device`: module or token is not well. Finalize and initialize, then another process; then the HSM is down.
 * - `pin`: about the PIN, which is erased and waits for a person. Never again by itself.
 * - `unsupported`, `refused`: the token's answer to this call. It is told as it is, and changes nothing else.
 */
export type Effect = 'session' | 'passing' | 'device' | 'pin' | 'unsupported' | 'refused';

/** Return values by number. CKR_OK is none of them: pkcs11js throws for all others. */
export const returnValues: Readonly<Record<number, readonly [name: string, effect: Effect]>> = {
  1: ['CKR_CANCEL', 'passing'],
  2: ['CKR_HOST_MEMORY', 'device'],
  3: ['CKR_SLOT_ID_INVALID', 'device'],
  5: ['CKR_GENERAL_ERROR', 'device'],
  6: ['CKR_FUNCTION_FAILED', 'passing'],
  7: ['CKR_ARGUMENTS_BAD', 'refused'],
  8: ['CKR_NO_EVENT', 'refused'],
  9: ['CKR_NEED_TO_CREATE_THREADS', 'device'],
  10: ['CKR_CANT_LOCK', 'device'],
  16: ['CKR_ATTRIBUTE_READ_ONLY', 'refused'],
  17: ['CKR_ATTRIBUTE_SENSITIVE', 'refused'],
  18: ['CKR_ATTRIBUTE_TYPE_INVALID', 'refused'],
  19: ['CKR_ATTRIBUTE_VALUE_INVALID', 'refused'],
  27: ['CKR_ACTION_PROHIBITED', 'refused'],
  32: ['CKR_DATA_INVALID', 'refused'],
  33: ['CKR_DATA_LEN_RANGE', 'refused'],
  48: ['CKR_DEVICE_ERROR', 'device'],
  49: ['CKR_DEVICE_MEMORY', 'device'],
  50: ['CKR_DEVICE_REMOVED', 'device'],
  64: ['CKR_ENCRYPTED_DATA_INVALID', 'refused'],
  65: ['CKR_ENCRYPTED_DATA_LEN_RANGE', 'refused'],
  80: ['CKR_FUNCTION_CANCELED', 'passing'],
  81: ['CKR_FUNCTION_NOT_PARALLEL', 'refused'],
  84: ['CKR_FUNCTION_NOT_SUPPORTED', 'unsupported'],
  96: ['CKR_KEY_HANDLE_INVALID', 'session'],
  98: ['CKR_KEY_SIZE_RANGE', 'refused'],
  99: ['CKR_KEY_TYPE_INCONSISTENT', 'refused'],
  100: ['CKR_KEY_NOT_NEEDED', 'refused'],
  101: ['CKR_KEY_CHANGED', 'session'],
  102: ['CKR_KEY_NEEDED', 'refused'],
  103: ['CKR_KEY_INDIGESTIBLE', 'refused'],
  104: ['CKR_KEY_FUNCTION_NOT_PERMITTED', 'refused'],
  105: ['CKR_KEY_NOT_WRAPPABLE', 'refused'],
  106: ['CKR_KEY_UNEXTRACTABLE', 'refused'],
  112: ['CKR_MECHANISM_INVALID', 'unsupported'],
  113: ['CKR_MECHANISM_PARAM_INVALID', 'unsupported'],
  130: ['CKR_OBJECT_HANDLE_INVALID', 'session'],
  144: ['CKR_OPERATION_ACTIVE', 'passing'],
  145: ['CKR_OPERATION_NOT_INITIALIZED', 'passing'],
  160: ['CKR_PIN_INCORRECT', 'pin'],
  161: ['CKR_PIN_INVALID', 'pin'],
  162: ['CKR_PIN_LEN_RANGE', 'pin'],
  163: ['CKR_PIN_EXPIRED', 'pin'],
  164: ['CKR_PIN_LOCKED', 'pin'],
  176: ['CKR_SESSION_CLOSED', 'session'],
  177: ['CKR_SESSION_COUNT', 'session'],
  179: ['CKR_SESSION_HANDLE_INVALID', 'session'],
  180: ['CKR_SESSION_PARALLEL_NOT_SUPPORTED', 'refused'],
  181: ['CKR_SESSION_READ_ONLY', 'session'],
  182: ['CKR_SESSION_EXISTS', 'session'],
  183: ['CKR_SESSION_READ_ONLY_EXISTS', 'session'],
  184: ['CKR_SESSION_READ_WRITE_SO_EXISTS', 'session'],
  192: ['CKR_SIGNATURE_INVALID', 'refused'],
  193: ['CKR_SIGNATURE_LEN_RANGE', 'refused'],
  208: ['CKR_TEMPLATE_INCOMPLETE', 'refused'],
  209: ['CKR_TEMPLATE_INCONSISTENT', 'refused'],
  224: ['CKR_TOKEN_NOT_PRESENT', 'device'],
  225: ['CKR_TOKEN_NOT_RECOGNIZED', 'device'],
  226: ['CKR_TOKEN_WRITE_PROTECTED', 'refused'],
  240: ['CKR_UNWRAPPING_KEY_HANDLE_INVALID', 'session'],
  241: ['CKR_UNWRAPPING_KEY_SIZE_RANGE', 'refused'],
  242: ['CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT', 'refused'],
  256: ['CKR_USER_ALREADY_LOGGED_IN', 'session'],
  257: ['CKR_USER_NOT_LOGGED_IN', 'session'],
  258: ['CKR_USER_PIN_NOT_INITIALIZED', 'pin'],
  259: ['CKR_USER_TYPE_INVALID', 'refused'],
  260: ['CKR_USER_ANOTHER_ALREADY_LOGGED_IN', 'device'],
  261: ['CKR_USER_TOO_MANY_TYPES', 'refused'],
  272: ['CKR_WRAPPED_KEY_INVALID', 'refused'],
  274: ['CKR_WRAPPED_KEY_LEN_RANGE', 'refused'],
  275: ['CKR_WRAPPING_KEY_HANDLE_INVALID', 'session'],
  276: ['CKR_WRAPPING_KEY_SIZE_RANGE', 'refused'],
  277: ['CKR_WRAPPING_KEY_TYPE_INCONSISTENT', 'refused'],
  288: ['CKR_RANDOM_SEED_NOT_SUPPORTED', 'refused'],
  289: ['CKR_RANDOM_NO_RNG', 'unsupported'],
  304: ['CKR_DOMAIN_PARAMS_INVALID', 'unsupported'],
  320: ['CKR_CURVE_NOT_SUPPORTED', 'unsupported'],
  336: ['CKR_BUFFER_TOO_SMALL', 'refused'],
  352: ['CKR_SAVED_STATE_INVALID', 'refused'],
  368: ['CKR_INFORMATION_SENSITIVE', 'refused'],
  384: ['CKR_STATE_UNSAVEABLE', 'refused'],
  400: ['CKR_CRYPTOKI_NOT_INITIALIZED', 'device'],
  401: ['CKR_CRYPTOKI_ALREADY_INITIALIZED', 'device'],
  416: ['CKR_MUTEX_BAD', 'device'],
  417: ['CKR_MUTEX_NOT_LOCKED', 'device'],
  432: ['CKR_NEW_PIN_MODE', 'pin'],
  433: ['CKR_NEXT_OTP', 'refused'],
  437: ['CKR_EXCEEDED_MAX_ITERATIONS', 'refused'],
  438: ['CKR_FIPS_SELF_TEST_FAILED', 'device'],
  439: ['CKR_LIBRARY_LOAD_FAILED', 'device'],
  440: ['CKR_PIN_TOO_WEAK', 'pin'],
  441: ['CKR_PUBLIC_KEY_INVALID', 'refused'],
  512: ['CKR_FUNCTION_REJECTED', 'refused'],
  514: ['CKR_OPERATION_CANCEL_FAILED', 'passing'],
  515: ['CKR_KEY_EXHAUSTED', 'refused'],
};

/**
 * A vendor's own code (CKR_VENDOR_DEFINED, section 11.1.2) says nothing that we can know. Network HSMs use them for lost
 * connections, which a new session mends; if it stays, it is told by number.
 */
const effectOfVendors: Effect = 'passing';

/** The name of a return value; a vendor's own is given in hex. */
export function ckrName(code: number): string {
  return returnValues[code]?.[0] ?? `CKR 0x${code.toString(16)}`;
}

/** What the station does after a return value. */
export function effectOf(code: number): Effect {
  return returnValues[code]?.[1] ?? effectOfVendors;
}

/** The return value in an error that pkcs11js threw, or none when the error is of another kind. */
export function ckrOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || thrown instanceof TypeError) return undefined;
  const { code } = thrown as { code?: unknown };
  if (typeof code === 'number' && code > 0) return code;
  // C_FindObjects and C_GetInfo throw the native error unwrapped: `CKR_NAME:code`, or `Unknown error:code`.
  const [, digits] = /:(\d+)(?:\s|$)/.exec(thrown.message) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** True when the same call may work in a new session, with a login and with handles found again. */
export function mayPass(code: number): boolean {
  const effect = effectOf(code);
  return effect === 'session' || effect === 'passing';
}

/** True when module or token is not well: the station climbs its ladder (README.md, The ladder). */
export function isDevice(code: number): boolean {
  // a session that is lost again right after a new one was made is a device that does not keep them
  return effectOf(code) === 'device' || effectOf(code) === 'session';
}

/** A return value as the error that the station shows. `what` is the verb, never its input. */
export function ckrError(code: number, what: string): ErrorData {
  return says[effectOf(code)](ckrName(code), what);
}

const down = (name: string): ErrorData => ({ code: 'hsm.down', details: { what: name } });
const refused = (name: string, what: string): ErrorData => ({ code: 'hsm.refused', details: { what, reason: name } });

const says: Readonly<Record<Effect, (name: string, what: string) => ErrorData>> = {
  session: down,
  device: down,
  pin: (name) => ({ code: 'hsm.pin', details: { reason: name } }),
  unsupported: (_, what) => ({ code: 'hsm.unsupported', details: { what } }),
  passing: refused,
  refused,
};
