import { StationError } from '../../station-core/contract/errors.ts';
import type { KeyAttributes, ListedKey } from './hsm.ts';

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

/** The one use of a key. */
export type Use = 'sign' | 'unwrap';

const always: readonly Rule[] = [
  { flag: 'signRecover', expected: false },
  { flag: 'verify', expected: false },
  { flag: 'encrypt', expected: false },
  { flag: 'decrypt', expected: false },
  { flag: 'wrap', expected: false },
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

const only: Readonly<Record<Use, readonly Rule[]>> = {
  sign: [
    { flag: 'sign', expected: true },
    { flag: 'unwrap', expected: false },
  ],
  unwrap: [
    { flag: 'unwrap', expected: true },
    { flag: 'sign', expected: false },
  ],
};

/**
 * Throws `hsm.key-attribute`, naming the first attribute that breaks the rules. Pairs are only ever generated; a secret may
 * have been imported (a group key), and then says so by CKA_LOCAL; `madeHere` asks for a generated one.
 */
export function requireAttributes(found: KeyAttributes, madeHere: boolean, use: Use = 'sign'): void {
  const broken = brokenRule(found, madeHere, use);
  if (broken !== undefined) throw new StationError('hsm.key-attribute', { label: found.label, ...broken });
}

/** A key as `list` shows it: judged by the use that it has. One with both uses breaks the rules of either. */
export function judged(found: KeyAttributes, bits?: number): ListedKey {
  const use = found.unwrap && !found.sign ? 'unwrap' : 'sign';
  const refused = brokenRule(found, false, use);
  return { ...found, ...(bits === undefined ? {} : { bits }), ...(refused === undefined ? {} : { refused }) };
}

function brokenRule(found: KeyAttributes, madeHere: boolean, use: Use): ListedKey['refused'] {
  const pairOrMade = madeHere || found.local || found.class === 'private';
  const rules = [...only[use], ...always, ...(pairOrMade ? generated : [])];
  const broken = rules.find((rule) => found[rule.flag] !== rule.expected);
  if (broken === undefined) return undefined;
  return { attribute: ckaNames[broken.flag], expected: broken.expected, found: found[broken.flag] };
}

/** The attributes of a key that keeps all the rules: what is asked for at its making, and what the soft HSM reports. */
export function lawfulAttributes(
  key: Pick<KeyAttributes, 'label' | 'id' | 'class' | 'type' | 'local'>,
  use: Use = 'sign',
): KeyAttributes {
  return {
    ...key,
    sign: use === 'sign',
    signRecover: false,
    verify: false,
    encrypt: false,
    decrypt: false,
    wrap: false,
    unwrap: use === 'unwrap',
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
