// What the station asks of a unit's TPM, however it reaches it: by raw commands (`tpm.ts`, over a tunnel, TCP or a device
// node) or by the unit's own tools on a console. One contract suite for all (test/suites/unit-tpm.suite.ts).

/**
 * Endorsement keys by template (TCG EK Credential Profile, appendix B): low range L-1 and L-2, high range H-1 to H-3. DPS gets
 * `rsa2048` unless the recipe says otherwise (dps-reference 9.2).
 */
export const ekKinds = ['rsa2048', 'p256', 'high-rsa2048', 'high-p256', 'high-p384'] as const;
export type EkKind = (typeof ekKinds)[number];

/** What the TPM says of itself; it proves nothing. */
export type TpmDescription = {
  /** TPM_PT_MANUFACTURER: up to four characters, without padding, such as `INTC`, `IFX`, `IBM`. */
  readonly manufacturer: string;
  /** TPM_PT_VENDOR_STRING_1 to 4. */
  readonly vendor: string;
  /** TPM_PT_FIRMWARE_VERSION_1 and 2 as four numbers with dots. */
  readonly firmware: string;
  /** Whether owner, endorsement and lockout authorisation are set (F-96); `owned` is what people call ownership. */
  readonly ownerAuthSet: boolean;
  readonly endorsementAuthSet: boolean;
  readonly lockoutAuthSet: boolean;
  readonly inLockout: boolean;
};

export type EkWanted = {
  readonly kind: EkKind;
  /** Authorisation of the endorsement hierarchy; empty on most TPMs. The caller zeroes it. */
  readonly endorsementAuth?: Uint8Array;
};

/** The endorsement key as the unit presents it. Nothing of it is proven. */
export type Endorsement = {
  readonly kind: EkKind;
  /** TPM2B_PUBLIC with its size prefix: exactly DPS's form (dps-reference 9.1). */
  readonly public: Buffer;
  /** Found at a persistent handle, or made anew from the TPM's seed for the time of this conversation. */
  readonly origin: 'persistent' | 'created';
  /** The persistent handle. */
  readonly at?: number;
  /** Which template a created key was made by: the TCG's, or one that the TPM's own NV indices changed. */
  readonly template: 'standard' | 'nonce' | 'nv';
  /** The EK certificate as it lies in NV, wrapper and padding included, and at which index. */
  readonly certificate?: { readonly index: number; readonly bytes: Buffer };
  /** What lies in the chain's indices, in their order. */
  readonly chain: readonly Buffer[];
};

/** A key of the same TPM that the challenge is bound to (part 1, 24: ActivateCredential). */
export type ActivationKey = {
  /** TPM2B_PUBLIC with its size prefix. */
  readonly public: Buffer;
  /** The storage root key at 0x81000001, or a transient primary of the storage hierarchy. */
  readonly origin: 'storage-root' | 'transient';
  /** As the TPM says it; the station computes its own and compares. */
  readonly name: Buffer;
};

/** What MakeCredential gives: TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET, both with their size prefixes. */
export type Challenge = { readonly credential: Buffer; readonly secret: Buffer };

/**
 * A conversation with one TPM 2.0. Calls are made one after the other; every call ends, with an answer, a StationError or the
 * signal's reason. Throws `tpm.missing`, `tpm.version`, `tpm.failure-mode`, `tpm.lockout`, `tpm.auth`, `tpm.refused` (with the
 * TCG's name of the return code), `tpm.garbled`, and what the way to it throws.
 */
export interface UnitTpm {
  describe(signal: AbortSignal): Promise<TpmDescription>;
  /** Persistent key and certificate first; a key is created only where none of that kind is persistent. */
  endorsement(wanted: EkWanted, signal: AbortSignal): Promise<Endorsement>;
  /** The key that challenges are bound to. */
  activationKey(signal: AbortSignal): Promise<ActivationKey>;
  /**
   * TPM2_ActivateCredential with the keys that `endorsement` and `activationKey` gave: the secret inside, at most 32 bytes. The
   * caller zeroes it. Throws `tpm.not-activated` when the TPM says that the challenge is not for it (TPM_RC_INTEGRITY and its like).
   */
  activate(challenge: Challenge, signal: AbortSignal): Promise<Buffer>;
  /**
   * TPM2_HierarchyChangeAuth of the owner hierarchy, whose authorisation is empty until then, to 1 to 32 bytes. The caller zeroes
   * them. Throws `tpm.auth` for a TPM that is owned.
   */
  takeOwnership(ownerAuth: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Flushes what was loaded. Safe to call twice; never throws for a TPM that is gone. */
  close(): Promise<void>;
}
