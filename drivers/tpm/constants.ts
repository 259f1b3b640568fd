// Numbers of the TPM 2.0 Library Specification, part 2 (Structures), by their TCG names without the prefix. Only what is used.

/** TPM_ALG_ID (part 2, 6.3). */
export const algorithms = {
  rsa: 0x0001,
  hmac: 0x0005,
  aes: 0x0006,
  keyedHash: 0x0008,
  sha256: 0x000b,
  sha384: 0x000c,
  sha512: 0x000d,
  null: 0x0010,
  ecc: 0x0023,
  cfb: 0x0043,
} as const;

/** TPM_ECC_CURVE (part 2, 6.4). */
export const curves = { p256: 0x0003, p384: 0x0004, p521: 0x0005 } as const;

/** TPM_CC (part 2, 6.5.2). */
export const commands = {
  NV_Read: 0x014e,
  NV_ReadPublic: 0x0169,
  HierarchyChangeAuth: 0x0129,
  CreatePrimary: 0x0131,
  ActivateCredential: 0x0147,
  PolicySecret: 0x0151,
  PolicyOR: 0x0171,
  ReadPublic: 0x0173,
  FlushContext: 0x0165,
  StartAuthSession: 0x0176,
  GetCapability: 0x017a,
} as const;
export type CommandName = keyof typeof commands;

/** TPM_ST (part 2, 6.9). */
export const tags = { noSessions: 0x8001, sessions: 0x8002, rspCommand: 0x00c4 } as const;

/** TPM_RH and TPM_RS (part 2, 7.4). */
export const handles = {
  owner: 0x4000_0001,
  null: 0x4000_0007,
  password: 0x4000_0009,
  lockout: 0x4000_000a,
  endorsement: 0x4000_000b,
  platform: 0x4000_000c,
} as const;

/** First handle of each kind that the station looks for (part 2, 7.2: TPM_HT in the top byte). */
export const handleRanges = {
  nv: 0x0100_0000,
  loadedSession: 0x0200_0000,
  savedSession: 0x0300_0000,
  transient: 0x8000_0000,
  persistent: 0x8100_0000,
} as const;

/** TPMA_OBJECT (part 2, 8.3). */
export const attributes = {
  fixedTPM: 1 << 1,
  fixedParent: 1 << 4,
  sensitiveDataOrigin: 1 << 5,
  userWithAuth: 1 << 6,
  adminWithPolicy: 1 << 7,
  noDA: 1 << 10,
  restricted: 1 << 16,
  decrypt: 1 << 17,
  sign: 1 << 18,
} as const;

/** TPM_CAP (part 2, 6.12). */
export const capabilities = { handles: 1, tpmProperties: 6 } as const;

/** TPM_PT (part 2, 6.13). */
export const properties = {
  familyIndicator: 0x100,
  revision: 0x102,
  manufacturer: 0x105,
  vendorString1: 0x106,
  vendorString4: 0x109,
  firmwareVersion1: 0x10b,
  firmwareVersion2: 0x10c,
  nvBufferMax: 0x12c,
  permanent: 0x200,
} as const;

/** TPMA_PERMANENT (part 2, 8.6). */
export const permanent = {
  ownerAuthSet: 1,
  endorsementAuthSet: 1 << 1,
  lockoutAuthSet: 1 << 2,
  inLockout: 1 << 9,
} as const;

/** TPMA_NV (part 2, 13.4). */
export const nvAttributes = { authRead: 1 << 18, written: 1 << 29 } as const;

/** TPM_SE (part 2, 6.11). */
export const sessionTypes = { hmac: 0, policy: 1 } as const;

/** Where the keys that matter lie, by the TCG's conventions and the Azure SDKs' (dps-reference 9.2). */
export const persistentKeys = { endorsement: 0x8101_0001, storageRoot: 0x8100_0001 } as const;

/** NV indices of EK certificates, nonces and templates (TCG EK Credential Profile 2.2.1.4, 2.2.1.5; dps-reference 9.2). */
export const nvIndices = {
  rsaCertificate: 0x01c0_0002,
  rsaNonce: 0x01c0_0003,
  rsaTemplate: 0x01c0_0004,
  eccCertificate: 0x01c0_000a,
  eccNonce: 0x01c0_000b,
  eccTemplate: 0x01c0_000c,
  highRsa2048: 0x01c0_0012,
  highP256: 0x01c0_0014,
  highP384: 0x01c0_0016,
  /** EK certificate chain, 0x01C00100 to 0x01C001FF (TCG EK Credential Profile 2.2.1.5.2). */
  chainFrom: 0x01c0_0100,
  chainTo: 0x01c0_01ff,
} as const;
