/**
 * What the station asks of an HSM, and nothing else (docs/design.md, HSM interface). Two implementations pass one contract
 * suite (test/suites/hsm.suite.ts): `pkcs11` for real tokens, in a process of its own, and `soft` for practice.
 *
 * Keys are named by reference, never by handle: a handle may name another key after a reconnect (docs/lessons.md 9), so each
 * implementation finds the object by label and id and proves that it is the pinned one before its first use.
 */
export interface Hsm {
  /** The state of module, token and login as it is known: asks the token nothing, and never throws. */
  status(): Promise<HsmStatus>;
  /** Tells each change of the state from now on. The answer ends that. */
  onState(listener: (state: HsmState) => void): () => void;
  /** All attributes of a key as the token reports them, for people and for the checks. Throws `hsm.key-missing`. */
  inspect(key: KeyName): Promise<KeyAttributes>;
  /**
   * Imports a group key that DPS knows (16 to 64 bytes, F-21) as a secret that can only make HMACs.
   * The caller zeroes `bytes`. Throws `hsm.key-exists`, `hsm.key-length`.
   */
  importGroupKey(label: string, bytes: Buffer): Promise<SecretKeyRef>;
  /**
   * HMAC-SHA256 over the registration ID's bytes (F-23): 32 bytes that the caller must zero. The case is not touched: it
   * was folded when the identity was made. Throws `identity.invalid` for what is no registration ID.
   */
  deriveDeviceKey(key: SecretKeyRef, registrationId: string): Promise<Buffer>;
  /** The first 8 bytes of HMAC-SHA256 over `birthmark/kcv` and a zero byte, as hex: 16 characters. */
  checkValue(key: KeyName): Promise<string>;
  /** Makes a key inside the HSM: local, always sensitive, never extractable, with signing as its only use. Throws `hsm.key-exists`. */
  generateSigningKey<A extends SigningAlgorithm>(
    label: string,
    algorithm: A,
  ): Promise<A extends 'hmac-sha256' ? SecretKeyRef : PublicKeyRef>;
  /**
   * Signs a digest (for Ed25519 the message). ECDSA answers raw r‖s, RSA PKCS#1 v1.5 over the DigestInfo made here from
   * the digest's length (32, 48 or 64 bytes: SHA-256, -384, -512), Ed25519 64 bytes. Throws `hsm.ambiguous` when the signature
   * may have been made and its answer was lost: count it as possibly issued.
   */
  sign(key: PublicKeyRef, digest: Buffer): Promise<Buffer>;
  /** HMAC-SHA256 over the message, 1 to 65,536 bytes: 32 bytes that the caller zeroes when they are a secret. */
  mac(key: SecretKeyRef, message: Buffer): Promise<Buffer>;
  /**
   * Seals a secret: AES-256-GCM under HMAC(key, label ‖ 0 ‖ salt), a fresh 32-byte salt each time, `associated` bound in.
   * The answer is version(1) ‖ salt(32) ‖ nonce(12) ‖ ciphertext ‖ tag(16). The caller zeroes `secret`.
   */
  seal(key: SecretKeyRef, label: string, secret: Buffer, associated: Buffer): Promise<Buffer>;
  /** Opens what `seal` made; the caller zeroes the answer. Throws `hsm.unsealable` without saying more. */
  unseal(key: SecretKeyRef, label: string, sealed: Buffer, associated: Buffer): Promise<Buffer>;
  /** Every secret and private key that the token shows, ours and foreign, each with the first rule that it breaks, if any. */
  list(): Promise<readonly ListedKey[]>;
  /**
   * Makes an RSA-3072 pair whose private half unwraps group keys and does nothing else. The owner of a group key wraps it with
   * the public key: RSAES-OAEP with SHA-256 or SHA-1 (README.md says which token takes which). Throws `hsm.key-exists`.
   */
  generateUnwrappingKey(label: string): Promise<PublicKeyRef>;
  /**
   * Unwraps a group key inside the HSM, as a secret that can only make HMACs: it never was in this station in the clear. Whose
   * key it is, its check value says. Throws `hsm.not-unwrapped`, `hsm.key-exists`, `hsm.key-length`.
   */
  unwrapGroupKey(label: string, unwrappingKey: PublicKeyRef, wrapped: Buffer): Promise<SecretKeyRef>;
  /** Random bytes of the HSM's generator, 1 to 1024. */
  random(bytes: number): Promise<Buffer>;
  /** Destroys the key, both halves of a pair. Throws `hsm.key-missing`. */
  destroyKey(key: KeyName): Promise<void>;
  /** The token's small data object of this label, or none. It holds public things only (the audit log's anchor). */
  readAnchor(label: string): Promise<Buffer | undefined>;
  /** Writes that object, replacing the old one. At most 1,024 bytes. */
  writeAnchor(label: string, bytes: Buffer): Promise<void>;
  /**
   * Logs in with a PIN that a person just gave, once. The Buffer belongs to the HSM from here on, which zeroes it when it is
   * refused, replaced or no longer needed. Throws `hsm.pin` when the token refuses it. A soft HSM has no PIN.
   */
  unlock(pin: Buffer): Promise<void>;
  /** Drains what runs, logs out and lets go of the token. Safe to call twice. */
  close(): Promise<void>;
}

export type PairAlgorithm = 'p256' | 'p384' | 'rsa2048' | 'rsa3072' | 'rsa4096' | 'ed25519';
export type SigningAlgorithm = 'hmac-sha256' | PairAlgorithm;

/** A key as a person names it; `id` is CKA_ID in hex. Enough to look at a key, not to use it. */
export type KeyName = { readonly label: string; readonly id: string };

/** A secret key with its pinned check value. */
export type SecretKeyRef = KeyName & { readonly checkValue: string };

/** A key pair with its pinned public key: base64 of the DER SubjectPublicKeyInfo. */
export type PublicKeyRef = KeyName & { readonly publicKey: string };

export type HsmState = {
  /** `locked`: no PIN yet, or the PIN was refused. `down`: the module or the token does not answer; it ends by itself. */
  readonly state: 'ready' | 'locked' | 'down';
  /** Why it is not ready, and what a person can do; empty when it is. */
  readonly reason: string;
};

export type HsmStatus = HsmState & {
  readonly kind: 'pkcs11' | 'soft';
  /** The module file and its SHA-256 in hex; for `soft` its own name and empty. */
  readonly module: { readonly path: string; readonly sha256: string };
  readonly token: {
    readonly label: string;
    readonly serial: string;
    readonly model: string;
    readonly firmware: string;
  };
  /** A software token (soft, SoftHSM): refused in production mode. */
  readonly simulated: boolean;
  /** Milliseconds that the last operations took: median and 99th percentile over the last 256. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
};

/** A key as `list` shows it. The id is empty when the token shows none. */
export type ListedKey = KeyAttributes & {
  /** Of the modulus, the curve or the secret; left out where the token does not say it. */
  readonly bits?: number;
  /** The first rule that it breaks (PKCS#11's name of the attribute): this station does not use it. */
  readonly refused?: { readonly attribute: string; readonly expected: boolean; readonly found: boolean };
};

export type KeyAttributes = {
  readonly label: string;
  readonly id: string;
  readonly class: 'secret' | 'private';
  readonly type: string;
  readonly sign: boolean;
  readonly signRecover: boolean;
  readonly verify: boolean;
  readonly encrypt: boolean;
  readonly decrypt: boolean;
  readonly wrap: boolean;
  readonly unwrap: boolean;
  readonly derive: boolean;
  readonly sensitive: boolean;
  readonly extractable: boolean;
  readonly alwaysSensitive: boolean;
  readonly neverExtractable: boolean;
  readonly local: boolean;
  readonly token: boolean;
  readonly private: boolean;
};
