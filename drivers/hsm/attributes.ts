import { StationError } from '../../station-core/contract/errors.ts';
import type { KeyAttributes } from './hsm.ts';

// Promise C: a key has exactly one use, and it is sensitive and never extractable. PKCS#11 v2.40 section 4.7 to 4.10.

type Flag = Exclude<keyof KeyAttributes, 'label' | 'id' | 'class' | 'type'>;
type Rule = { readonly flag: Flag; readonly expected: boolean };

/** The name of each flag in PKCS#11, for the error that names it. */
export const ckaNames: Readonly<Record<Flag, string>> = {
  sign: 'CKA_SIGN',
  signRecover: 'CKA_SIGN_RECOVER',
  verify: 'CKA_VERIFY',
  encrypt: 'CKA_ENCRYPT',
  decrypt: 'CKA_DECRYPT',
  wrap: 'CKA_WRAP',
  unwrap: 'CKA_UNWRAP',
  derive: 'CKA_DERIVE',
  sensitive: 'CKA_SENSITIVE',
  extractable: 'CKA_EXTRACTABLE',
  alwaysSensitive: 'CKA_ALWAYS_SENSITIVE',
  neverExtractable: 'CKA_NEVER_EXTRACTABLE',
  local: 'CKA_LOCAL',
  token: 'CKA_TOKEN',
  private: 'CKA_PRIVATE',
};

const always: readonly Rule[] = [
  { flag: 'sign', expected: true },
  { flag: 'signRecover', expected: false },
  { flag: 'verify', expected: false },
  { flag: 'encrypt', expected: false },
  { flag: 'decrypt', expected: false },
  { flag: 'wrap', expected: false },
  { flag: 'unwrap', expected: false },
  { flag: 'derive', expected: false },
  { flag: 'sensitive', expected: true },
  { flag: 'extractable', expected: false },
  { flag: 'token', expected: true },
  { flag: 'private', expected: true },
];

const generated: readonly Rule[] = [
  { flag: 'local', expected: true },
  { flag: 'alwaysSensitive', expected: true },
  { flag: 'neverExtractable', expected: true },
];

/**
 * Throws `hsm.key-attribute`, naming the first attribute that breaks the rules. Pairs are only ever generated; a secret may
 * have been imported (a group key), and then says so by CKA_LOCAL; `madeHere` asks for a generated one.
 */
export function requireAttributes(found: KeyAttributes, madeHere: boolean): void {
  const rules = madeHere || found.local || found.class === 'private' ? [...always, ...generated] : always;
  const broken = rules.find((rule) => found[rule.flag] !== rule.expected);
  if (broken === undefined) return;
  throw new StationError('hsm.key-attribute', {
    label: found.label,
    attribute: ckaNames[broken.flag],
    expected: broken.expected,
    found: found[broken.flag],
  });
}

/** The attributes of a key that keeps all the rules: what is asked for at its making, and what the soft HSM reports. */
export function lawfulAttributes(key: Pick<KeyAttributes, 'label' | 'id' | 'class' | 'type' | 'local'>): KeyAttributes {
  return {
    ...key,
    sign: true,
    signRecover: false,
    verify: false,
    encrypt: false,
    decrypt: false,
    wrap: false,
    unwrap: false,
    derive: false,
    sensitive: true,
    extractable: false,
    // An imported key was outside once (PKCS#11 v2.40 table 27: C_CreateObject sets both to false).
    alwaysSensitive: key.local,
    neverExtractable: key.local,
    token: true,
    private: true,
  };
}
