// TPM_RC (TPM 2.0 Library Specification, part 2, 6.6) by their TCG names.
import { StationError } from '../../station-core/contract/errors.ts';

/** TPM_RC_VER1 and warnings: the whole code names them. */
const plain: ReadonlyMap<number, string> = new Map([
  [0x01e, 'TPM_RC_BAD_TAG'],
  [0x100, 'TPM_RC_INITIALIZE'],
  [0x101, 'TPM_RC_FAILURE'],
  [0x103, 'TPM_RC_SEQUENCE'],
  [0x10b, 'TPM_RC_PRIVATE'],
  [0x119, 'TPM_RC_HMAC'],
  [0x120, 'TPM_RC_DISABLED'],
  [0x121, 'TPM_RC_EXCLUSIVE'],
  [0x124, 'TPM_RC_AUTH_TYPE'],
  [0x125, 'TPM_RC_AUTH_MISSING'],
  [0x126, 'TPM_RC_POLICY'],
  [0x127, 'TPM_RC_PCR'],
  [0x128, 'TPM_RC_PCR_CHANGED'],
  [0x12d, 'TPM_RC_UPGRADE'],
  [0x12e, 'TPM_RC_TOO_MANY_CONTEXTS'],
  [0x12f, 'TPM_RC_AUTH_UNAVAILABLE'],
  [0x130, 'TPM_RC_REBOOT'],
  [0x131, 'TPM_RC_UNBALANCED'],
  [0x142, 'TPM_RC_COMMAND_SIZE'],
  [0x143, 'TPM_RC_COMMAND_CODE'],
  [0x144, 'TPM_RC_AUTHSIZE'],
  [0x145, 'TPM_RC_AUTH_CONTEXT'],
  [0x146, 'TPM_RC_NV_RANGE'],
  [0x147, 'TPM_RC_NV_SIZE'],
  [0x148, 'TPM_RC_NV_LOCKED'],
  [0x149, 'TPM_RC_NV_AUTHORIZATION'],
  [0x14a, 'TPM_RC_NV_UNINITIALIZED'],
  [0x14b, 'TPM_RC_NV_SPACE'],
  [0x14c, 'TPM_RC_NV_DEFINED'],
  [0x150, 'TPM_RC_BAD_CONTEXT'],
  [0x151, 'TPM_RC_CPHASH'],
  [0x152, 'TPM_RC_PARENT'],
  [0x153, 'TPM_RC_NEEDS_TEST'],
  [0x154, 'TPM_RC_NO_RESULT'],
  [0x155, 'TPM_RC_SENSITIVE'],
  [0x901, 'TPM_RC_CONTEXT_GAP'],
  [0x902, 'TPM_RC_OBJECT_MEMORY'],
  [0x903, 'TPM_RC_SESSION_MEMORY'],
  [0x904, 'TPM_RC_MEMORY'],
  [0x905, 'TPM_RC_SESSION_HANDLES'],
  [0x906, 'TPM_RC_OBJECT_HANDLES'],
  [0x907, 'TPM_RC_LOCALITY'],
  [0x908, 'TPM_RC_YIELDED'],
  [0x909, 'TPM_RC_CANCELED'],
  [0x90a, 'TPM_RC_TESTING'],
  [0x910, 'TPM_RC_REFERENCE_H0'],
  [0x911, 'TPM_RC_REFERENCE_H1'],
  [0x918, 'TPM_RC_REFERENCE_S0'],
  [0x919, 'TPM_RC_REFERENCE_S1'],
  [0x920, 'TPM_RC_NV_RATE'],
  [0x921, 'TPM_RC_LOCKOUT'],
  [0x922, 'TPM_RC_RETRY'],
  [0x923, 'TPM_RC_NV_UNAVAILABLE'],
]);

/** TPM_RC_FMT1: the low six bits name the error, the others which parameter, handle or session it is about. */
const formatOne: ReadonlyMap<number, string> = new Map([
  [0x01, 'TPM_RC_ASYMMETRIC'],
  [0x02, 'TPM_RC_ATTRIBUTES'],
  [0x03, 'TPM_RC_HASH'],
  [0x04, 'TPM_RC_VALUE'],
  [0x05, 'TPM_RC_HIERARCHY'],
  [0x07, 'TPM_RC_KEY_SIZE'],
  [0x08, 'TPM_RC_MGF'],
  [0x09, 'TPM_RC_MODE'],
  [0x0a, 'TPM_RC_TYPE'],
  [0x0b, 'TPM_RC_HANDLE'],
  [0x0c, 'TPM_RC_KDF'],
  [0x0d, 'TPM_RC_RANGE'],
  [0x0e, 'TPM_RC_AUTH_FAIL'],
  [0x0f, 'TPM_RC_NONCE'],
  [0x10, 'TPM_RC_PP'],
  [0x12, 'TPM_RC_SCHEME'],
  [0x15, 'TPM_RC_SIZE'],
  [0x16, 'TPM_RC_SYMMETRIC'],
  [0x17, 'TPM_RC_TAG'],
  [0x18, 'TPM_RC_SELECTOR'],
  [0x1a, 'TPM_RC_INSUFFICIENT'],
  [0x1b, 'TPM_RC_SIGNATURE'],
  [0x1c, 'TPM_RC_KEY'],
  [0x1d, 'TPM_RC_POLICY_FAIL'],
  [0x1f, 'TPM_RC_INTEGRITY'],
  [0x20, 'TPM_RC_TICKET'],
  [0x21, 'TPM_RC_RESERVED_BITS'],
  [0x22, 'TPM_RC_BAD_AUTH'],
  [0x23, 'TPM_RC_EXPIRED'],
  [0x24, 'TPM_RC_POLICY_CC'],
  [0x25, 'TPM_RC_BINDING'],
  [0x26, 'TPM_RC_CURVE'],
  [0x27, 'TPM_RC_ECC_POINT'],
]);

const isFormatOne = (code: number): boolean => (code & 0x80) !== 0;

/** The TCG's name of a return code, with its parameter, session or handle where it says one (part 2, table 15). */
export function nameOfCode(code: number): string {
  const hex = `0x${code.toString(16).padStart(3, '0')}`;
  if (!isFormatOne(code)) return `${plain.get(code) ?? 'an unknown return code'} (${hex})`;
  const name = formatOne.get(code & 0x3f) ?? 'an unknown return code';
  const number = (code >> 8) & 0xf;
  if ((code & 0x40) !== 0) return `${name} of parameter ${number} (${hex})`;
  if (number === 0) return `${name} (${hex})`;
  return number >= 8 ? `${name} of session ${number - 8} (${hex})` : `${name} of handle ${number} (${hex})`;
}

/** Whether the code is this one, whatever parameter, handle or session it is about. */
const isError = (code: number, ...errors: readonly number[]): boolean =>
  isFormatOne(code) && errors.includes(code & 0x3f);

/** The TPM asks for the same command again (part 2, 6.6.4; part 1, 37): it was busy, was testing itself or spares its NV. */
export const asksAgain = (code: number): boolean => [0x908, 0x90a, 0x920, 0x922].includes(code);

/** All slots for objects or sessions are taken: something that nobody uses any more must be flushed. */
export const isFull = (code: number): boolean => [0x902, 0x903, 0x904, 0x905, 0x906].includes(code);

/** There is no such NV index or persistent key. */
export const isAbsent = (code: number): boolean => isError(code, 0x0b) || code === 0x14a;

/** What an ActivateCredential that is meant for another TPM or key ends with (part 3, 12.5). */
const notForThisTpm = [0x04, 0x12, 0x15, 0x1a, 0x1f, 0x27];

/** A return code as our error. `command` is the TCG's name of the command, such as `TPM2_ReadPublic`. */
export function tpmError(command: string, code: number): StationError {
  if (code === 0x101) return new StationError('tpm.failure-mode');
  if (code === 0x921) return new StationError('tpm.lockout');
  if (code === 0x01e) return new StationError('tpm.version', { found: '1.2' });
  if (isError(code, 0x0e, 0x22)) return new StationError('tpm.auth', { what: command });
  const ofParameter = (code & 0x40) !== 0;
  if (command === 'TPM2_ActivateCredential' && ofParameter && isError(code, ...notForThisTpm)) {
    return new StationError('tpm.not-activated', { code: nameOfCode(code) });
  }
  return new StationError('tpm.refused', { command, code: nameOfCode(code) });
}
