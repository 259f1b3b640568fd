import type { CredentialEnd } from './after.ts';
import type { ErrorData } from './errors.ts';
import type { Run } from './run.ts';

// One unit's whole life, out of all records. Secrets have no field here.

export type CredentialView = {
  /** What the unit knows it by, hex. */
  readonly operation: string;
  readonly kind: string;
  readonly source: string;
  /** SHA-256 of the secret, or of a certificate's public key, hex. */
  readonly fingerprint: string;
  readonly state: string;
  /** How it ended; null while it is open. */
  readonly ended: CredentialEnd | null;
  readonly madeAt: string;
};

export type UnitCertificate = {
  readonly issuer: string;
  /** Hex. */
  readonly serialNumber: string;
  readonly purpose: string;
  readonly state: string;
  /** SHA-256 of it, hex; none where it never came to be. */
  readonly sha256?: string;
  readonly notAfter: string;
  readonly revoked?: { readonly reason: string; readonly at: string };
};

export type CloudRow = {
  readonly row: number;
  readonly target: string;
  readonly action: string;
  readonly version: number;
  readonly state: string;
  readonly attempts: number;
  /** The word that the station noted for the target's answer. */
  readonly answer?: string;
  readonly reason?: ErrorData;
};

/** A unit of one order: the newest of everything first, fifty of each at most. */
export type UnitStory = {
  readonly serial: string;
  readonly order: string;
  readonly recipe: string;
  readonly state: 'waiting' | 'finished' | 'quarantined';
  readonly finishedAt?: string;
  readonly scrappedAt?: string;
  readonly shippedAt?: string;
  readonly registrationId?: string;
  readonly mac?: string;
  readonly runs: readonly Run[];
  readonly credentials: readonly CredentialView[];
  readonly certificates: readonly UnitCertificate[];
  readonly cloud: readonly CloudRow[];
  /** Numbers of the newest entries of the audit trail that name it. */
  readonly entries: readonly number[];
};
