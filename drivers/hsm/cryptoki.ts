// The numbers of PKCS#11 v2.40 (pkcs11t.h) and v3.0 that this station uses, so that the parts which only decide need no
// native module.

export const CKO = { DATA: 0, PUBLIC_KEY: 2, PRIVATE_KEY: 3, SECRET_KEY: 4 } as const;

export const CKA = {
  CLASS: 0x000,
  TOKEN: 0x001,
  PRIVATE: 0x002,
  LABEL: 0x003,
  APPLICATION: 0x010,
  VALUE: 0x011,
  KEY_TYPE: 0x100,
  ID: 0x102,
  SENSITIVE: 0x103,
  ENCRYPT: 0x104,
  DECRYPT: 0x105,
  WRAP: 0x106,
  UNWRAP: 0x107,
  SIGN: 0x108,
  SIGN_RECOVER: 0x109,
  VERIFY: 0x10a,
  VERIFY_RECOVER: 0x10b,
  DERIVE: 0x10c,
  MODULUS: 0x120,
  MODULUS_BITS: 0x121,
  PUBLIC_EXPONENT: 0x122,
  VALUE_LEN: 0x161,
  EXTRACTABLE: 0x162,
  LOCAL: 0x163,
  NEVER_EXTRACTABLE: 0x164,
  ALWAYS_SENSITIVE: 0x165,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
} as const;

export const CKK = { RSA: 0x00, EC: 0x03, GENERIC_SECRET: 0x10, SHA256_HMAC: 0x2b, EC_EDWARDS: 0x40 } as const;

export const CKM = {
  RSA_PKCS_KEY_PAIR_GEN: 0x0000,
  RSA_PKCS: 0x0001,
  RSA_PKCS_OAEP: 0x0009,
  SHA_1: 0x0220,
  SHA256: 0x0250,
  SHA256_HMAC: 0x0251,
  GENERIC_SECRET_KEY_GEN: 0x0350,
  EC_KEY_PAIR_GEN: 0x1040,
  ECDSA: 0x1041,
  EC_EDWARDS_KEY_PAIR_GEN: 0x1055,
  EDDSA: 0x1057,
} as const;

/** The mask generation of OAEP, and CKZ_DATA_SPECIFIED: its label is given (here: empty). Section 2.1.7. */
export const CKG = { MGF1_SHA1: 1, MGF1_SHA256: 2 } as const;
export const CKZ_DATA_SPECIFIED = 1;

/** Flags: of C_Initialize, of a session, and of a token (section 3.2 and 3.3). */
export const CKF = {
  OS_LOCKING_OK: 0x2,
  RW_SESSION: 0x2,
  SERIAL_SESSION: 0x4,
  PROTECTED_AUTHENTICATION_PATH: 0x100,
  USER_PIN_INITIALIZED: 0x8,
  TOKEN_INITIALIZED: 0x400,
  USER_PIN_COUNT_LOW: 0x10000,
  USER_PIN_FINAL_TRY: 0x20000,
  USER_PIN_LOCKED: 0x40000,
} as const;

export const CKU_USER = 1;

/** CKS_RO_USER_FUNCTIONS and CKS_RW_USER_FUNCTIONS: the session states in which the user is logged in (section 5.6.5). */
export const isUserState = (state: number | undefined): boolean => state === 1 || state === 3;

export const CKR = {
  GENERAL_ERROR: 0x05,
  FUNCTION_FAILED: 0x06,
  ATTRIBUTE_SENSITIVE: 0x11,
  ATTRIBUTE_TYPE_INVALID: 0x12,
  KEY_SIZE_RANGE: 0x62,
  USER_ALREADY_LOGGED_IN: 0x100,
  USER_NOT_LOGGED_IN: 0x101,
  CRYPTOKI_NOT_INITIALIZED: 0x190,
} as const;

/** The type of a key as people read it. */
export function keyTypeName(type: number): string {
  const name = Object.entries(CKK).find(([, number]) => number === type)?.[0];
  return name === undefined ? `CKK 0x${type.toString(16)}` : `CKK_${name}`;
}
