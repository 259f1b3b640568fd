import type { Link } from '../link.ts';
import type { UnitTpm } from '../tpm/unit-tpm.ts';

/**
 * How the station talks to a unit, whatever the unit speaks. One file a protocol in this folder, one line in
 * registry.ts, one contract suite for all (test/suites/protocol.suite.ts).
 */
export interface UnitProtocol {
  readonly name: string;
  /**
   * Greets the unit and agrees on the version; a console is logged in to. Throws `unit.silent`, `unit.garbled`, `unit.version`,
   * `console.no-prompt`, `console.login-refused`, `link.lost`.
   */
  open(link: Link, signal: AbortSignal, access?: UnitAccess): Promise<UnitSession>;
}

/** What a recipe gives a protocol to reach its units by. */
export type UnitAccess = { readonly console?: ConsoleAccess; readonly modem?: ModemAccess };

/** Where a cellular module keeps its credential, and which of its numbers is its serial. */
export type ModemAccess = {
  readonly secTag: number;
  readonly serial: 'imei' | 'uuid';
  /** CA certificates that it knows its servers by, PEM; `provision` writes them. */
  readonly roots?: string;
};

/** How a Linux unit is reached on its serial console, and where on it things lie. */
export type ConsoleAccess = {
  readonly login: string;
  /** None for an account without one. Whoever opened it zeroes it, once the conversation has begun. */
  readonly password?: Uint8Array;
  /** Files of the unit that say who it is; their white space and zero bytes at the ends are cut off. */
  readonly serialFile: string;
  readonly macFile?: string;
  readonly modelFile?: string;
  /** Files that `provision` writes, each with its SHA-256 checked on the unit afterwards. */
  readonly files: readonly ConsoleFile[];
  /** Where a private key that the unit makes, and the certificate chain for it, belong; left out where it has none. */
  readonly certificate?: CertificatePlaces;
};

/** Whole paths on the unit. */
export type CertificatePlaces = { readonly key: string; readonly chain: string };

export type ConsoleFile = {
  readonly path: string;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  /** Provisioning information as JSON. */
  readonly content: 'provisioning';
};

/**
 * A conversation with one unit. Every call ends: with an answer, a StationError, or the signal's reason. A silent unit
 * on a live link is `unit.silent`, a lost link `link.lost`. Calls are made one after the other.
 */
export interface UnitSession {
  readonly hello: UnitHello;
  identity(signal: AbortSignal): Promise<UnitIdentity>;
  /** Writes what the unit needs to find DPS; doing it again with the same values changes nothing. */
  provision(info: ProvisioningInfo, signal: AbortSignal): Promise<void>;
  /** What the unit holds now. */
  status(signal: AbortSignal): Promise<CredentialStatus>;
  /**
   * Brings a credential into the unit's second slot: begin, chunks, SHA-256 of the whole. Not yet in force. The caller
   * zeroes `bytes`. Throws `unit.other-credential` when the unit is committed to another operation or other bytes.
   */
  stage(credential: CredentialObject, signal: AbortSignal): Promise<void>;
  /** Makes the staged credential the one in force, atomically; the same operation again answers the same. */
  commit(operation: Buffer, signal: AbortSignal): Promise<void>;
  /**
   * Asks for the proof of possession (docs/design.md, Unit protocol) over the message that `possessionMessage` builds from
   * both nonces: a HMAC with a symmetric key, a signature with a certificate's key. The caller checks it. A unit with
   * `proof-by-request` throws `unit.cannot`: its one proof is the request of the key that `status` names.
   */
  prove(operation: Buffer, registrationId: string, stationNonce: Buffer, signal: AbortSignal): Promise<Possession>;
  /**
   * Locks the unit's provisioning commands for good. Irreversible, so it names the operation that must be in force: a
   * unit that was swapped since refuses. The same operation again answers the same.
   */
  lock(operation: Buffer, signal: AbortSignal): Promise<void>;
  /**
   * The unit makes a key pair for this operation, keeps the private half, and answers its certificate request (PKCS#10,
   * DER), whose common name is the registration ID that the unit was provisioned with. Same operation and algorithm, same
   * key; the request may be signed anew. A unit with `operation-of-key` keeps no operation ids and makes another key each time: what it
   * holds is known by the operation that `status` answers, which follows from the key. Throws `unit.cannot`, `unit.refused`,
   * `unit.other-credential`.
   */
  makeKey(request: KeyRequest, signal: AbortSignal): Promise<Buffer>;
  /**
   * The chain that is staged or in force under this operation, as the unit holds it: PEM. Certificates are public.
   * Throws `unit.cannot`, `unit.refused` when there is none, `unit.other-credential`.
   */
  readChain(operation: Buffer, signal: AbortSignal): Promise<Buffer>;
  /**
   * The same as its SHA-256, of a unit with `read-back-digest`, which answers what it holds in no other way. Throws as `readChain`.
   */
  chainDigest?(operation: Buffer, signal: AbortSignal): Promise<Buffer>;
  /**
   * The certificate chain that the unit came with (F-68; PEM, leaf first), and the operation that it is known by, under
   * which it is in force and can be proven. Throws `unit.cannot` for a unit that came with none.
   */
  ownCertificate(signal: AbortSignal): Promise<OwnCertificate>;
  /**
   * The unit's TPM, for the time of this conversation; the caller closes it before the link. Throws `unit.cannot` for a unit
   * that has no way to it.
   */
  tpm(signal: AbortSignal): Promise<UnitTpm>;
  /**
   * Writes a file, so that at its path is always either what was there or all of the new one, with its mode; the unit then says
   * that it holds exactly these bytes. The same file again changes nothing. A file that holds a key is the delivery of that
   * credential, which `prove` proves from then on. The caller zeroes `bytes`. Throws `unit.cannot` for a unit that takes no files,
   * or none with a key.
   */
  writeFile(file: UnitFile, signal: AbortSignal): Promise<void>;
  /**
   * Leaves the unit as it was found, before the link is closed, where that needs more than closing it: a console is logged out
   * of. The session is over then. Never throws: whoever comes next finds out.
   */
  leave?(): Promise<void>;
}

export type UnitFile = {
  /** A whole path on the unit. */
  readonly path: string;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  readonly bytes: Buffer;
  /** The symmetric key that it holds, if it does. */
  readonly key?: KeyInFile;
};

/** Of which credential a key is, and where in its file: raw bytes, or base64. */
export type KeyInFile = {
  /** 16 bytes; belongs to the credential, not to the run. */
  readonly operation: Buffer;
  readonly offset: number;
  readonly length: number;
  readonly encoding: 'raw' | 'base64';
};

/** What the unit says of itself before anything is asked. */
export type UnitHello = {
  readonly version: number;
  /** Names of what it can do, as protocol v1's document lists them, and what at-modem.md says of modules beside. */
  readonly capabilities: readonly string[];
  /** Where it keeps its credential (F-30): the operator is warned of `file`. */
  readonly storage: 'secure-element' | 'tee' | 'file';
  /** A unit that says that it is simulated is refused in production mode. */
  readonly simulated: boolean;
};

export type UnitIdentity = {
  readonly serial: string;
  /** Six bytes in upper-case hex with colons, or none. */
  readonly mac?: string;
  readonly model: string;
  readonly firmware: string;
};

/** F-110, F-111: ID scope, device endpoint (host name), registration ID. */
export type ProvisioningInfo = { readonly idScope: string; readonly endpoint: string; readonly registrationId: string };

/**
 * A credential is a symmetric key, or a private key with its certificate chain: the key first, made by the unit
 * (`makeKey`) or sent to it, then the chain under the same operation.
 */
export type CredentialKind = 'symmetric-key' | 'private-key' | 'chain';

export type KeyAlgorithm = 'p256' | 'p384' | 'rsa2048' | 'rsa3072' | 'rsa4096';

export type CredentialObject = Delivered & {
  /** 16 bytes; belongs to the credential, not to the run. */
  readonly operation: Buffer;
  readonly kind: CredentialKind;
  /** A symmetric key as it is, a private key as PKCS#8 in DER, a chain as PEM: leaf, intermediates, root (F-61). */
  readonly bytes: Buffer;
  /** The committed operation that this one takes the place of; without it a committed unit refuses another credential. */
  readonly replaces?: Buffer;
};

/**
 * How its bytes travel. `clear`: as they are. `channel`: under a key that station and unit agree on for this attempt, which stops
 * passive listeners only. `sealed`: under a key that only the unit's TPM gives out; the unit's agent opens it itself and never
 * returns it. The registration ID is bound to what travels.
 */
export type Delivered =
  | { readonly delivery: 'clear' }
  | { readonly delivery: 'channel'; readonly registrationId: string }
  | { readonly delivery: 'sealed'; readonly registrationId: string; readonly sealTo: SealTo };

/** The keys of the unit's TPM that a sealed delivery is for, TPM2B_PUBLIC with size prefix; both were proven before. */
export type SealTo = { readonly endorsementKey: Buffer; readonly activationKey: Buffer };

export type KeyRequest = {
  /** 16 bytes; belongs to the credential, not to the run. */
  readonly operation: Buffer;
  readonly algorithm: KeyAlgorithm;
  /** As in `CredentialObject`. */
  readonly replaces?: Buffer;
};

export type OwnCertificate = { readonly operation: Buffer; readonly chain: Buffer };

export type CredentialStatus = {
  /** `staged`: a key, or a key and its chain, that is not in force. */
  readonly state: 'none' | 'staged' | 'committed';
  /** The operation of the committed credential, or of the staged one when none is committed. */
  readonly operation?: Buffer;
  readonly locked: boolean;
};

export type Possession = { readonly unitNonce: Buffer; readonly proof: Buffer };
