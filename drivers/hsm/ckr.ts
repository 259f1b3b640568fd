import type { ErrorData } from '../../station-core/contract/errors.ts';

// The return values of PKCS#11, by name (v2.40 section 11.1 and pkcs11t.h, with those that v3.0 added), and what each means
// to the station. Decided here and nowhere else.

const names: Readonly<Record<number, string>> = {
  0: 'CKR_OK',
  1: 'CKR_CANCEL',
  2: 'CKR_HOST_MEMORY',
  3: 'CKR_SLOT_ID_INVALID',
  5: 'CKR_GENERAL_ERROR',
  6: 'CKR_FUNCTION_FAILED',
  7: 'CKR_ARGUMENTS_BAD',
  8: 'CKR_NO_EVENT',
  9: 'CKR_NEED_TO_CREATE_THREADS',
  10: 'CKR_CANT_LOCK',
  16: 'CKR_ATTRIBUTE_READ_ONLY',
  17: 'CKR_ATTRIBUTE_SENSITIVE',
  18: 'CKR_ATTRIBUTE_TYPE_INVALID',
  19: 'CKR_ATTRIBUTE_VALUE_INVALID',
  27: 'CKR_ACTION_PROHIBITED',
  32: 'CKR_DATA_INVALID',
  33: 'CKR_DATA_LEN_RANGE',
  48: 'CKR_DEVICE_ERROR',
  49: 'CKR_DEVICE_MEMORY',
  50: 'CKR_DEVICE_REMOVED',
  64: 'CKR_ENCRYPTED_DATA_INVALID',
  65: 'CKR_ENCRYPTED_DATA_LEN_RANGE',
  80: 'CKR_FUNCTION_CANCELED',
  81: 'CKR_FUNCTION_NOT_PARALLEL',
  84: 'CKR_FUNCTION_NOT_SUPPORTED',
  96: 'CKR_KEY_HANDLE_INVALID',
  98: 'CKR_KEY_SIZE_RANGE',
  99: 'CKR_KEY_TYPE_INCONSISTENT',
  100: 'CKR_KEY_NOT_NEEDED',
  101: 'CKR_KEY_CHANGED',
  102: 'CKR_KEY_NEEDED',
  103: 'CKR_KEY_INDIGESTIBLE',
  104: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
  105: 'CKR_KEY_NOT_WRAPPABLE',
  106: 'CKR_KEY_UNEXTRACTABLE',
  112: 'CKR_MECHANISM_INVALID',
  113: 'CKR_MECHANISM_PARAM_INVALID',
  130: 'CKR_OBJECT_HANDLE_INVALID',
  144: 'CKR_OPERATION_ACTIVE',
  145: 'CKR_OPERATION_NOT_INITIALIZED',
  160: 'CKR_PIN_INCORRECT',
  161: 'CKR_PIN_INVALID',
  162: 'CKR_PIN_LEN_RANGE',
  163: 'CKR_PIN_EXPIRED',
  164: 'CKR_PIN_LOCKED',
  176: 'CKR_SESSION_CLOSED',
  177: 'CKR_SESSION_COUNT',
  179: 'CKR_SESSION_HANDLE_INVALID',
  180: 'CKR_SESSION_PARALLEL_NOT_SUPPORTED',
  181: 'CKR_SESSION_READ_ONLY',
  182: 'CKR_SESSION_EXISTS',
  183: 'CKR_SESSION_READ_ONLY_EXISTS',
  184: 'CKR_SESSION_READ_WRITE_SO_EXISTS',
  192: 'CKR_SIGNATURE_INVALID',
  193: 'CKR_SIGNATURE_LEN_RANGE',
  208: 'CKR_TEMPLATE_INCOMPLETE',
  209: 'CKR_TEMPLATE_INCONSISTENT',
  224: 'CKR_TOKEN_NOT_PRESENT',
  225: 'CKR_TOKEN_NOT_RECOGNIZED',
  226: 'CKR_TOKEN_WRITE_PROTECTED',
  240: 'CKR_UNWRAPPING_KEY_HANDLE_INVALID',
  241: 'CKR_UNWRAPPING_KEY_SIZE_RANGE',
  242: 'CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT',
  256: 'CKR_USER_ALREADY_LOGGED_IN',
  257: 'CKR_USER_NOT_LOGGED_IN',
  258: 'CKR_USER_PIN_NOT_INITIALIZED',
  259: 'CKR_USER_TYPE_INVALID',
  260: 'CKR_USER_ANOTHER_ALREADY_LOGGED_IN',
  261: 'CKR_USER_TOO_MANY_TYPES',
  272: 'CKR_WRAPPED_KEY_INVALID',
  274: 'CKR_WRAPPED_KEY_LEN_RANGE',
  275: 'CKR_WRAPPING_KEY_HANDLE_INVALID',
  276: 'CKR_WRAPPING_KEY_SIZE_RANGE',
  277: 'CKR_WRAPPING_KEY_TYPE_INCONSISTENT',
  288: 'CKR_RANDOM_SEED_NOT_SUPPORTED',
  289: 'CKR_RANDOM_NO_RNG',
  304: 'CKR_DOMAIN_PARAMS_INVALID',
  320: 'CKR_CURVE_NOT_SUPPORTED',
  336: 'CKR_BUFFER_TOO_SMALL',
  352: 'CKR_SAVED_STATE_INVALID',
  368: 'CKR_INFORMATION_SENSITIVE',
  384: 'CKR_STATE_UNSAVEABLE',
  400: 'CKR_CRYPTOKI_NOT_INITIALIZED',
  401: 'CKR_CRYPTOKI_ALREADY_INITIALIZED',
  416: 'CKR_MUTEX_BAD',
  417: 'CKR_MUTEX_NOT_LOCKED',
  432: 'CKR_NEW_PIN_MODE',
  433: 'CKR_NEXT_OTP',
  437: 'CKR_EXCEEDED_MAX_ITERATIONS',
  438: 'CKR_FIPS_SELF_TEST_FAILED',
  439: 'CKR_LIBRARY_LOAD_FAILED',
  440: 'CKR_PIN_TOO_WEAK',
  441: 'CKR_PUBLIC_KEY_INVALID',
  512: 'CKR_FUNCTION_REJECTED',
  514: 'CKR_OPERATION_CANCEL_FAILED',
  515: 'CKR_KEY_EXHAUSTED',
};

/** The name of a return value; a vendor's own is given in hex. */
export function ckrName(code: number): string {
  return names[code] ?? `CKR 0x${code.toString(16)}`;
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

/** Session, login or handle was lost: a new session, a login and finding the key again may help, once. */
const stale: ReadonlySet<string> = new Set([
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_USER_NOT_LOGGED_IN',
]);

/** Module or token is not there any more: only a new start of the module's process may help. */
const down: ReadonlySet<string> = new Set([
  'CKR_HOST_MEMORY',
  'CKR_GENERAL_ERROR',
  'CKR_SLOT_ID_INVALID',
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_MEMORY',
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
  'CKR_LIBRARY_LOAD_FAILED',
  'CKR_FIPS_SELF_TEST_FAILED',
  // still so after the new session that a stale one was given
  ...stale,
]);

const unsupported: ReadonlySet<string> = new Set([
  'CKR_MECHANISM_INVALID',
  'CKR_MECHANISM_PARAM_INVALID',
  'CKR_FUNCTION_NOT_SUPPORTED',
  'CKR_CURVE_NOT_SUPPORTED',
  'CKR_DOMAIN_PARAMS_INVALID',
]);

/** True when a new session, a login and finding the key again may help. */
export function isStale(code: number): boolean {
  return stale.has(ckrName(code));
}

/** True for every answer about the PIN itself: it is erased and waits for a person (docs/design.md, The PIN). */
export function isAboutPin(code: number): boolean {
  return ckrName(code).startsWith('CKR_PIN_');
}

/** A return value as the error that the station shows. `what` is the verb, never its input. */
export function ckrError(code: number, what: string): ErrorData {
  const name = ckrName(code);
  if (isAboutPin(code)) return { code: 'hsm.pin', details: { reason: name } };
  if (down.has(name)) return { code: 'hsm.down', details: { what: name } };
  if (unsupported.has(name)) return { code: 'hsm.unsupported', details: { what } };
  return { code: 'hsm.refused', details: { what, reason: name } };
}
